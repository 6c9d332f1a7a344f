import { type Failure, failure } from '../failures/failure.ts';
import type { GridLps } from '../geometry/gridLps.ts';
import type { SliceStack } from '../geometry/sliceStack.ts';
import { cross, dot, subtract, type Vec3 } from '../geometry/vec3.ts';
import type { ImageSeries, SeriesGeometry, SliceFile } from './imageSeries.ts';
import { middlePlane } from './planeDifference.ts';
import type { SlicePlane } from './sliceHeader.ts';
import {
  correctedGeometry,
  correctionNotes,
  MOST_GAPS_NAMED,
  medianOf,
  shearOf,
  stepsOf,
} from './stackCorrection.ts';

/** Slices nearer than this along the normal are at the same position. */
export const SAME_POSITION_MM = 0.01;
/** A slice may lie this far from the evenly spaced lattice: positions rounded to 0.1 mm pass, a wrong step does not. */
const MAX_POSITION_ERROR_MM = 0.06;
/** Or this part of the step, whichever is more. */
const MAX_POSITION_ERROR_STEPS = 0.02;
/** Sideways drift of the whole stack beyond which it is sheared: gantry tilt. */
const MAX_SIDEWAYS_MM = 0.5;
/** Gantries tilt by 30° at most; what is sheared by more is something else. */
const MOST_TILT_DEGREES = 45;
/** Header and positions agree on the tilt within this. */
const SAME_TILT_DEGREES = 1;
const MIN_SLICES = 3;

export const sliceNormal = (plane: SlicePlane): Vec3 => cross(plane.alongRow, plane.alongColumn);

/** Position of a slice along the normal of a stack, in mm. */
export const positionAlong = (normal: Vec3, slice: Pick<SliceFile, 'header'>): number =>
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
 * j down the columns, k along the normal. Slices that are shifted as a tilted gantry does it are put on a lattice of
 * their planes; uneven steps are refused until somebody asks for planes between them. Refuses gaps, repeated positions
 * and shifts of any other kind.
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
  const stack: SliceStack = {
    columns: plane.columns,
    rows: plane.rows,
    spacingMm: [plane.columnSpacingMm, plane.rowSpacingMm],
    directions: [plane.alongRow, plane.alongColumn, normal],
    positionsLpsMm: slices.map((slice) => slice.header.plane.positionLpsMm),
  };
  const tilt = tiltOf(stack);
  if (tilt.kind === 'refused') return tilt;
  const { tiltDegrees } = tilt;
  const spacing = spacingReason(positionsMm);
  if (spacing !== undefined) {
    const onRequest = correctedGeometry({ slices: stack, tiltDegrees, isResampled: true });
    return onRequest === undefined ? refused(tooUneven(positionsMm)) : { ...refused(spacing), onRequest };
  }
  if (tiltDegrees > 0) {
    const corrected = correctedGeometry({ slices: stack, tiltDegrees, isResampled: false });
    if (corrected !== undefined) return corrected;
  }
  const stepMm = (positionsMm[count - 1]! - positionsMm[0]!) / (count - 1);
  const grid: GridLps = {
    sizeIjk: [plane.columns, plane.rows, count],
    originLpsMm: slices[0]!.header.plane.positionLpsMm,
    spacingMm: [plane.columnSpacingMm, plane.rowSpacingMm, stepMm],
    directions: [plane.alongRow, plane.alongColumn, normal],
  };
  return { kind: 'regular', grid };
}

/**
 * The series with planes between its unevenly spaced slices, and warnings that say so; any other series as it is. A
 * missing slice is interpolated too, and named.
 */
export function resampleUneven(series: ImageSeries): ImageSeries {
  const { geometry, slices } = series;
  if (geometry.kind === 'regular' || geometry.onRequest === undefined) return series;
  const notes = geometryNotes(slices, geometry.onRequest);
  return { ...series, geometry: geometry.onRequest, warnings: [...series.warnings, ...notes] };
}

/** What must be said of how slices were put on a lattice, and of a tilt in the header that the slices do not have. */
export function geometryNotes(slices: readonly SliceFile[], geometry: SeriesGeometry): Failure[] {
  if (geometry.kind === 'refused') return [];
  const { correction } = geometry;
  const tiltDegrees = correction?.tiltDegrees ?? 0;
  const stated = slices.find(({ header }) => header.plane.gantryTiltDegrees !== undefined);
  const statedDegrees = Math.abs(stated?.header.plane.gantryTiltDegrees ?? tiltDegrees);
  return [
    ...(correction === undefined ? [] : correctionNotes(correction)),
    ...(Math.abs(statedDegrees - tiltDegrees) > SAME_TILT_DEGREES
      ? [failure('series.tilt-contradicted', { statedDegrees, tiltDegrees })]
      : []),
  ];
}

const refused = (reason: Failure): { readonly kind: 'refused'; readonly reason: Failure } => ({
  kind: 'refused',
  reason,
});

/**
 * How far the slices are sheared: by which angle their first voxels lie on one line aslant to the normal; 0 where they
 * lie on the normal. The sign and the axis are in the positions alone; Gantry/Detector Tilt (0018,1120) says neither
 * reliably.
 */
function tiltOf(
  stack: SliceStack,
): ReturnType<typeof refused> | { readonly kind: 'tilt'; readonly tiltDegrees: number } {
  const [first] = stack.positionsLpsMm;
  const offsets = stack.positionsLpsMm.map((position) => subtract(position, first!));
  const [alongRow, alongColumn] = stack.directions;
  const sidewaysMm = Math.max(
    ...offsets.map((offset) => Math.hypot(dot(offset, alongRow), dot(offset, alongColumn))),
  );
  if (sidewaysMm <= MAX_SIDEWAYS_MM) return { kind: 'tilt', tiltDegrees: 0 };
  const { tiltDegrees, wanderMm } = shearOf(offsets, stack.directions);
  if (wanderMm > MAX_SIDEWAYS_MM) return refused(failure('series.slices-shifted', { mostMm: sidewaysMm }));
  if (tiltDegrees > MOST_TILT_DEGREES) {
    return refused(failure('series.gantry-tilt', { tiltDegrees, shiftMm: sidewaysMm }));
  }
  return { kind: 'tilt', tiltDegrees };
}

function tooUneven(positionsMm: readonly number[]): Failure {
  const steps = stepsOf(positionsMm);
  return failure('series.steps-too-uneven', { leastMm: Math.min(...steps), mostMm: Math.max(...steps) });
}

/**
 * How far positions lie from the evenly spaced line that fits all of them: from one through the first and the last,
 * which are rounded as the others are, they may lie twice as far.
 */
function lineErrorMm(positionsMm: readonly number[]): number {
  const middle = (positionsMm.length - 1) / 2;
  let [products, squares] = [0, 0];
  positionsMm.forEach((position, index) => {
    products += (index - middle) * (position - positionsMm[0]!);
    squares += (index - middle) ** 2;
  });
  const errors = positionsMm.map((position, index) => position - (index * products) / squares);
  return (Math.max(...errors) - Math.min(...errors)) / 2;
}

/** The reason where slices are missing or the steps differ. */
function spacingReason(positionsMm: readonly number[]): Failure | undefined {
  const count = positionsMm.length;
  const meanStep = (positionsMm[count - 1]! - positionsMm[0]!) / (count - 1);
  const tolerance = Math.max(MAX_POSITION_ERROR_MM, MAX_POSITION_ERROR_STEPS * meanStep);
  if (lineErrorMm(positionsMm) <= tolerance) return undefined;
  const steps = stepsOf(positionsMm);
  const median = medianOf(steps);
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
