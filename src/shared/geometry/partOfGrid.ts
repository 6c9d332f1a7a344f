import { type GridLps, ijkToLps, lpsToIjk } from './gridLps.ts';
import type { Vec3 } from './vec3.ts';

/** Tolerance for rounding, in voxels; a different grid is off by far more. */
const TOLERANCE_VOXELS = 0.01;

type Axis = 0 | 1 | 2;

/** Avoids −0, which rounding gives for small negative numbers. */
const nearest = (value: number): number => Math.round(value) + 0;

/**
 * The index, in a whole grid, of the first voxel of a part that was cut from it: the part's voxels are the whole's own
 * (same spacing, same directions, no half steps) and all of them lie inside. Null where that is not so.
 */
export function firstVoxelOfPart(part: GridLps, whole: GridLps): Vec3 | null {
  const indexOf = (partIjk: Vec3): Vec3 => lpsToIjk(whole, ijkToLps(part, partIjk));
  const [i, j, k] = indexOf([0, 0, 0]);
  const first: Vec3 = [nearest(i), nearest(j), nearest(k)];
  const isAt = (found: Vec3, expected: Vec3): boolean =>
    found.every((value, axis) => Math.abs(value - expected[axis as Axis]) < TOLERANCE_VOXELS);
  // Together with the first voxel, the ends of the three axes determine spacing and directions.
  const [nI, nJ, nK] = part.sizeIjk;
  const ends: readonly Vec3[] = [
    [0, 0, 0],
    [nI, 0, 0],
    [0, nJ, 0],
    [0, 0, nK],
  ];
  const isOnVoxels = ends.every((end) =>
    isAt(indexOf(end), [first[0] + end[0], first[1] + end[1], first[2] + end[2]]),
  );
  const isInside = first.every(
    (index, axis) => index >= 0 && index + part.sizeIjk[axis as Axis] <= whole.sizeIjk[axis as Axis],
  );
  return isOnVoxels && isInside ? first : null;
}
