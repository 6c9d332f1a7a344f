import type { LabelMap } from '#shared/contract/values.ts';
import { ijkToLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { labelComponents, largestPiece } from '#shared/volume/components.ts';
import { gaussianMean } from '#shared/volume/gaussian.ts';
import { boxSize, copyBox, labelBox, type VoxelBox } from '#shared/volume/labelBox.ts';
import { type LabelDelta, recordChange } from './labelDelta.ts';

/** Edits of the whole label map. Each returns what it changed; null for nothing. */

/** Removes all pieces (connected through voxels' faces) but the largest. */
export function keepLargest(labels: LabelMap): LabelDelta | null {
  return rewrite(labels, [0, 0, 0], (mask, size) => {
    const { pieceOfVoxel, sizes } = labelComponents(mask, size);
    const kept = largestPiece(sizes) + 1;
    return mask.map((_, voxel) => (kept > 0 && pieceOfVoxel[voxel] === kept ? 1 : 0));
  });
}

/**
 * Labels every hole: voxels from which no path through voxels' faces leads out. Everything beyond the grid is
 * outside.
 */
export function fillHoles(labels: LabelMap): LabelDelta | null {
  return rewrite(labels, [1, 1, 1], (mask, size) => {
    const { pieceOfVoxel } = labelComponents(mask, size, 0);
    // The margin is empty and so the first piece is what lies round the labels.
    const outside = pieceOfVoxel[0]!;
    return mask.map((value, voxel) => (value === 1 || pieceOfVoxel[voxel] !== outside ? 1 : 0));
  });
}

/**
 * Evens out the labels' border: a voxel is labelled where the mean of the labels round it, weighted by a Gaussian, is
 * above a level that keeps the number of labelled voxels. Parts thinner than the radius may go.
 * @param radiusMm about the size of the bumps that go; the Gaussian's standard deviation is half of it.
 * @param isKept voxels with their centres there stay as they are
 */
export function smoothLabels(
  labels: LabelMap,
  radiusMm: number,
  isKept: ((pointLpsMm: Vec3) => boolean) | null = null,
): LabelDelta | null {
  const { spacingMm } = labels.grid;
  const margin = (axis: 0 | 1 | 2): number => Math.ceil(radiusMm / spacingMm[axis]) + 1;
  return rewrite(labels, [margin(0), margin(1), margin(2)], (mask, size, low) => {
    const sigma = (axis: 0 | 1 | 2): number => radiusMm / 2 / spacingMm[axis];
    const mean = gaussianMean(Float32Array.from(mask), size, [sigma(0), sigma(1), sigma(2)]);
    const kept = mask.map((value, voxel) => {
      // Whether it is kept makes no difference elsewhere: such a voxel is not labelled and does not become so.
      if (!isKept || (value === 0 && mean[voxel]! <= LEAST_MEAN)) return 0;
      const [i, j] = [voxel % size[0], Math.floor(voxel / size[0]) % size[1]];
      const ijk: Vec3 = [low[0] + i, low[1] + j, low[2] + Math.floor(voxel / (size[0] * size[1]))];
      return isKept(ijkToLps(labels.grid, ijk)) ? 1 : 0;
    });
    let count = 0;
    for (let voxel = 0; voxel < mask.length; voxel++) if (kept[voxel] === 0) count += mask[voxel]!;
    const level = levelOfLargest(
      mean.filter((value, voxel) => value > LEAST_MEAN && kept[voxel] === 0),
      count,
    );
    return mask.map((value, voxel) => (kept[voxel] === 1 ? value : mean[voxel]! >= level ? 1 : 0));
  });
}

/** A voxel with a lower mean is never labelled. */
const LEAST_MEAN = 0.05;

/** The value that `count` of the values reach. */
function levelOfLargest(values: Float32Array, count: number): number {
  const sorted = values.toSorted();
  return sorted[Math.max(0, sorted.length - count)] ?? Infinity;
}

/** Puts other labels in the place of all. @param wanted 0 or 1 for each voxel */
export function replaceLabels(labels: LabelMap, wanted: Uint8Array): LabelDelta | null {
  const [nI, nJ, nK] = labels.grid.sizeIjk;
  const whole: VoxelBox = { low: [0, 0, 0], high: [nI - 1, nJ - 1, nK - 1] };
  return recordChange(labels, whole, () => labels.data.set(wanted));
}

/** Replaces the labels in their box and a margin round it. Margin voxels outside of the grid count as 0. */
function rewrite(
  labels: LabelMap,
  margin: Vec3,
  compute: (mask: Uint8Array, size: Vec3, lowIjk: Vec3) => Uint8Array,
): LabelDelta | null {
  const { data, grid } = labels;
  const box = labelBox(data, grid.sizeIjk);
  if (!box) return null;
  const roomy: VoxelBox = {
    low: [box.low[0] - margin[0], box.low[1] - margin[1], box.low[2] - margin[2]],
    high: [box.high[0] + margin[0], box.high[1] + margin[1], box.high[2] + margin[2]],
  };
  const [sI, sJ, sK] = boxSize(roomy);
  const result = compute(copyBox(data, grid.sizeIjk, roomy), [sI, sJ, sK], roomy.low);
  const [nI, nJ, nK] = grid.sizeIjk;
  return recordChange(labels, roomy, () => {
    const from = Math.max(0, roomy.low[0]);
    const to = Math.min(nI - 1, roomy.high[0]);
    for (let k = Math.max(0, roomy.low[2]); k <= Math.min(nK - 1, roomy.high[2]); k++) {
      for (let j = Math.max(0, roomy.low[1]); j <= Math.min(nJ - 1, roomy.high[1]); j++) {
        const row = sI * (j - roomy.low[1] + sJ * (k - roomy.low[2])) - roomy.low[0];
        data.set(result.subarray(row + from, row + to + 1), nI * (j + nJ * k) + from);
      }
    }
  });
}
