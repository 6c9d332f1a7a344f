import { addScaled, length, scale, subtract } from '../geometry/vec3.ts';
import type { SlicePlane } from './sliceHeader.ts';

/** Planes that differ by no more than the rounding of decimal strings, as cosines and as mm. */
const ROUNDING = 1e-4 + 1e-9;

/** Whether two planes of one matrix have the same directions and pixel size, wherever they lie. */
export const arePlanesEqual = (p: SlicePlane, q: SlicePlane): boolean =>
  Math.abs(p.rowSpacingMm - q.rowSpacingMm) <= ROUNDING &&
  Math.abs(p.columnSpacingMm - q.columnSpacingMm) <= ROUNDING &&
  p.alongRow.every((value, axis) => Math.abs(value - q.alongRow[axis]!) <= ROUNDING) &&
  p.alongColumn.every((value, axis) => Math.abs(value - q.alongColumn[axis]!) <= ROUNDING);

/** How far the pixels of two planes of one matrix lie apart at most, were their first pixels at one place. */
export function differenceOverFieldMm(p: SlicePlane, q: SlicePlane): number {
  const acrossRow = subtract(
    scale(p.alongRow, p.columnSpacingMm * (p.columns - 1)),
    scale(q.alongRow, q.columnSpacingMm * (p.columns - 1)),
  );
  const downColumn = subtract(
    scale(p.alongColumn, p.rowSpacingMm * (p.rows - 1)),
    scale(q.alongColumn, q.rowSpacingMm * (p.rows - 1)),
  );
  return Math.max(length(acrossRow), length(downColumn), length(addScaled(acrossRow, downColumn, 1)));
}

/** Of many planes that differ a little a few are enough to find one in the middle. */
const MOST_CANDIDATES = 64;

/** Of slices whose planes differ a little, a plane from which none differs much; the first where all are equal. */
export function middlePlane(planes: readonly SlicePlane[]): SlicePlane {
  const first = planes[0]!;
  if (planes.every((plane) => arePlanesEqual(first, plane))) return first;
  const step = Math.ceil(planes.length / MOST_CANDIDATES);
  const worstMm = (centre: SlicePlane): number =>
    planes.reduce((worst, plane) => Math.max(worst, differenceOverFieldMm(centre, plane)), 0);
  return planes
    .filter((_, index) => index % step === 0)
    .map((plane) => ({ plane, worst: worstMm(plane) }))
    .reduce((best, candidate) => (candidate.worst < best.worst ? candidate : best)).plane;
}
