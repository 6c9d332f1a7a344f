import type { Vec3 } from '../geometry/vec3.ts';

/**
 * The Gaussian mean of values on a grid, i fastest, with a standard deviation in voxels along each axis; cut off at
 * three of them. Beyond the grid its outermost values are repeated. The input is not changed.
 */
export function gaussianMean(values: Float32Array, [nI, nJ, nK]: Vec3, sigmaIjk: Vec3): Float32Array {
  let current = values;
  const sizes = [nI, nJ, nK];
  const strides = [1, nI, nI * nJ];
  for (let axis = 0; axis < 3; axis++) {
    const sigma = sigmaIjk[axis as 0 | 1 | 2];
    if (sigma < 0.05) continue;
    const [size, stride] = [sizes[axis]!, strides[axis]!];
    const weights = halfKernel(sigma);
    const next = new Float32Array(values.length);
    // Whole rows of i at a time, so that memory is read in its order.
    for (let start = 0; start < values.length; start += nI) {
      if (axis === 0) meanAlongRow(current, start, nI, weights, next);
      else {
        const row = start / nI;
        const place = axis === 1 ? row % nJ : Math.floor(row / nJ);
        meanAcrossRows(current, start, nI, { place, size, stride }, weights, next);
      }
    }
    current = next;
  }
  return current;
}

function meanAlongRow(
  values: Float32Array,
  start: number,
  count: number,
  weights: Float64Array,
  result: Float32Array,
): void {
  const radius = weights.length - 1;
  for (let i = 0; i < count; i++) {
    const at = start + i;
    let sum = weights[0]! * values[at]!;
    if (i >= radius && i + radius < count) {
      for (let n = 1; n <= radius; n++) sum += weights[n]! * (values[at - n]! + values[at + n]!);
    } else {
      for (let n = 1; n <= radius; n++) {
        const [below, above] = [at - Math.min(n, i), at + Math.min(n, count - 1 - i)];
        sum += weights[n]! * (values[below]! + values[above]!);
      }
    }
    result[at] = sum;
  }
}

/** The same for a row along i that is the `place`-th of `size` along another axis. */
function meanAcrossRows(
  values: Float32Array,
  start: number,
  count: number,
  { place, size, stride }: { readonly place: number; readonly size: number; readonly stride: number },
  weights: Float64Array,
  result: Float32Array,
): void {
  const sums = new Float64Array(count);
  for (let i = 0; i < count; i++) sums[i] = weights[0]! * values[start + i]!;
  for (let n = 1; n < weights.length; n++) {
    const weight = weights[n]!;
    const below = start - Math.min(n, place) * stride;
    const above = start + Math.min(n, size - 1 - place) * stride;
    for (let i = 0; i < count; i++) sums[i]! += weight * (values[below + i]! + values[above + i]!);
  }
  result.set(sums, start);
}

/** The weights from the middle outward; over both sides they sum to 1. */
function halfKernel(sigma: number): Float64Array {
  const radius = Math.ceil(3 * sigma);
  const weights = Float64Array.from({ length: radius + 1 }, (_, n) => Math.exp(-0.5 * (n / sigma) ** 2));
  const total = weights.reduce((sum, weight, n) => sum + (n === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / total);
}
