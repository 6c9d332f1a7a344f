import { type GridLps, ijkToLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import { addScaled, dot, type Vec3 } from '#shared/geometry/vec3.ts';
import type { ViewedVolume } from '../types.ts';

/** The grid's axis that a normal follows, and its sign; null for an oblique normal. */
export function alignedAxis(
  grid: GridLps,
  normal: Vec3,
): { readonly axis: 0 | 1 | 2; readonly sign: 1 | -1 } | null {
  for (const axis of [0, 1, 2] as const) {
    const cosine = dot(grid.directions[axis], normal);
    if (Math.abs(cosine) > 1 - 1e-6) return { axis, sign: cosine > 0 ? 1 : -1 };
  }
  return null;
}

/**
 * The crosshair moved by whole slices along a plane's normal. Along an axis of the scan it lands on slice centres and
 * stays in the scan; an oblique plane moves by the distance between voxels along its normal.
 */
export function scrolled(grid: GridLps, crosshairLpsMm: Vec3, normal: Vec3, slices: number): Vec3 {
  const aligned = alignedAxis(grid, normal);
  const ijk = lpsToIjk(grid, crosshairLpsMm);
  if (aligned) {
    const { axis, sign } = aligned;
    const last = grid.sizeIjk[axis] - 1;
    const target = [...ijk] as [number, number, number];
    target[axis] = Math.min(last, Math.max(0, Math.round(ijk[axis]!) + sign * slices));
    return ijkToLps(grid, target);
  }
  const perMm = grid.directions.map((direction, axis) => dot(direction, normal) / grid.spacingMm[axis]!);
  const moved = addScaled(crosshairLpsMm, normal, slices / Math.hypot(...perMm));
  return clampToGrid(grid, moved);
}

/** The nearest point of the box that the grid's outermost voxel centres span. */
export function clampToGrid(grid: GridLps, pointLpsMm: Vec3): Vec3 {
  const ijk = lpsToIjk(grid, pointLpsMm);
  const clamped = ijk.map((index, axis) => Math.min(grid.sizeIjk[axis]! - 1, Math.max(0, index)));
  return ijkToLps(grid, clamped as [number, number, number]);
}

/**
 * Where the crosshair goes for a point: into the scan, and with all planes along the scan's axes to a voxel's centre, so
 * that straight planes show the slices as they were acquired.
 */
export function placedCrosshair(grid: GridLps, axes: readonly Vec3[], pointLpsMm: Vec3): Vec3 {
  if (!axes.every((axis) => alignedAxis(grid, axis))) return clampToGrid(grid, pointLpsMm);
  const ijk = lpsToIjk(grid, pointLpsMm).map(Math.round) as [number, number, number];
  return clampToGrid(grid, ijkToLps(grid, ijk));
}

/** "120 / 250" of a straight plane, counted from 1 along the scan's own axis; null for an oblique plane. */
export function sliceNumber(
  grid: GridLps,
  crosshairLpsMm: Vec3,
  normal: Vec3,
): { readonly slice: number; readonly of: number } | null {
  const aligned = alignedAxis(grid, normal);
  if (!aligned) return null;
  const of = grid.sizeIjk[aligned.axis];
  const slice = Math.round(lpsToIjk(grid, crosshairLpsMm)[aligned.axis]) + 1;
  return { slice: Math.min(of, Math.max(1, slice)), of };
}

/** Whether a volume is the same scan, or another phase of the same heart: the view stays. */
export const sameScan = (a: ViewedVolume | null | undefined, b: ViewedVolume | null | undefined): boolean =>
  (a?.heart !== undefined && a.heart === b?.heart) || sameGrid(a?.grid, b?.grid);

/** Whether two grids are the same lattice: a volume shown again, or filled further, keeps the view. */
export const sameGrid = (a: GridLps | undefined, b: GridLps | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    [a, b]
      .map(({ sizeIjk, originLpsMm, spacingMm, directions }) =>
        [sizeIjk, originLpsMm, spacingMm, directions].join(' '),
      )
      .every((words, _, [first]) => words === first));
