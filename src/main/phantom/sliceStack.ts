import type { AxisKernel } from './ctKernels.ts';

/** Smooths planes that come one after the other across the stack: the sum of `weights` times planes, kept for as many voxels as overlap. */
export function createStack(kernel: AxisKernel, perSlice: number, kStart: number, kEnd: number) {
  const pending = new Map<number, Float32Array>();
  const spare: Float32Array[] = [];
  return {
    add(fine: number, plane: Float32Array): void {
      const last = Math.min(Math.floor((fine - kernel.first) / kernel.substeps), kEnd - 1);
      for (let k = last; k >= kStart; k--) {
        const weight = kernel.weights[fine - k * kernel.substeps - kernel.first];
        if (weight === undefined) break;
        let slice = pending.get(k);
        if (slice === undefined) {
          slice = spare.pop()?.fill(0) ?? new Float32Array(perSlice);
          pending.set(k, slice);
        }
        for (let n = 0; n < perSlice; n++) slice[n] = slice[n]! + weight * plane[n]!;
      }
    },
    /** Slice k, of which all planes were added; to be released when it was read. */
    finished(k: number): Float32Array {
      const slice = pending.get(k);
      if (slice === undefined) throw new RangeError(`Slice ${k} is not complete.`);
      pending.delete(k);
      return slice;
    },
    release: (slice: Float32Array): number => spare.push(slice),
  };
}

/** Smooths a plane of fine samples along i, then j, onto the voxels. */
export function smoothPlane(
  plane: Float32Array,
  fineWidth: number,
  kernels: readonly [AxisKernel, AxisKernel, AxisKernel],
  width: number,
  height: number,
  rows: Float64Array,
  into: Float32Array,
): void {
  const [along, down] = kernels;
  const fineHeight = plane.length / fineWidth;
  // Numbers of 64 bits, which need no conversion, and four taps a round: a third of the time of a plain loop. Each sum is
  // still taken tap by tap.
  const across = Float64Array.from(along.weights);
  const row = new Float64Array(fineWidth);
  const sums = new Float64Array(width);
  for (let j = 0; j < fineHeight; j++) {
    row.set(plane.subarray(j * fineWidth, (j + 1) * fineWidth));
    sums.fill(0);
    addTaps(row, across, along.substeps, sums);
    for (let i = 0; i < width; i++) rows[j * width + i] = Math.fround(sums[i]!);
  }
  for (let j = 0; j < height; j++) {
    into.fill(0, j * width, (j + 1) * width);
    addRows(rows, j * down.substeps * width, down.weights, into.subarray(j * width, (j + 1) * width));
  }
}

/** Adds to each sum i the weighted samples from i·step on, one after the other. */
function addTaps(samples: Float64Array, weights: Float64Array, step: number, sums: Float64Array): void {
  let tap = 0;
  for (; tap + 4 <= weights.length; tap += 4) {
    const [a, b, c, d] = [weights[tap]!, weights[tap + 1]!, weights[tap + 2]!, weights[tap + 3]!];
    for (let i = 0, at = tap; i < sums.length; i++, at += step) {
      sums[i] =
        sums[i]! + a * samples[at]! + b * samples[at + 1]! + c * samples[at + 2]! + d * samples[at + 3]!;
    }
  }
  for (; tap < weights.length; tap++) {
    const weight = weights[tap]!;
    for (let i = 0, at = tap; i < sums.length; i++, at += step) sums[i] = sums[i]! + weight * samples[at]!;
  }
}

/** Adds weighted rows, which follow each other from `start` on, to one row; each sum is rounded to 32 bits. */
function addRows(rows: Float64Array, start: number, weights: Float32Array, into: Float32Array): void {
  const width = into.length;
  let tap = 0;
  for (; tap + 4 <= weights.length; tap += 4) {
    const [a, b, c, d] = [weights[tap]!, weights[tap + 1]!, weights[tap + 2]!, weights[tap + 3]!];
    const first = start + tap * width;
    for (let i = 0; i < width; i++) {
      const at = first + i;
      let sum = Math.fround(into[i]! + a * rows[at]!);
      sum = Math.fround(sum + b * rows[at + width]!);
      sum = Math.fround(sum + c * rows[at + 2 * width]!);
      into[i] = sum + d * rows[at + 3 * width]!;
    }
  }
  for (; tap < weights.length; tap++) {
    const weight = weights[tap]!;
    const first = start + tap * width;
    for (let i = 0; i < width; i++) into[i] = into[i]! + weight * rows[first + i]!;
  }
}
