import { type Failure, failure } from '../failures/failure.ts';
import type { GridLps } from '../geometry/gridLps.ts';
import { ijkToLps } from '../geometry/gridLps.ts';
import { heightsMm, type SliceStack } from '../geometry/sliceStack.ts';
import { addScaled, dot, subtract, type Vec3 } from '../geometry/vec3.ts';

/** How slices that are no lattice were put on one, and where they lie themselves: masks go back there. */
export interface StackCorrection {
  readonly slices: SliceStack;
  /** By which the slices are shifted against each other in the way a tilted gantry does it; 0 where they are not. */
  readonly tiltDegrees: number;
  /** Whether planes between the slices were interpolated, because their steps are uneven. */
  readonly isResampled: boolean;
}

/** A lattice for the voxels of a series. */
export interface RegularGeometry {
  readonly kind: 'regular';
  readonly grid: GridLps;
  /** Left out where the slices are the lattice's own. */
  readonly correction?: StackCorrection;
}

/** How far the slices of a series lie apart at most: planes that were interpolated between them show no more. */
export const largestStepMm = ({ grid, correction }: RegularGeometry): number =>
  correction?.isResampled ? Math.max(...stepsOf(heightsMm(correction.slices))) : grid.spacingMm[2];

/** More planes than this for each slice are refused: the closest slices lie at nearly one place. */
const MOST_PLANES_A_SLICE = 6;
/** Shifts nearer than this to whole voxels are whole; thousandths of a voxel are rounding. */
const WHOLE_VOXELS = 1e-3;

/**
 * The lattice that holds the slices of a stack whole: their own rows and columns, continued as far as they are
 * shifted; the first slice's voxels are the lattice's own. Planes are the slices themselves, or, `isResampled`, as near
 * to each other as the nearest slices, the first and the last among them.
 *
 * @returns undefined where that takes too many planes
 */
export function correctedGeometry(correction: StackCorrection): RegularGeometry | undefined {
  const { slices, tiltDegrees, isResampled } = correction;
  const { columns, rows, spacingMm, directions, positionsLpsMm } = slices;
  const count = positionsLpsMm.length;
  const heights = heightsMm(slices);
  const spanMm = heights[count - 1]! - heights[0]!;
  const leastMm = Math.min(...heights.slice(1).map((height, k) => height - heights[k]!));
  const steps = isResampled ? Math.ceil(spanMm / leastMm - WHOLE_VOXELS) : count - 1;
  if (steps + 1 > MOST_PLANES_A_SLICE * count) return undefined;
  const reach = ([0, 1] as const).map((axis) => {
    const shifts = tiltDegrees === 0 ? [0] : positionsLpsMm.map((_, k) => shiftVoxels(slices, k)[axis]);
    return {
      from: Math.floor(Math.min(...shifts) + WHOLE_VOXELS),
      to: Math.ceil(Math.max(...shifts) - WHOLE_VOXELS),
    };
  });
  const [alongI, alongJ] = reach as [(typeof reach)[0], (typeof reach)[0]];
  const first: GridLps = {
    sizeIjk: [columns, rows, 1],
    originLpsMm: positionsLpsMm[0]!,
    spacingMm: [spacingMm[0], spacingMm[1], spanMm / steps],
    directions,
  };
  const grid: GridLps = {
    ...first,
    sizeIjk: [columns + alongI.to - alongI.from, rows + alongJ.to - alongJ.from, steps + 1],
    originLpsMm: ijkToLps(first, [alongI.from, alongJ.from, 0]),
  };
  return { kind: 'regular', grid, correction };
}

/** By how many voxels slice k is shifted against the first one, along its rows and columns. */
function shiftVoxels({ positionsLpsMm, directions, spacingMm }: SliceStack, k: number): [number, number] {
  const offset = subtract(positionsLpsMm[k]!, positionsLpsMm[0]!);
  return [dot(offset, directions[0]) / spacingMm[0], dot(offset, directions[1]) / spacingMm[1]];
}

/**
 * Where each slice lies on the lattice: its first voxel's (fractional) i and j, and its (fractional) plane.
 * Shifts of an untilted stack, and heights of one that is not resampled, are within tolerances, and nothing moves.
 */
export function placesOnGrid(grid: GridLps, { slices, tiltDegrees, isResampled }: StackCorrection): Vec3[] {
  const [first] = slices.positionsLpsMm;
  return slices.positionsLpsMm.map((position, k): Vec3 => {
    const offset = subtract(position, grid.originLpsMm);
    const height = dot(subtract(position, first!), grid.directions[2]) / grid.spacingMm[2];
    return [
      tiltDegrees === 0 ? 0 : whole(dot(offset, grid.directions[0]) / grid.spacingMm[0]),
      tiltDegrees === 0 ? 0 : whole(dot(offset, grid.directions[1]) / grid.spacingMm[1]),
      isResampled ? whole(height) : k,
    ];
  });
}

const whole = (value: number): number => {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) < WHOLE_VOXELS ? nearest + 0 : value;
};

/** Along which of the slices' axes a tilted stack is shifted, mm for each mm along the normal, by least squares. */
export function shearOf(offsetsLpsMm: readonly Vec3[], directions: SliceStack['directions']) {
  const [alongRow, alongColumn, normal] = directions;
  const count = offsetsLpsMm.length;
  const mean = offsetsLpsMm.reduce((sum, offset): Vec3 => addScaled(sum, offset, 1 / count), [0, 0, 0]);
  const centred = offsetsLpsMm.map((offset) => subtract(offset, mean));
  const heights = centred.map((offset) => dot(offset, normal));
  const squares = heights.reduce((sum, height) => sum + height * height, 0);
  const slope = (axis: Vec3): number =>
    centred.reduce((sum, offset, k) => sum + heights[k]! * dot(offset, axis), 0) / squares;
  const [perRow, perColumn] = [slope(alongRow), slope(alongColumn)];
  const wanderMm = Math.max(
    ...centred.map((offset, k) =>
      Math.hypot(
        dot(offset, alongRow) - perRow * heights[k]!,
        dot(offset, alongColumn) - perColumn * heights[k]!,
      ),
    ),
  );
  return {
    tiltDegrees: (Math.atan(Math.hypot(perRow, perColumn)) * 180) / Math.PI,
    /** How far a slice lies from the straight line at most. */
    wanderMm,
  };
}

/** What must be said of a correction. */
export function correctionNotes({ slices, tiltDegrees, isResampled }: StackCorrection): Failure[] {
  const heights = heightsMm(slices);
  const notes: Failure[] = [];
  if (tiltDegrees > 0) notes.push(failure('series.tilt-corrected', { tiltDegrees }));
  if (!isResampled) return notes;
  const steps = stepsOf(heights);
  notes.push(failure('series.steps-resampled', { leastMm: Math.min(...steps), mostMm: Math.max(...steps) }));
  const gaps = gapsIn(steps);
  if (gaps.length > 0) {
    const named = gaps.slice(0, MOST_GAPS_NAMED);
    notes.push(
      failure('series.gaps-interpolated', {
        gapsFromMm: named.map((k) => heights[k]!),
        gapsToMm: named.map((k) => heights[k + 1]!),
        otherGaps: gaps.length - named.length,
      }),
    );
  }
  return notes;
}

export const MOST_GAPS_NAMED = 3;
/** A step this much longer than those around it is a gap. */
const GAP_SHARE = 1.5;
/** The steps on each side that are "around". */
const NEIGHBOURS = 3;

export const stepsOf = (positionsMm: readonly number[]): number[] =>
  positionsMm.slice(1).map((position, index) => position - positionsMm[index]!);

export const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** The steps that stand out from their neighbours: a slice is missing there. Steps that change for good do not. */
const gapsIn = (steps: readonly number[]): number[] =>
  steps.flatMap((step, k) => {
    const around = steps.slice(Math.max(0, k - NEIGHBOURS), k + NEIGHBOURS + 1);
    return step > GAP_SHARE * medianOf(around) ? [k] : [];
  });
