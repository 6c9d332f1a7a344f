import { gridCentreLps } from '#shared/geometry/gridLps.ts';
import { distance, lerp, type Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { SURFACE_COLOURS } from '../colours.ts';
import { discOutline, discRadiusMm } from '../ostium.ts';
import type { ViewedVolume, ViewerScene } from '../types.ts';
import { beginRenderingCopy, partAround } from './renderingCopy.ts';
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

/** Edge of what volume rendering shows round the appendage: the heart, and little of the ribs before it. */
export const RENDERED_EDGE_MM = 130;
/** Moves of the focus within such steps, mm, do not make a new copy. */
const FOCUS_STEP_MM = 10;

/** Where the heart is, once it is known: the fixed region's or the mesh's middle; null shows the whole scan. */
export function renderedFocus({ region, mesh }: ViewerScene): Vec3 | null {
  if (region?.editable) return null;
  if (region) return region.box.centreLpsMm;
  if (!mesh || mesh.closed.positionsLpsMm.length === 0) return null;
  const { low, high } = boundingBoxLpsMm(mesh.closed);
  return lerp(low, high, 0.5);
}

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
  const focus = renderedFocus(scene);
  if (focus) return { centreLpsMm: focus, radiusMm: 0.625 * RENDERED_EDGE_MM };
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
  /** Shows a volume, only the surroundings of `focusLpsMm` where that is given. */
  show(volume: ViewedVolume | null, focusLpsMm: Vec3 | null): void;
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
  let focus: Vec3 | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isShown = false;

  function stop(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  function prepare(volume: ViewedVolume): void {
    stop();
    const part = focus
      ? partAround(volume.grid, focus, RENDERED_EDGE_MM / 2)
      : { grid: volume.grid, firstIjk: [0, 0, 0] as const };
    const { copy, step } = beginRenderingCopy(volume, part, largestSide);
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
    show(volume, focusLpsMm) {
      const isNear = focus && focusLpsMm ? distance(focus, focusLpsMm) < FOCUS_STEP_MM : focus === focusLpsMm;
      if (volume === wanted && (isNear || !volume)) return;
      wanted = volume;
      focus = focusLpsMm;
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
