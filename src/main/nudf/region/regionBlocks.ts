import { type GridLps, ijkToLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';

/** An axis-aligned box in LPS mm. */
export interface BoxLps {
  readonly minLpsMm: Vec3;
  readonly maxLpsMm: Vec3;
}

/** The LPS bounding box of the space that a grid's voxels fill (voxel edges, not centres). */
export function boundingBoxLps(grid: GridLps): BoxLps {
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const i of [-0.5, grid.sizeIjk[0] - 0.5]) {
    for (const j of [-0.5, grid.sizeIjk[1] - 0.5]) {
      for (const k of [-0.5, grid.sizeIjk[2] - 0.5]) {
        const cornerLps = ijkToLps(grid, [i, j, k]);
        for (let axis = 0; axis < 3; axis++) {
          min[axis] = Math.min(min[axis]!, cornerLps[axis]!);
          max[axis] = Math.max(max[axis]!, cornerLps[axis]!);
        }
      }
    }
  }
  return { minLpsMm: min, maxLpsMm: max };
}

/** The grid of resolution³ voxels, axes along L, P, S, that fills a box; anisotropic where the box is. */
export function boxGridLps(box: BoxLps, resolution: number): GridLps {
  const spacing = [0, 1, 2].map((axis) => (box.maxLpsMm[axis]! - box.minLpsMm[axis]!) / resolution);
  const [sX, sY, sZ] = spacing as [number, number, number];
  return {
    sizeIjk: [resolution, resolution, resolution],
    originLpsMm: [box.minLpsMm[0] + sX / 2, box.minLpsMm[1] + sY / 2, box.minLpsMm[2] + sZ / 2],
    spacingMm: [sX, sY, sZ],
    directions: LPS_AXES,
  };
}

/** The cube of that centre and edge, along the LPS axes. */
export const cubeBox = (centreLpsMm: Vec3, edgeMm: number): BoxLps => ({
  minLpsMm: [centreLpsMm[0] - edgeMm / 2, centreLpsMm[1] - edgeMm / 2, centreLpsMm[2] - edgeMm / 2],
  maxLpsMm: [centreLpsMm[0] + edgeMm / 2, centreLpsMm[1] + edgeMm / 2, centreLpsMm[2] + edgeMm / 2],
});

/** The longest stretch along z, in mm, that one block of the first pass covers. */
export const WINDOW_HEIGHT_MM = 320;

/** Edge of the cube of the later passes, in mm: a heart with its surroundings, 2.2 mm voxels at 64³. */
export const ZOOM_EDGE_MM = 140;

/**
 * Boxes that cover a scan for the first pass: the scan itself, or, where it is longer than WINDOW_HEIGHT_MM (chest and
 * abdomen), windows of that height that overlap by half.
 */
export function scanWindows(scan: BoxLps): BoxLps[] {
  const [bottom, top] = [scan.minLpsMm[2], scan.maxLpsMm[2]];
  if (top - bottom <= WINDOW_HEIGHT_MM * 1.1) return [scan];
  const count = Math.ceil((top - bottom - WINDOW_HEIGHT_MM) / (WINDOW_HEIGHT_MM / 2)) + 1;
  const step = (top - bottom - WINDOW_HEIGHT_MM) / (count - 1);
  return Array.from({ length: count }, (_, index) => {
    const low = bottom + index * step;
    return {
      minLpsMm: [scan.minLpsMm[0], scan.minLpsMm[1], low],
      maxLpsMm: [scan.maxLpsMm[0], scan.maxLpsMm[1], low + WINDOW_HEIGHT_MM],
    };
  });
}
