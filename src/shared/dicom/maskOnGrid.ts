import { UserError } from '../errors.ts';
import { failure } from '../failures/failure.ts';
import { type GridLps, ijkToLps, lpsToIjk } from '../geometry/gridLps.ts';
import { heightsMm, sliceGrid } from '../geometry/sliceStack.ts';
import { dot, subtract, type Vec3 } from '../geometry/vec3.ts';
import type { LabelImage } from './labelImage.ts';
import type { StackCorrection } from './stackCorrection.ts';

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

/**
 * A label of a segmentation on the lattice of a scan, or a part of it, whose slices may lie on no lattice themselves:
 * a segmentation of these slices keeps its voxels, each moved by whole ones.
 * @throws UserError where its frames lie neither on the scan's slices nor on a lattice
 */
export function maskOnScan(
  image: LabelImage,
  label: number,
  grid: GridLps,
  correction: StackCorrection | undefined,
): Uint8Array<ArrayBuffer> {
  const onSlices = correction && image.maskOnSlices(label, correction.slices);
  if (correction && onSlices) return slicesOnGrid(onSlices, correction, grid);
  if (!image.isLattice) throw new UserError(failure('preparation.seg-uneven'));
  return maskOnGrid(image, label, grid);
}

/** A label of a segmentation on the slices of a scan as they were acquired, slice after slice. @throws UserError */
export function maskOnOwnSlices(
  image: LabelImage,
  label: number,
  { slices }: StackCorrection,
): Uint8Array<ArrayBuffer> {
  const onSlices = image.maskOnSlices(label, slices);
  if (onSlices) return onSlices;
  if (!image.isLattice) throw new UserError(failure('preparation.seg-uneven'));
  const area = slices.columns * slices.rows;
  const mask = new Uint8Array(area * slices.positionsLpsMm.length);
  slices.positionsLpsMm.forEach((_, k) => {
    mask.set(maskOnGrid(image, label, sliceGrid(slices, k)), k * area);
  });
  return mask;
}

/**
 * Labels on a scan's own slices, on its lattice: each plane takes the nearest slice's, moved by whole voxels. Planes
 * are no farther apart than the slices, so that every slice is the nearest one of some plane.
 */
function slicesOnGrid(
  labels: Uint8Array,
  { slices, tiltDegrees }: StackCorrection,
  grid: GridLps,
): Uint8Array<ArrayBuffer> {
  const { columns, rows, positionsLpsMm } = slices;
  const [nI, nJ, nK] = grid.sizeIjk;
  const stepMm = grid.spacingMm[2];
  const heights = heightsMm(slices);
  const base = dot(grid.originLpsMm, grid.directions[2]);
  const placed = new Uint8Array(nI * nJ * nK);
  for (let plane = 0; plane < nK; plane++) {
    const height = base + plane * stepMm;
    const k = nearestIndex(heights, height);
    const isBeyond = height < heights[0]! - stepMm / 2 || height > heights.at(-1)! + stepMm / 2;
    if (isBeyond) continue;
    const first = lpsToIjk(grid, positionsLpsMm[tiltDegrees === 0 ? 0 : k]!);
    const [toI, toJ] = [Math.round(first[0]), Math.round(first[1])];
    for (let j = Math.max(0, toJ); j < Math.min(nJ, toJ + rows); j++) {
      for (let i = Math.max(0, toI); i < Math.min(nI, toI + columns); i++) {
        if (labels[i - toI + columns * (j - toJ + rows * k)] === 1) placed[i + nI * (j + nJ * plane)] = 1;
      }
    }
  }
  return placed;
}

const nearestIndex = (values: readonly number[], wanted: number): number =>
  values.reduce(
    (best, value, at) => (Math.abs(value - wanted) < Math.abs(values[best]! - wanted) ? at : best),
    0,
  );
