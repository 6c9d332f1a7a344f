import { type GridLps, ijkToLps, voxelVolumeMm3 } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';

/** What a probability map shows of the appendage. */
export interface HeatmapPeak {
  /** Probability-weighted centre of the chosen blob, LPS mm. */
  readonly centreLpsMm: Vec3;
  /** Highest probability in the blob, 0 to 1. */
  readonly peak: number;
  /** Sum of probabilities times the voxel's volume: the expected volume, in mL. */
  readonly volumeMl: number;
  /** Voxels of the whole map that the network is sure of, and those in between: the border of what it marks. */
  readonly sureVoxels: number;
  readonly unsureVoxels: number;
}

/** Voxels below this share of the map's peak belong to no blob. */
const BLOB_THRESHOLD = 0.5;
/** Above the one the network is sure, below the other it says no. */
const SURE = 0.9;
const NOT = 0.1;

/**
 * The blob (6-connected voxels of at least half the highest probability) with the largest summed probability, or null
 * for a map that is zero throughout.
 */
export function strongestBlob(probability: Float32Array, grid: GridLps): HeatmapPeak | null {
  let highest = 0;
  let [sureVoxels, unsureVoxels] = [0, 0];
  for (let voxel = 0; voxel < probability.length; voxel++) {
    const value = probability[voxel]!;
    if (value > highest) highest = value;
    if (value > SURE) sureVoxels++;
    else if (value > NOT) unsureVoxels++;
  }
  if (highest <= 0) return null;
  const threshold = highest * BLOB_THRESHOLD;
  const seen = new Uint8Array(probability.length);
  let best: Blob | null = null;
  for (let start = 0; start < probability.length; start++) {
    if (probability[start]! < threshold || seen[start] === 1) continue;
    const blob = blobFrom(start, probability, grid.sizeIjk, threshold, seen);
    if (best === null || blob.sum > best.sum) best = blob;
  }
  if (best === null) return null;
  const { sum, peak, sumIjk } = best;
  return {
    centreLpsMm: ijkToLps(grid, [sumIjk[0] / sum, sumIjk[1] / sum, sumIjk[2] / sum]),
    peak,
    volumeMl: (sum * voxelVolumeMm3(grid)) / 1000,
    sureVoxels,
    unsureVoxels,
  };
}

/** Its probabilities' sum, the highest, and their sums weighted by i, j and k. */
interface Blob {
  readonly sum: number;
  readonly peak: number;
  readonly sumIjk: Vec3;
}

/** The blob that a voxel belongs to; marks its voxels seen. */
function blobFrom(
  start: number,
  probability: Float32Array,
  [nI, nJ, nK]: Vec3,
  threshold: number,
  seen: Uint8Array,
): Blob {
  const stack = [start];
  seen[start] = 1;
  let [sum, peak, sumI, sumJ, sumK] = [0, 0, 0, 0, 0];
  const steps = [-1, 1, -nI, nI, -nI * nJ, nI * nJ];
  for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
    const i = index % nI;
    const row = (index - i) / nI;
    const j = row % nJ;
    const k = (row - j) / nJ;
    const value = probability[index]!;
    sum += value;
    peak = Math.max(peak, value);
    sumI += value * i;
    sumJ += value * j;
    sumK += value * k;
    // Bits of the steps that lead out of the map.
    const barred =
      (i === 0 ? 1 : 0) |
      (i === nI - 1 ? 2 : 0) |
      (j === 0 ? 4 : 0) |
      (j === nJ - 1 ? 8 : 0) |
      (k === 0 ? 16 : 0) |
      (k === nK - 1 ? 32 : 0);
    for (let way = 0; way < 6; way++) {
      if (((barred >> way) & 1) === 1) continue;
      const next = index + steps[way]!;
      if (seen[next] === 1 || probability[next]! < threshold) continue;
      seen[next] = 1;
      stack.push(next);
    }
  }
  return { sum, peak, sumIjk: [sumI, sumJ, sumK] };
}
