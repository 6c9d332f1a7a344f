import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { rgbOf, SURFACE_COLOURS } from '../colours.ts';
import { discOutline, discRadiusMm } from '../ostium.ts';
import type { ViewerScene } from '../types.ts';
import type { ThreeScene } from './threeScene.ts';
import { closedTube } from './tube.ts';
import type { SurfaceLook } from './vtkSurface.ts';

const RIM_RADIUS_MM = 0.45;

const outlineToMesh = (points: readonly Vec3[]): TriangleMesh => ({
  positionsLpsMm: Float32Array.from(points.flat()),
  triangles: Uint32Array.from(
    Array.from({ length: points.length - 2 }, (_, index) => [0, index + 1, index + 2]).flat(),
  ),
});

/** Brings the surfaces of a scene to the GPU; what did not change since `before` is left alone. */
export function showSurfaces(three: ThreeScene, scene: ViewerScene, before: ViewerScene | null): void {
  const look = (rgb: SurfaceLook['rgb'], opacity: number, flat = false): SurfaceLook => ({
    rgb,
    opacity,
    flat,
  });
  const { mesh, reference, ostium } = scene;
  three.setSurface(
    'mesh',
    mesh?.closed ?? null,
    look(SURFACE_COLOURS.mesh, mesh?.visible ? mesh.opacity : 0),
    mesh?.difference ?? null,
  );
  three.setSurface('reference', reference, look(SURFACE_COLOURS.reference, 0.3));
  three.setSurface('unfilled', scene.unfilled, look(SURFACE_COLOURS.unfilled, scene.mesh?.opacity ?? 1));
  const coloured = (surfaces: ViewerScene['beside'], opacity: number) =>
    surfaces.map(({ mesh: other, colour, place = 'over' }) => ({
      mesh: other,
      look: look(rgbOf(colour), { over: opacity, right: 1, none: 0 }[place]),
      isRight: place === 'right',
    }));
  three.setBeside([...coloured(scene.doubt, mesh?.opacity ?? 1), ...coloured(scene.beside, 0.45)]);
  three.setSurface('device', scene.device?.mesh ?? null, look(SURFACE_COLOURS.device, 0.75));
  if (before && before.ostium === ostium) return;
  const rimLpsMm = ostium?.rimLpsMm;
  const rim =
    ostium && rimLpsMm && rimLpsMm.length >= 9
      ? closedTube(rimLpsMm, ostium.plane.normal, RIM_RADIUS_MM)
      : null;
  three.setSurface('rim', rim, look(SURFACE_COLOURS.rim, 1, true));
  const disc = ostium
    ? outlineToMesh(discOutline(ostium.plane, discRadiusMm(ostium.plane, ostium.rimLpsMm)))
    : null;
  three.setSurface('ostium', disc, look(SURFACE_COLOURS.ostium, 0.3, true));
}
