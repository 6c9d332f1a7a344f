import { gridCentreLps } from '#shared/geometry/gridLps.ts';
import { distance, lerp, type Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { ViewerScene } from '../types.ts';
import type { Ball } from './sideBySide.ts';

/** Edge of what volume rendering shows around the appendage: the heart, and little of the ribs in front of it. */
export const RENDERED_EDGE_MM = 130;

/** Where the heart is, once it is known: the fixed region's or the mesh's middle; null shows the whole scan. */
export function renderedFocus({ region, mesh }: ViewerScene): Vec3 | null {
  if (region?.editable) return null;
  if (region) return region.box.centreLpsMm;
  if (!mesh || mesh.closed.positionsLpsMm.length === 0) return null;
  const { low, high } = boundingBoxLpsMm(mesh.closed);
  return lerp(low, high, 0.5);
}

/** What the camera looks at. */
export interface Subject extends Ball {
  /** Another surface that stands to its right. */
  readonly right?: Ball & { readonly mesh: TriangleMesh };
}

/** The middle and radius of what the camera looks at: a region being set, the mesh, a fixed region, the scan. */
export function subject(scene: ViewerScene): Subject {
  const { region, volume } = scene;
  const surface = scene.mesh?.closed ?? scene.reference;
  if (region?.editable) return { centreLpsMm: region.box.centreLpsMm, radiusMm: 0.85 * region.box.edgeMm };
  if (surface && surface.positionsLpsMm.length > 0 && !scene.volumeRendering) {
    const other = surfaceToTheRight(scene);
    return { ...ballOf(surface), ...(other ? { right: { ...ballOf(other), mesh: other } } : {}) };
  }
  if (region && !scene.volumeRendering)
    return { centreLpsMm: region.box.centreLpsMm, radiusMm: 0.75 * region.box.edgeMm };
  const focus = renderedFocus(scene);
  if (focus) return { centreLpsMm: focus, radiusMm: 0.625 * RENDERED_EDGE_MM };
  if (!volume) return { centreLpsMm: [0, 0, 0], radiusMm: 100 };
  const sides = volume.grid.sizeIjk.map((size, axis) => size * volume.grid.spacingMm[axis]!);
  return { centreLpsMm: gridCentreLps(volume.grid), radiusMm: 0.4 * Math.hypot(...sides) };
}

/** The surface that stands beside the mesh; null where none does. */
export const surfaceToTheRight = ({ beside }: Pick<ViewerScene, 'beside'>): TriangleMesh | null =>
  beside.find(({ place, mesh }) => place === 'right' && mesh.positionsLpsMm.length > 0)?.mesh ?? null;

function ballOf(mesh: TriangleMesh): Ball {
  const { low, high } = boundingBoxLpsMm(mesh);
  const centreLpsMm = lerp(low, high, 0.5);
  return { centreLpsMm, radiusMm: distance(centreLpsMm, high) };
}
