import { type GridLps, ijkToLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { ViewedVolume } from '../types.ts';
import { RENDERED_HU } from './transferFunction.ts';

/** A volume for rendering: averaged to fewer voxels, a byte each. */
export interface RenderingCopy {
  readonly grid: GridLps;
  readonly data: Uint8Array;
}

/** By how much each axis is thinned so that no side is longer than `largestSide` voxels. */
export const thinning = (grid: GridLps, largestSide: number): readonly [number, number, number] =>
  grid.sizeIjk.map((size) => Math.max(1, Math.ceil(size / largestSide))) as [number, number, number];

/** The grid of blocks of voxels; a block's centre is the mean of its voxels' centres. Voxels left over are dropped. */
export function thinnedGrid(grid: GridLps, by: readonly [number, number, number]): GridLps {
  return {
    ...grid,
    sizeIjk: grid.sizeIjk.map((size, axis) => Math.max(1, Math.floor(size / by[axis]!))) as [
      number,
      number,
      number,
    ],
    spacingMm: grid.spacingMm.map((spacing, axis) => spacing * by[axis]!) as [number, number, number],
    originLpsMm: ijkToLps(grid, [(by[0] - 1) / 2, (by[1] - 1) / 2, (by[2] - 1) / 2]),
  };
}

/** The part of a grid within `halfEdgeMm` of a point along each axis, and its first voxel in the whole. */
export function partAround(
  grid: GridLps,
  centreLpsMm: Vec3,
  halfEdgeMm: number,
): { readonly grid: GridLps; readonly firstIjk: Vec3 } {
  const middle = lpsToIjk(grid, centreLpsMm);
  const bounds = [0, 1, 2].map((axis) => {
    const last = grid.sizeIjk[axis]! - 1;
    const reach = halfEdgeMm / grid.spacingMm[axis]!;
    const low = Math.min(last, Math.max(0, Math.ceil(middle[axis]! - reach)));
    return { low, size: Math.min(last, Math.max(low, Math.floor(middle[axis]! + reach))) - low + 1 };
  });
  const firstIjk = bounds.map(({ low }) => low) as [number, number, number];
  const sizeIjk = bounds.map(({ size }) => size) as [number, number, number];
  return { grid: { ...grid, sizeIjk, originLpsMm: ijkToLps(grid, firstIjk) }, firstIjk };
}

/**
 * Makes a rendering copy of a part of a volume slab by slab, pausing between them: `step` returns false when `copy` is
 * complete.
 */
export function beginRenderingCopy(
  volume: ViewedVolume,
  part: { readonly grid: GridLps; readonly firstIjk: Vec3 },
  largestSide: number,
): { readonly copy: RenderingCopy; readonly step: () => boolean } {
  const by = thinning(part.grid, largestSide);
  const grid = thinnedGrid(part.grid, by);
  const [firstI, firstJ, firstK] = part.firstIjk;
  const [nI, nJ, nK] = grid.sizeIjk;
  const data = new Uint8Array(nI * nJ * nK);
  const [sourceI, sourceJ] = volume.grid.sizeIjk;
  const sums = new Float64Array(nI);
  const factor = 255 / (RENDERED_HU.high - RENDERED_HU.low) / (by[0] * by[1] * by[2]);
  const offset = (-RENDERED_HU.low * 255) / (RENDERED_HU.high - RENDERED_HU.low) + 0.5;
  let k = 0;
  const step = (): boolean => {
    for (let j = 0; j < nJ; j++) {
      sums.fill(0);
      for (let dk = 0; dk < by[2]; dk++) {
        for (let dj = 0; dj < by[1]; dj++) {
          let at = firstI + sourceI * (firstJ + j * by[1] + dj + sourceJ * (firstK + k * by[2] + dk));
          for (let i = 0; i < nI; i++) {
            let sum = 0;
            for (let di = 0; di < by[0]; di++) sum += volume.data[at++]!;
            sums[i]! += sum;
          }
        }
      }
      const base = nI * (j + nJ * k);
      for (let i = 0; i < nI; i++) {
        const level = sums[i]! * factor + offset;
        data[base + i] = level <= 0 ? 0 : level >= 255 ? 255 : level;
      }
    }
    k++;
    return k < nK;
  };
  return { copy: { grid, data }, step };
}
