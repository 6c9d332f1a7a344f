import { type GridLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import type { TriangleMesh } from './triangleMesh.ts';

/** The share of a mesh's vertices that lie within the voxels of a grid, their x and y taken with a sign. */
export function shareWithinGrid(
  { positionsLpsMm: p }: TriangleMesh,
  grid: GridLps,
  sign: 1 | -1 = 1,
): number {
  let within = 0;
  for (let at = 0; at < p.length; at += 3) {
    const ijk = lpsToIjk(grid, [sign * p[at]!, sign * p[at + 1]!, p[at + 2]!]);
    if (ijk.every((index, axis) => index >= -0.5 && index <= grid.sizeIjk[axis]! - 0.5)) within++;
  }
  return within / Math.max(1, p.length / 3);
}
