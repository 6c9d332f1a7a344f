import type { GridLps } from '../geometry/gridLps.ts';

/**
 * Exact Euclidean distance, in mm, from each voxel centre inside a mask to the nearest centre outside (Felzenszwalb &
 * Huttenlocher 2012, separable); 0 outside. Voxels beyond the grid count as outside.
 */
export function insideDistanceMm(mask: Uint8Array, grid: GridLps): Float32Array {
  const [nI, nJ, nK] = grid.sizeIjk;
  const [spacingI, spacingJ, spacingK] = grid.spacingMm;
  const squared = new Float64Array(mask.length);
  alongRows(mask, nI, spacingI, squared);
  alongLines(squared, nJ, nI, spacingJ);
  alongLines(squared, nK, nI * nJ, spacingK);
  const distances = new Float32Array(squared.length);
  for (let voxel = 0; voxel < distances.length; voxel++) {
    const value = squared[voxel]!;
    if (value !== 0) distances[voxel] = Math.sqrt(value);
  }
  return distances;
}

/** Squared distances to the nearest voxel outside in the same row. */
function alongRows(mask: Uint8Array, size: number, spacingMm: number, squared: Float64Array): void {
  const step = spacingMm * spacingMm;
  for (let row = 0; row < mask.length; row += size) {
    const end = row + size;
    for (let at = row; at < end; at++) {
      if (mask[at] === 0) continue;
      const from = at;
      while (at < end && mask[at] !== 0) at++;
      // Outside are the voxels before `from` and `at` itself.
      for (let voxel = from; voxel < at; voxel++) {
        const gap = voxel - from < at - 1 - voxel ? voxel - from + 1 : at - voxel;
        squared[voxel] = step * (gap * gap);
      }
    }
  }
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

/**
 * The lower envelope of parabolas along every line of an axis. What lies between two voxels outside is an envelope of its
 * own: nothing beyond them is nearer than they are. A line's two neighbours beyond its ends are outside.
 */
function alongLines(values: Float64Array, size: number, stride: number, spacingMm: number): void {
  // Places are counted from 1: 0 and size + 1 lie beyond the line's ends.
  const room: RunRoom = {
    heights: new Float64Array(size + 2),
    roots: new Int32Array(size + 2),
    bounds: new Float64Array(size + 3),
    step: spacingMm * spacingMm,
  };
  for (let block = 0; block < values.length; block += stride * size) {
    for (let start = block; start < block + stride; start++) alongLine(values, start, stride, size, room);
  }
}

function alongLine(values: Float64Array, start: number, stride: number, size: number, room: RunRoom): void {
  for (let at = 0; at < size; at++) {
    if (values[start + at * stride] === 0) continue;
    const from = at;
    while (at < size && values[start + at * stride] !== 0) at++;
    alongRun(values, start, stride, from, at, room);
  }
}

interface RunRoom {
  readonly heights: Float64Array;
  readonly roots: Int32Array;
  readonly bounds: Float64Array;
  readonly step: number;
}

/** The envelope of the voxels `from` to `to` − 1 of a line, all inside, between two that are outside. */
function alongRun(
  values: Float64Array,
  start: number,
  stride: number,
  from: number,
  to: number,
  { heights, roots, bounds, step }: RunRoom,
): void {
  const doubled = 2 * step;
  heights[from] = 0;
  roots[0] = from;
  bounds[0] = -Infinity;
  let top = 0;
  for (let q = from + 1; q <= to + 1; q++) {
    const height = q > to ? 0 : values[start + (q - 1) * stride]!;
    heights[q] = height;
    let bound = -Infinity;
    while (top >= 0) {
      const r = roots[top]!;
      bound = (height - heights[r]! + step * (q * q - r * r)) / (doubled * (q - r));
      if (bound > bounds[top]!) break;
      top--;
    }
    top++;
    roots[top] = q;
    bounds[top] = top === 0 ? -Infinity : bound;
  }
  bounds[top + 1] = Infinity;
  for (let q = from + 1, k = 0; q <= to; q++) {
    while (bounds[k + 1]! < q) k++;
    const r = roots[k]!;
    const gap = q - r;
    values[start + (q - 1) * stride] = step * (gap * gap) + heights[r]!;
  }
}
