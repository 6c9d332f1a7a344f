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
  const place = lpsToIjk(grid, pointLpsMm);
  const low = place.map(Math.floor);
  const [ni, nj, nk] = grid.sizeIjk;
  if (low.some((index, axis) => index < 0 || index + 1 >= grid.sizeIjk[axis]!)) return Number.NaN;
  const [i, j, k] = low as [number, number, number];
  const [u, v, w] = [place[0] - i, place[1] - j, place[2] - k];
  const at = (a: number, b: number, c: number): number => values[i + a + ni * (j + b + nj * (k + c))]!;
  const along = (b: number, c: number): number => at(0, b, c) * (1 - u) + at(1, b, c) * u;
  const across = (c: number): number => along(0, c) * (1 - v) + along(1, c) * v;
  return nk > 1 ? across(0) * (1 - w) + across(1) * w : across(0);
}
