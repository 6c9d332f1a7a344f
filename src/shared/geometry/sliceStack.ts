import type { GridLps } from './gridLps.ts';
import { addScaled, dot, scale, subtract, type Vec3 } from './vec3.ts';

/**
 * Parallel slices of one matrix, each at its own place: how a scan was acquired, where its slices are no lattice
 * (gantry tilt, uneven steps). Voxel (i, j) of slice k has its centre at `positionsLpsMm[k] + directions[0] ·
 * spacingMm[0] · i + directions[1] · spacingMm[1] · j`.
 */
export interface SliceStack {
  readonly columns: number;
  readonly rows: number;
  /** Distance of voxel centres along a row and down a column. */
  readonly spacingMm: readonly [number, number];
  /** Unit vectors along which i and j grow, and the normal of the slices. */
  readonly directions: readonly [Vec3, Vec3, Vec3];
  /** Centre of each slice's first voxel, in the order of the normal. */
  readonly positionsLpsMm: readonly Vec3[];
}

/** Slice k alone, as a grid of one voxel along its normal. */
export function sliceGrid(stack: SliceStack, k: number): GridLps {
  const { columns, rows, spacingMm, directions, positionsLpsMm } = stack;
  return {
    sizeIjk: [columns, rows, 1],
    originLpsMm: positionsLpsMm[k]!,
    spacingMm: [spacingMm[0], spacingMm[1], 1],
    directions,
  };
}

/** Where the slices lie along their normal, mm. */
export const heightsMm = ({ positionsLpsMm, directions: [, , normal] }: SliceStack): number[] =>
  positionsLpsMm.map((position) => dot(position, normal));

/**
 * The mean way from one slice to the next, mm: exact for a tilted stack of even steps, and what file formats that know
 * one step only can say of an uneven one.
 */
export function meanStepLpsMm({ positionsLpsMm, directions: [, , normal] }: SliceStack): Vec3 {
  const [first, last] = [positionsLpsMm[0]!, positionsLpsMm.at(-1)!];
  const steps = positionsLpsMm.length - 1;
  return steps < 1 ? normal : scale(subtract(last, first), 1 / steps);
}

/** The ways from a voxel to the next along i, j and k, mm; with `stack`, of slices that may be sheared. */
export function stepsLpsMm({ directions, spacingMm }: GridLps, stack?: SliceStack): [Vec3, Vec3, Vec3] {
  return [
    scale(directions[0], spacingMm[0]),
    scale(directions[1], spacingMm[1]),
    stack === undefined ? scale(directions[2], spacingMm[2]) : meanStepLpsMm(stack),
  ];
}

/** Slices that are nowhere farther than this from a mean step are even. */
export const EVEN_MM = 0.1;

/** How far a slice lies from where {@link meanStepLpsMm} puts it, at most, mm. */
export function unevennessMm(stack: SliceStack): number {
  const step = meanStepLpsMm(stack);
  const [first] = stack.positionsLpsMm;
  return Math.max(
    ...stack.positionsLpsMm.map((position, k) =>
      Math.hypot(...subtract(position, addScaled(first!, step, k))),
    ),
  );
}
