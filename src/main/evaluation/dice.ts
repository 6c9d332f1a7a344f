import { type GridLps, ijkToLps, LPS_AXES, lpsToIjk, voxelCount } from '#shared/geometry/gridLps.ts';
import { subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { Volume } from '#shared/volume/volume.ts';

/** Dice overlap 2·|A ∩ B|/(|A| + |B|) of two masks on one grid; 1 when both are empty. */
export function diceOfMasks(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError('The masks are not of one size.');
  let [both, sum] = [0, 0];
  for (let voxel = 0; voxel < a.length; voxel++) {
    const [inA, inB] = [a[voxel]! > 0, b[voxel]! > 0];
    if (inA && inB) both++;
    sum += (inA ? 1 : 0) + (inB ? 1 : 0);
  }
  return sum === 0 ? 1 : (2 * both) / sum;
}

/** Dice of two closed meshes, on a common grid of `spacingMm` round both. */
export function diceOfClosedMeshes(a: TriangleMesh, b: TriangleMesh, spacingMm = 0.4): number {
  const [boxA, boxB] = [boundingBoxLpsMm(a), boundingBoxLpsMm(b)];
  const low = boxA.low.map((value, axis) => Math.min(value, boxB.low[axis]!)) as [number, number, number];
  const high = boxA.high.map((value, axis) => Math.max(value, boxB.high[axis]!)) as [number, number, number];
  const size = (axis: 0 | 1 | 2): number => Math.max(1, Math.ceil((high[axis] - low[axis]) / spacingMm) + 2);
  const grid: GridLps = {
    sizeIjk: [size(0), size(1), size(2)],
    originLpsMm: subtract(low, [spacingMm / 2, spacingMm / 2, spacingMm / 2]),
    spacingMm: [spacingMm, spacingMm, spacingMm],
    directions: LPS_AXES,
  };
  return diceOfMasks(rasterizeClosedMesh(a, grid), rasterizeClosedMesh(b, grid));
}

/**
 * Dice of two masks on their own grids: `predicted` is read at the truth's voxel centres (nearest voxel, outside is
 * background). Any part of it outside the truth's grid is not counted.
 */
export function diceOfMaskVolumes(predicted: Volume, truth: Volume): number {
  const [nI, nJ, nK] = predicted.grid.sizeIjk;
  const [tI, tJ] = truth.grid.sizeIjk;
  const seen = new Uint8Array(voxelCount(truth.grid));
  for (let voxel = 0; voxel < seen.length; voxel++) {
    const ijk: Vec3 = [voxel % tI, Math.floor(voxel / tI) % tJ, Math.floor(voxel / (tI * tJ))];
    const place = lpsToIjk(predicted.grid, ijkToLps(truth.grid, ijk));
    const [i, j, k] = place.map(Math.round) as [number, number, number];
    if (i < 0 || j < 0 || k < 0 || i >= nI || j >= nJ || k >= nK) continue;
    seen[voxel] = predicted.data[i + nI * (j + nJ * k)]! > 0 ? 1 : 0;
  }
  return diceOfMasks(seen, truth.data);
}
