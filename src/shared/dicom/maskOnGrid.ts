import { type GridLps, ijkToLps, lpsToIjk } from '../geometry/gridLps.ts';
import { subtract, type Vec3 } from '../geometry/vec3.ts';
import type { LabelImage } from './labelImage.ts';

/** The label that is the appendage: the only one, or the only one that is called so; undefined where that is not clear. */
export function appendageLabel({ labels }: Pick<LabelImage, 'labels'>): number | undefined {
  const [only, ...others] = labels;
  if (others.length === 0) return only?.value;
  const named = labels.filter(({ name }) => /append|auric|\blaa\b/i.test(name));
  return named.length === 1 ? named[0]!.value : undefined;
}

/**
 * A label of a segmentation on the voxels of another grid: each takes what the segmentation's nearest voxel has, and
 * nothing where there is none. On the segmentation's own grid, or a part of it, this is exact.
 */
export function maskOnGrid(image: LabelImage, label: number, grid: GridLps): Uint8Array<ArrayBuffer> {
  const mask = image.mask(label);
  const [mI, mJ, mK] = image.grid.sizeIjk;
  const [nI, nJ, nK] = grid.sizeIjk;
  const at = (voxelIjk: Vec3): Vec3 => lpsToIjk(image.grid, ijkToLps(grid, voxelIjk));
  const origin = at([0, 0, 0]);
  const [stepI, stepJ, stepK] = [
    subtract(at([1, 0, 0]), origin),
    subtract(at([0, 1, 0]), origin),
    subtract(at([0, 0, 1]), origin),
  ];
  const placed = new Uint8Array(nI * nJ * nK);
  let voxel = 0;
  for (let k = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) {
      for (let i = 0; i < nI; i++, voxel++) {
        const sI = Math.round(origin[0] + i * stepI[0] + j * stepJ[0] + k * stepK[0]);
        const sJ = Math.round(origin[1] + i * stepI[1] + j * stepJ[1] + k * stepK[1]);
        const sK = Math.round(origin[2] + i * stepI[2] + j * stepJ[2] + k * stepK[2]);
        const isInside = sI >= 0 && sJ >= 0 && sK >= 0 && sI < mI && sJ < mJ && sK < mK;
        if (isInside && mask[sI + mI * (sJ + mJ * sK)] === 1) placed[voxel] = 1;
      }
    }
  }
  return placed;
}
