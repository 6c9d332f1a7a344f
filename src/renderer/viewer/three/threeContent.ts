import { gridCentreLps } from '#shared/geometry/gridLps.ts';
import { distance, lerp, type Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { SURFACE_COLOURS } from '../colours.ts';
import { discOutline, discRadiusMm } from '../ostium.ts';
import type { ViewedVolume, ViewerScene } from '../types.ts';
import { beginRenderingCopy } from './renderingCopy.ts';
import type { SurfaceLook, ThreeScene } from './threeScene.ts';
import { closedTube } from './tube.ts';

const SLICE_BUDGET_MS = 12;
const RIM_RADIUS_MM = 0.45;

const outlineToMesh = (points: readonly Vec3[]): TriangleMesh => ({
  positionsLpsMm: Float32Array.from(points.flat()),
  triangles: Uint32Array.from(
    Array.from({ length: points.length - 2 }, (_, index) => [0, index + 1, index + 2]).flat(),
  ),
});

/** The middle and radius of what is worth looking at: a region being set, the mesh, a fixed region, the scan. */
export function subject(scene: ViewerScene): { readonly centreLpsMm: Vec3; readonly radiusMm: number } {
  const { region, volume } = scene;
  const surface = scene.mesh?.closed ?? scene.reference;
  if (region?.editable) return { centreLpsMm: region.box.centreLpsMm, radiusMm: 0.85 * region.box.edgeMm };
  if (surface && surface.positionsLpsMm.length > 0 && !scene.volumeRendering) {
    const { low, high } = boundingBoxLpsMm(surface);
    const middle = lerp(low, high, 0.5);
    return { centreLpsMm: middle, radiusMm: distance(middle, high) };
  }
  if (region && !scene.volumeRendering)
    return { centreLpsMm: region.box.centreLpsMm, radiusMm: 0.75 * region.box.edgeMm };
  if (!volume) return { centreLpsMm: [0, 0, 0], radiusMm: 100 };
  const sides = volume.grid.sizeIjk.map((size, axis) => size * volume.grid.spacingMm[axis]!);
  return { centreLpsMm: gridCentreLps(volume.grid), radiusMm: 0.4 * Math.hypot(...sides) };
}

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
  );
  three.setSurface('reference', reference, look(SURFACE_COLOURS.reference, 0.3));
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

/** The volume rendered; its thinned copy is made a little at a time, so that the planes stay responsive meanwhile. */
export interface RenderedVolume {
  show(volume: ViewedVolume | null): void;
  /** The voxels changed in place. */
  touch(): void;
  isShown(): boolean;
  isPreparing(): boolean;
  dispose(): void;
}

export function createRenderedVolume(
  three: ThreeScene,
  largestSide: number,
  onReady: () => void,
): RenderedVolume {
  let wanted: ViewedVolume | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isShown = false;

  function stop(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  function prepare(volume: ViewedVolume): void {
    stop();
    const { copy, step } = beginRenderingCopy(volume, largestSide);
    const work = (): void => {
      const until = performance.now() + SLICE_BUDGET_MS;
      let goesOn = true;
      while (goesOn && performance.now() < until) goesOn = step();
      if (goesOn) {
        timer = setTimeout(work);
        return;
      }
      timer = null;
      isShown = true;
      three.setVolume(copy);
      onReady();
    };
    timer = setTimeout(work);
  }

  return {
    show(volume) {
      if (volume === wanted) return;
      wanted = volume;
      if (volume) {
        prepare(volume);
        return;
      }
      stop();
      isShown = false;
      three.setVolume(null);
    },
    touch() {
      if (wanted) prepare(wanted);
    },
    isShown: () => isShown,
    isPreparing: () => timer !== null,
    dispose: stop,
  };
}
