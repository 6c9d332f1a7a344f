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
  const [nI, nJ, nK] = grid.sizeIjk;
  let highest = 0;
  let [sureVoxels, unsureVoxels] = [0, 0];
  for (const value of probability) {
    if (value > highest) highest = value;
    if (value > SURE) sureVoxels++;
    else if (value > NOT) unsureVoxels++;
  }
  if (highest <= 0) return null;
  const threshold = highest * BLOB_THRESHOLD;
  const seen = new Uint8Array(probability.length);
  const stack: number[] = [];
  let best: { sum: number; peak: number; sumIjk: [number, number, number] } | null = null;
  for (let start = 0; start < probability.length; start++) {
    if (seen[start] || probability[start]! < threshold) continue;
    const blob = { sum: 0, peak: 0, sumIjk: [0, 0, 0] as [number, number, number] };
    seen[start] = 1;
    stack.push(start);
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      const i = index % nI;
      const j = Math.floor(index / nI) % nJ;
      const k = Math.floor(index / (nI * nJ));
      const value = probability[index]!;
      blob.sum += value;
      blob.peak = Math.max(blob.peak, value);
      blob.sumIjk[0] += value * i;
      blob.sumIjk[1] += value * j;
      blob.sumIjk[2] += value * k;
      const visit = (next: number): void => {
        if (seen[next] || probability[next]! < threshold) return;
        seen[next] = 1;
        stack.push(next);
      };
      if (i > 0) visit(index - 1);
      if (i < nI - 1) visit(index + 1);
      if (j > 0) visit(index - nI);
      if (j < nJ - 1) visit(index + nI);
      if (k > 0) visit(index - nI * nJ);
      if (k < nK - 1) visit(index + nI * nJ);
    }
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
