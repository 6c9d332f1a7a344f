import { type Failure, failure } from '../failures/failure.ts';
import type { GridLps } from '../geometry/gridLps.ts';
import { addScaled, cross, dot, length, subtract, type Vec3 } from '../geometry/vec3.ts';
import type { SeriesGeometry, SliceFile } from './imageSeries.ts';
import { middlePlane } from './planeDifference.ts';
import type { SlicePlane } from './sliceHeader.ts';

/** Slices nearer than this along the normal are at the same position. */
export const SAME_POSITION_MM = 0.01;
/** A slice may lie this far from the evenly spaced lattice: positions rounded to 0.1 mm pass, a wrong step does not. */
const MAX_POSITION_ERROR_MM = 0.06;
/** Or this part of the step, whichever is more. */
const MAX_POSITION_ERROR_STEPS = 0.02;
/** Sideways drift of the whole stack beyond which it is sheared: gantry tilt. */
const MAX_SIDEWAYS_MM = 0.5;
const MIN_SLICES = 3;
const MOST_GAPS_NAMED = 3;

export const sliceNormal = (plane: SlicePlane): Vec3 => cross(plane.alongRow, plane.alongColumn);

/** Position of a slice along the normal of a stack, in mm. */
export const positionAlong = (normal: Vec3, slice: SliceFile): number =>
  dot(slice.header.plane.positionLpsMm, normal);

/** The slices by position along their common normal; equal positions keep a fixed order. */
export function sortAlongNormal(slices: readonly SliceFile[]): SliceFile[] {
  const first = slices[0];
  if (first === undefined) return [];
  const normal = sliceNormal(first.header.plane);
  const order = (slice: SliceFile): number => slice.header.acquisition.instanceNumber ?? 0;
  return [...slices].sort((a, b) => {
    const distance = positionAlong(normal, a) - positionAlong(normal, b);
    if (Math.abs(distance) > SAME_POSITION_MM) return distance;
    if (order(a) !== order(b)) return order(a) - order(b);
    return a.header.identity.sopInstanceUid < b.header.identity.sopInstanceUid ? -1 : 1;
  });
}

/**
 * The lattice of slices that share orientation and matrix and are sorted by {@link sortAlongNormal}: i along the rows,
 * j down the columns, k along the normal. Refuses gaps, uneven steps, shear and repeated positions.
 */
export function stackGeometry(slices: readonly SliceFile[]): SeriesGeometry {
  const count = slices.length;
  if (count < MIN_SLICES) {
    return refused(failure('series.too-few-slices', { slices: count }));
  }
  const plane = middlePlane(slices.map((slice) => slice.header.plane));
  const normal = sliceNormal(plane);
  const positionsMm = slices.map((slice) => positionAlong(normal, slice));
  const repeated = stepsOf(positionsMm).filter((step) => step <= SAME_POSITION_MM).length;
  if (repeated > 0) {
    return refused(failure('series.positions-ambiguous', { positions: repeated }));
  }
  const tilt = shearReason(slices, normal, positionsMm);
  if (tilt !== undefined) return refused(tilt);
  const spacing = spacingReason(positionsMm);
  if (spacing !== undefined) return refused(spacing);
  const stepMm = (positionsMm[count - 1]! - positionsMm[0]!) / (count - 1);
  const grid: GridLps = {
    sizeIjk: [plane.columns, plane.rows, count],
    originLpsMm: slices[0]!.header.plane.positionLpsMm,
    spacingMm: [plane.columnSpacingMm, plane.rowSpacingMm, stepMm],
    directions: [plane.alongRow, plane.alongColumn, normal],
  };
  return { kind: 'regular', grid };
}

const refused = (reason: Failure): SeriesGeometry => ({ kind: 'refused', reason });

const stepsOf = (positionsMm: readonly number[]): number[] =>
  positionsMm.slice(1).map((position, index) => position - positionsMm[index]!);

/** The reason where the first voxels of the slices do not lie on one line along the normal. */
function shearReason(
  slices: readonly SliceFile[],
  normal: Vec3,
  positionsMm: readonly number[],
): Failure | undefined {
  const origin = slices[0]!.header.plane.positionLpsMm;
  let worstMm = 0;
  let worstSlice = 0;
  slices.forEach((slice, index) => {
    const offset = subtract(slice.header.plane.positionLpsMm, origin);
    const sidewaysMm = length(addScaled(offset, normal, -(positionsMm[index]! - positionsMm[0]!)));
    if (sidewaysMm > worstMm) {
      worstMm = sidewaysMm;
      worstSlice = index;
    }
  });
  if (worstMm <= MAX_SIDEWAYS_MM) return undefined;
  const alongMm = positionsMm[worstSlice]! - positionsMm[0]!;
  const tiltDegrees = (Math.atan2(worstMm, alongMm) * 180) / Math.PI;
  return failure('series.gantry-tilt', { tiltDegrees, shiftMm: worstMm });
}

/** The reason where slices are missing or the steps differ. */
function spacingReason(positionsMm: readonly number[]): Failure | undefined {
  const count = positionsMm.length;
  const meanStep = (positionsMm[count - 1]! - positionsMm[0]!) / (count - 1);
  const tolerance = Math.max(MAX_POSITION_ERROR_MM, MAX_POSITION_ERROR_STEPS * meanStep);
  const worst = Math.max(
    ...positionsMm.map((position, index) => Math.abs(position - positionsMm[0]! - index * meanStep)),
  );
  if (worst <= tolerance) return undefined;
  const steps = stepsOf(positionsMm);
  const median = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)]!;
  const gaps: { readonly missing: number; readonly fromMm: number; readonly toMm: number }[] = [];
  let uneven = false;
  steps.forEach((step, index) => {
    const multiple = Math.round(step / median);
    if (Math.abs(step - Math.max(1, multiple) * median) > Math.max(0.12, 0.1 * median)) uneven = true;
    else if (multiple > 1) {
      gaps.push({ missing: multiple - 1, fromMm: positionsMm[index]!, toMm: positionsMm[index + 1]! });
    }
  });
  if (uneven || gaps.length === 0) {
    return failure('series.steps-uneven', { leastMm: Math.min(...steps), mostMm: Math.max(...steps) });
  }
  const named = gaps.slice(0, MOST_GAPS_NAMED);
  return failure('series.slices-missing', {
    slices: gaps.reduce((sum, gap) => sum + gap.missing, 0),
    gapsFromMm: named.map(({ fromMm }) => fromMm),
    gapsToMm: named.map(({ toMm }) => toMm),
    otherGaps: gaps.length - named.length,
    stepMm: median,
  });
}
