import { type GridLps, lpsToIjk } from '#shared/geometry/gridLps.ts';

/**
 * Whether a crop was cut from the voxels of this grid: same spacing and directions, its voxels on the grid's own, and
 * all of it inside. Tolerances are of rounding only (1e-3 voxel).
 */
export function fitsScan(crop: GridLps, scan: GridLps): boolean {
  const isClose = (a: number, b: number): boolean => Math.abs(a - b) < 1e-4;
  const sameSpacing = crop.spacingMm.every((value, axis) => isClose(value, scan.spacingMm[axis]!));
  const sameDirections = crop.directions.every((direction, axis) =>
    direction.every((value, at) => isClose(value, scan.directions[axis]![at]!)),
  );
  if (!sameSpacing || !sameDirections) return false;
  return lpsToIjk(scan, crop.originLpsMm).every((index, axis) => {
    const whole = Math.round(index);
    const isOnVoxel = Math.abs(index - whole) < 1e-3;
    return isOnVoxel && whole >= 0 && whole + crop.sizeIjk[axis]! <= scan.sizeIjk[axis]!;
  });
}
