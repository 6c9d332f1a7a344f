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
  rows: Float32Array,
  into: Float32Array,
): void {
  const [along, down] = kernels;
  const fineHeight = plane.length / fineWidth;
  const taps = along.weights.length;
  for (let j = 0; j < fineHeight; j++) {
    for (let i = 0; i < width; i++) {
      const start = j * fineWidth + i * along.substeps;
      let sum = 0;
      for (let n = 0; n < taps; n++) sum += along.weights[n]! * plane[start + n]!;
      rows[j * width + i] = sum;
    }
  }
  into.fill(0);
  for (let j = 0; j < height; j++) {
    for (let n = 0; n < down.weights.length; n++) {
      const weight = down.weights[n]!;
      const start = (j * down.substeps + n) * width;
      for (let i = 0; i < width; i++) into[j * width + i] = into[j * width + i]! + weight * rows[start + i]!;
    }
  }
}
