import { type GridLps, ijkToLps, voxelVolumeMm3 } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { labelComponents } from '#shared/volume/components.ts';

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
  const isMarked = new Uint8Array(probability.length);
  for (let voxel = 0; voxel < probability.length; voxel++) {
    if (probability[voxel]! >= threshold) isMarked[voxel] = 1;
  }
  const { pieceOfVoxel, sizes } = labelComponents(isMarked, grid.sizeIjk);
  const blobs = blobsOf(probability, grid.sizeIjk, pieceOfVoxel, sizes.length);
  const [first, ...others] = blobs;
  if (first === undefined) return null;
  const best = others.reduce((strongest, blob) => (blob.sum > strongest.sum ? blob : strongest), first);
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
  sum: number;
  peak: number;
  readonly sumIjk: [number, number, number];
}

/** The blobs of a map whose voxels are labelled by 1 + the number of their blob, 0 outside of blobs. */
function blobsOf(
  probability: Float32Array,
  [nI, nJ, nK]: Vec3,
  blobOfVoxel: Int32Array,
  count: number,
): Blob[] {
  const blobs = Array.from({ length: count }, (): Blob => ({ sum: 0, peak: 0, sumIjk: [0, 0, 0] }));
  for (let k = 0, voxel = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) {
      for (let i = 0; i < nI; i++, voxel++) {
        const label = blobOfVoxel[voxel]!;
        if (label === 0) continue;
        const blob = blobs[label - 1]!;
        const value = probability[voxel]!;
        blob.sum += value;
        blob.peak = Math.max(blob.peak, value);
        blob.sumIjk[0] += value * i;
        blob.sumIjk[1] += value * j;
        blob.sumIjk[2] += value * k;
      }
    }
  }
  return blobs;
}
