import { type GridLps, lpsToIjk } from '../geometry/gridLps.ts';
import type { Vec3 } from '../geometry/vec3.ts';

/** What surrounds an appendage and a plan measures distances to. */
export const SURROUNDINGS = [
  'leftAtrium',
  'leftSuperiorVein',
  'circumflex',
  'mitralAnnulus',
  'interatrialSeptum',
] as const;
export type SurroundingName = (typeof SURROUNDINGS)[number];

/** From the appendage's middle to that of the cube which shows its surroundings, mm along L, P, S. */
export const SURROUNDINGS_CENTRE_MM: Vec3 = [-8, 4, -14];

/** The distance to each structure at the voxels of a coarse cube, as a network reads them from a scan. */
export interface SurroundingsField {
  /** Along the LPS axes. */
  readonly grid: GridLps;
  /** Beyond it distances are not told apart, mm. */
  readonly reachMm: number;
  readonly structures: readonly SurroundingName[];
  /** One after the other, in the order of `structures`, i fastest: mm, negative inside; NaN where the scan does not reach. */
  readonly distancesMm: Float32Array;
}

/** The left atrium alone, near an ostium: signed distances at voxels along the LPS axes, i fastest, mm; NaN where nothing is known. */
export interface LeftAtriumField {
  readonly grid: GridLps;
  readonly distancesMm: Float32Array;
}

/** A structure's distances within a field, or undefined where the field does not have it. */
export function distancesOf(field: SurroundingsField, structure: SurroundingName): Float32Array | undefined {
  const index = field.structures.indexOf(structure);
  if (index < 0) return undefined;
  const voxels = field.distancesMm.length / field.structures.length;
  return field.distancesMm.subarray(index * voxels, (index + 1) * voxels);
}

/** The value at a point between voxel centres, trilinear; NaN outside of the cube or the scan. */
export function valueAt(values: Float32Array, grid: GridLps, pointLpsMm: Vec3): number {
  const [x, y, z] = lpsToIjk(grid, pointLpsMm);
  const [ni, nj, nk] = grid.sizeIjk;
  const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  if (i < 0 || j < 0 || k < 0 || i + 1 >= ni || j + 1 >= nj || k + 1 >= nk) return Number.NaN;
  const [u, v, w] = [x - i, y - j, z - k];
  // Without arrays and functions: it is asked at half a million points of a segmentation.
  const first = i + ni * (j + nj * k);
  const along = (at: number): number => values[at]! * (1 - u) + values[at + 1]! * u;
  const across = (at: number): number => along(at) * (1 - v) + along(at + ni) * v;
  return across(first) * (1 - w) + across(first + ni * nj) * w;
}
