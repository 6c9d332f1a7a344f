import type { LabelMap } from '#shared/contract/values.ts';
import { boxSize, copyBox, grownBox, type VoxelBox } from '#shared/volume/labelBox.ts';

/**
 * The voxels that an edit changed. A label is 0 or 1, so changing the same voxels again undoes the edit: one delta
 * both undoes and redoes.
 */
export interface LabelDelta {
  /** The smallest box round the changed voxels. */
  readonly box: VoxelBox;
  /**
   * Run lengths within the box, i fastest, alternately of unchanged and changed voxels, unchanged first, as LEB128
   * numbers. Worked example: a box of 4 voxels, the middle two changed → 1, 2, 1.
   */
  readonly runs: Uint8Array<ArrayBuffer>;
}

/** The bytes that a delta holds in memory, about. */
export const deltaBytes = ({ runs }: LabelDelta): number => runs.length + 64;

/**
 * Runs `change`, which writes labels within a box, and returns what it changed; null where nothing did.
 * @param box may reach beyond the grid; with null `change` does not run.
 */
export function recordChange(labels: LabelMap, box: VoxelBox | null, change: () => void): LabelDelta | null {
  const { data, grid } = labels;
  const within = box && grownBox(box, [0, 0, 0], grid.sizeIjk);
  if (!within || boxSize(within).some((size) => size <= 0)) return null;
  const before = copyBox(data, grid.sizeIjk, within);
  change();
  const after = copyBox(data, grid.sizeIjk, within);
  for (let at = 0; at < before.length; at++) before[at]! ^= after[at]!;
  return encodeChanged(before, within);
}

/**
 * Undoes a delta, or redoes it. @throws RangeError for a delta that does not fit the map; the map is then unchanged.
 */
export function toggleLabels({ data, grid }: LabelMap, delta: LabelDelta): void {
  const [nI, nJ, nK] = grid.sizeIjk;
  const { low, high } = delta.box;
  if (low.some((value) => value < 0) || high[0] >= nI || high[1] >= nJ || high[2] >= nK) {
    throw new RangeError('The change does not fit the label map.');
  }
  const changed = decodeChanged(delta);
  const [sI, sJ, sK] = boxSize(delta.box);
  let at = 0;
  for (let k = 0; k < sK; k++) {
    for (let j = 0; j < sJ; j++) {
      const row = low[0] + nI * (j + low[1] + nJ * (k + low[2]));
      for (let i = 0; i < sI; i++, at++) data[row + i]! ^= changed[at]!;
    }
  }
}

/** Merges several deltas, such as the steps of a stroke, into one with the same effect. */
export function mergeDeltas(deltas: readonly LabelDelta[]): LabelDelta | null {
  if (deltas.length <= 1) return deltas[0] ?? null;
  const pick = (end: 'low' | 'high', axis: 0 | 1 | 2, choose: (...values: number[]) => number): number =>
    deltas.reduce((value, { box }) => choose(value, box[end][axis]), deltas[0]!.box[end][axis]);
  const box: VoxelBox = {
    low: [pick('low', 0, Math.min), pick('low', 1, Math.min), pick('low', 2, Math.min)],
    high: [pick('high', 0, Math.max), pick('high', 1, Math.max), pick('high', 2, Math.max)],
  };
  const [sI, sJ, sK] = boxSize(box);
  const changed = new Uint8Array(sI * sJ * sK);
  for (const delta of deltas) {
    const part = decodeChanged(delta);
    const [pI, pJ, pK] = boxSize(delta.box);
    let at = 0;
    for (let k = 0; k < pK; k++) {
      for (let j = 0; j < pJ; j++) {
        const row =
          delta.box.low[0] -
          box.low[0] +
          sI * (j + delta.box.low[1] - box.low[1] + sJ * (k + delta.box.low[2] - box.low[2]));
        for (let i = 0; i < pI; i++, at++) changed[row + i]! ^= part[at]!;
      }
    }
  }
  return encodeChanged(changed, box);
}

/** How many voxels a delta changes. */
export const changedVoxels = (delta: LabelDelta): number =>
  decodeChanged(delta).reduce((sum, changed) => sum + changed, 0);

/** The runs of a delta as one byte a voxel of its box. @throws RangeError where they do not fill the box exactly. */
export function decodeChanged({ box, runs }: LabelDelta): Uint8Array {
  const [sI, sJ, sK] = boxSize(box);
  const changed = new Uint8Array(sI * sJ * sK);
  let [at, value, byte] = [0, 0, 0];
  while (byte < runs.length) {
    let [length, shift] = [0, 1];
    let part: number;
    do {
      part = runs[byte++] ?? 0;
      length += (part & 127) * shift;
      shift *= 128;
    } while (part >= 128 && byte < runs.length);
    if (at + length > changed.length) throw new RangeError('The runs of a change are longer than its box.');
    if (value === 1) changed.fill(1, at, at + length);
    at += length;
    value = 1 - value;
  }
  if (at !== changed.length) throw new RangeError('The runs of a change are shorter than its box.');
  return changed;
}

/** Shrinks the box to what changed and writes the runs. */
function encodeChanged(changed: Uint8Array, within: VoxelBox): LabelDelta | null {
  const [sI, sJ, sK] = boxSize(within);
  let [i0, i1, j0, j1, k0, k1] = [sI, -1, sJ, -1, sK, -1];
  for (let at = changed.indexOf(1); at >= 0; ) {
    const row = Math.floor(at / sI);
    const [j, k] = [row % sJ, Math.floor(row / sJ)];
    i0 = Math.min(i0, at - row * sI);
    i1 = Math.max(i1, changed.lastIndexOf(1, row * sI + sI - 1) - row * sI);
    j0 = Math.min(j0, j);
    j1 = Math.max(j1, j);
    k0 = Math.min(k0, k);
    k1 = Math.max(k1, k);
    at = (row + 1) * sI >= changed.length ? -1 : changed.indexOf(1, (row + 1) * sI);
  }
  if (i1 < 0) return null;
  const bytes: number[] = [];
  const write = (length: number): void => {
    let rest = length;
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  };
  let [length, value] = [0, 0];
  for (let k = k0; k <= k1; k++) {
    for (let j = j0; j <= j1; j++) {
      const row = sI * (j + sJ * k);
      for (let i = i0; i <= i1; i++) {
        if (changed[row + i] !== value) {
          write(length);
          length = 0;
          value = 1 - value;
        }
        length++;
      }
    }
  }
  write(length);
  const { low } = within;
  return {
    box: {
      low: [low[0] + i0, low[1] + j0, low[2] + k0],
      high: [low[0] + i1, low[1] + j1, low[2] + k1],
    },
    runs: Uint8Array.from(bytes),
  };
}
