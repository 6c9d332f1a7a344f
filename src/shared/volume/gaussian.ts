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
    const radius = weights.length - 1;
    const next = new Float32Array(values.length);
    // Whole rows of i at a time, so that memory is read in its order.
    for (let start = 0; start < values.length; start += nI) {
      const row = start / nI;
      const along = axis === 1 ? row % nJ : Math.floor(row / nJ);
      for (let i = 0; i < nI; i++) {
        const at = start + i;
        const place = axis === 0 ? i : along;
        let sum = weights[0]! * current[at]!;
        if (place >= radius && place + radius < size) {
          for (let n = 1; n <= radius; n++)
            sum += weights[n]! * (current[at - n * stride]! + current[at + n * stride]!);
        } else {
          for (let n = 1; n <= radius; n++) {
            const below = at - Math.min(n, place) * stride;
            const above = at + Math.min(n, size - 1 - place) * stride;
            sum += weights[n]! * (current[below]! + current[above]!);
          }
        }
        next[at] = sum;
      }
    }
    current = next;
  }
  return current;
}

/** The weights from the middle outward; over both sides they sum to 1. */
function halfKernel(sigma: number): Float64Array {
  const radius = Math.ceil(3 * sigma);
  const weights = Float64Array.from({ length: radius + 1 }, (_, n) => Math.exp(-0.5 * (n / sigma) ** 2));
  const total = weights.reduce((sum, weight, n) => sum + (n === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / total);
}
