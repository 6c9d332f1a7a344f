import type { GridLps } from '../geometry/gridLps.ts';

/**
 * Exact Euclidean distance, in mm, from each voxel centre inside a mask to the nearest centre outside (Felzenszwalb &
 * Huttenlocher 2012, separable); 0 outside. Voxels beyond the grid count as outside.
 */
export function insideDistanceMm(mask: Uint8Array, grid: GridLps): Float32Array {
  const [nI, nJ] = grid.sizeIjk;
  const squared = new Float64Array(mask.length);
  for (let voxel = 0; voxel < squared.length; voxel++) squared[voxel] = mask[voxel] === 0 ? 0 : Infinity;
  const strides = [1, nI, nI * nJ];
  for (let axis = 0; axis < 3; axis++) {
    const size = grid.sizeIjk[axis as 0 | 1 | 2];
    const stride = strides[axis]!;
    const pass = createLinePass(size, grid.spacingMm[axis as 0 | 1 | 2]);
    for (let block = 0; block < squared.length; block += stride * size) {
      for (let start = block; start < block + stride; start++) pass(squared, start, stride);
    }
  }
  const distances = new Float32Array(squared.length);
  for (let voxel = 0; voxel < distances.length; voxel++) distances[voxel] = Math.sqrt(squared[voxel]!);
  return distances;
}

/**
 * The parabolas step·(q − r)² + heights[r] that are lowest somewhere along a line, of those whose height is below `none`.
 * @param roots gets their places r, in their order
 * @param bounds gets where each begins to be the lowest, and Infinity after the last
 * @returns how many they are
 */
export function lowerEnvelope(
  heights: Float64Array,
  step: number,
  none: number,
  roots: Int32Array,
  bounds: Float64Array,
): number {
  let top = -1;
  for (let q = 0; q < heights.length; q++) {
    const height = heights[q]!;
    if (height >= none) continue;
    let bound = -Infinity;
    while (top >= 0) {
      const r = roots[top]!;
      bound = (height - heights[r]! + step * (q * q - r * r)) / (2 * step * (q - r));
      if (bound > bounds[top]!) break;
      top--;
    }
    top++;
    roots[top] = q;
    bounds[top] = top === 0 ? -Infinity : bound;
  }
  bounds[top + 1] = Infinity;
  return top + 1;
}

/** Lower envelope of parabolas along one line, the line's two neighbours beyond its ends being outside. */
function createLinePass(
  size: number,
  spacingMm: number,
): (values: Float64Array, start: number, stride: number) => void {
  const source = new Float64Array(size + 2);
  const roots = new Int32Array(size + 2);
  const bounds = new Float64Array(size + 3);
  const step = spacingMm * spacingMm;
  return (values, start, stride) => {
    let isOutside = true;
    for (let index = 0; index < size; index++) {
      const value = values[start + index * stride]!;
      source[index + 1] = value;
      if (value !== 0) isOutside = false;
    }
    if (isOutside) return;
    lowerEnvelope(source, step, Infinity, roots, bounds);
    for (let q = 1, k = 0; q <= size; q++) {
      while (bounds[k + 1]! < q) k++;
      const r = roots[k]!;
      const gap = q - r;
      values[start + (q - 1) * stride] = step * (gap * gap) + source[r]!;
    }
  };
}
