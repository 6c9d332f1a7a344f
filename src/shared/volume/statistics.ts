import type { GridLps } from '../geometry/gridLps.ts';
import { lpsToIjk } from '../geometry/gridLps.ts';
import type { Vec3 } from '../geometry/vec3.ts';
import { OUTSIDE_HU, type Volume } from './volume.ts';

/** A box of voxels: `from` included, `to` excluded. */
export interface BoxIjk {
  readonly from: Vec3;
  readonly to: Vec3;
}

export const wholeBox = (grid: GridLps): BoxIjk => ({ from: [0, 0, 0], to: grid.sizeIjk });

/**
 * The voxels whose centres lie within `halfEdgeMm` of a point along each of the grid's own axes, cut to the grid. It
 * may be empty (`to` not above `from`).
 */
export function boxRound(grid: GridLps, centreLpsMm: Vec3, halfEdgeMm: number): BoxIjk {
  const centre = lpsToIjk(grid, centreLpsMm);
  const from = centre.map((index, axis) =>
    Math.max(0, Math.ceil(index - halfEdgeMm / grid.spacingMm[axis]!)),
  );
  const to = centre.map((index, axis) =>
    Math.min(grid.sizeIjk[axis]!, Math.floor(index + halfEdgeMm / grid.spacingMm[axis]!) + 1),
  );
  return { from: from as unknown as Vec3, to: to as unknown as Vec3 };
}

export interface BoxStatistics {
  /** Voxels that were counted; those outside of the scanned field are not. */
  readonly count: number;
  readonly mean: number;
  /** Standard deviation of the population. */
  readonly deviation: number;
  readonly minimum: number;
  readonly maximum: number;
  /** The value below which the fraction p of the voxels lies, interpolated between ranks. */
  percentile(p: number): number;
}

/** Statistics of the voxels in a box, padding (OUTSIDE_HU) left out; undefined where nothing is left. */
export function statisticsInBox(
  volume: Volume,
  box: BoxIjk = wholeBox(volume.grid),
): BoxStatistics | undefined {
  const values = valuesInBox(volume, box);
  if (values.length === 0) return undefined;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  values.sort();
  const last = values.length - 1;
  return {
    count: values.length,
    mean,
    deviation: Math.sqrt(squares / values.length),
    minimum: values[0]!,
    maximum: values[last]!,
    percentile: (p) => {
      const rank = Math.max(0, Math.min(1, p)) * last;
      const below = Math.floor(rank);
      const above = Math.min(last, below + 1);
      return values[below]! + (values[above]! - values[below]!) * (rank - below);
    },
  };
}

/** The values of a box's voxels in the order of the data, padding left out. */
export function valuesInBox({ data, grid }: Volume, { from, to }: BoxIjk): Float32Array {
  const [sizeI, sizeJ] = grid.sizeIjk;
  const count = [0, 1, 2].reduce((product, axis) => product * Math.max(0, to[axis]! - from[axis]!), 1);
  const values = new Float32Array(count);
  let kept = 0;
  for (let k = from[2]; k < to[2]; k++) {
    for (let j = from[1]; j < to[1]; j++) {
      const row = sizeI * (j + sizeJ * k);
      for (let i = from[0]; i < to[0]; i++) {
        const value = data[row + i]!;
        if (value > OUTSIDE_HU) values[kept++] = value;
      }
    }
  }
  return values.slice(0, kept);
}

/** How many voxels of a box fall into each bin; bin b covers fromHu + b·binWidth up to the next, values beyond are left out. */
export function histogramInBox(
  volume: Volume,
  bins: { readonly fromHu: number; readonly binWidthHu: number; readonly count: number },
  box: BoxIjk = wholeBox(volume.grid),
): Uint32Array {
  const histogram = new Uint32Array(bins.count);
  for (const value of valuesInBox(volume, box)) {
    const bin = Math.floor((value - bins.fromHu) / bins.binWidthHu);
    if (bin >= 0 && bin < bins.count) histogram[bin]!++;
  }
  return histogram;
}
