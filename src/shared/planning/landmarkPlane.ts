import type { ReaderMarks } from '../contract/readerMarks.ts';
import type { OstiumPlane } from '../contract/values.ts';
import {
  add,
  addScaled,
  distance,
  dot,
  length,
  normalize,
  scale,
  subtract,
  type Vec3,
} from '../geometry/vec3.ts';

/** The appendage's axis is the direction of its centre line over this length beyond the landmarks, mm. */
const AXIS_LENGTH_MM = 10;
/** Landmarks nearer to each other than this name no line, mm. */
export const LEAST_APART_MM = 5;

/** The two landmarks, both set. */
export interface Landmarks {
  readonly ridge: Vec3;
  readonly circumflex: Vec3;
}

/** Both landmarks; null until both are set. */
export const bothLandmarks = ({ landmarks: { ridge, circumflex } }: ReaderMarks): Landmarks | null =>
  ridge && circumflex ? { ridge, circumflex } : null;

/**
 * The appendage's axis where the landmarks are: the direction of the computed centre line from its point nearest to the
 * middle between them to 10 mm further on, as long as the line is.
 *
 * Example: a straight tube along z from z = 0, landmarks at z = 4 on either side: the line's points at 4 and 14 mm give
 * [0, 0, 1], however the plane lay before.
 * @param lineLpsMm from the ostium to the tip, about 1 mm apart
 * @param towardsLpsMm where the appendage lies, for a surface without a centre line
 */
export function appendageAxis(
  { ridge, circumflex }: Landmarks,
  lineLpsMm: readonly Vec3[],
  towardsLpsMm: Vec3,
): Vec3 {
  const middle = scale(add(ridge, circumflex), 0.5);
  const tip = lineLpsMm.at(-1);
  if (!tip || lineLpsMm.length < 2) return normalize(subtract(towardsLpsMm, middle));
  let nearest = 0;
  lineLpsMm.forEach((point, index) => {
    if (distance(point, middle) < distance(lineLpsMm[nearest]!, middle)) nearest = index;
  });
  // At the tip there is nothing further on: its own last piece.
  nearest = Math.min(nearest, lineLpsMm.length - 2);
  const from = lineLpsMm[nearest]!;
  let walkedMm = 0;
  let at = nearest;
  while (at + 1 < lineLpsMm.length && walkedMm < AXIS_LENGTH_MM) {
    walkedMm += distance(lineLpsMm[at]!, lineLpsMm[at + 1]!);
    at++;
  }
  return normalize(subtract(lineLpsMm[at]!, from));
}

/**
 * The ostium's plane through both landmarks. They fix it but for its turn about the line between them; of all planes
 * through that line it is the one most perpendicular to the appendage's axis (docs/clinical.md, "Definitions"). Its
 * point is the middle between the landmarks, its normal is distal.
 *
 * Example: landmarks at [−10, 0, 0] and [10, 0, 2], axis [0, 0, 1]: the normal is the axis without its part along the
 * line between them, tilted by 5.7° about y.
 * @returns null where the landmarks are less than 5 mm apart, or the axis runs along the line between them
 */
export function planeThroughLandmarks({ ridge, circumflex }: Landmarks, axis: Vec3): OstiumPlane | null {
  if (distance(ridge, circumflex) < LEAST_APART_MM) return null;
  const across = normalize(subtract(circumflex, ridge));
  const perpendicular = addScaled(axis, across, -dot(axis, across));
  if (length(perpendicular) < 0.1 * length(axis)) return null;
  return { pointLpsMm: scale(add(ridge, circumflex), 0.5), normal: normalize(perpendicular) };
}

/** What is reported of landmarks that a reader set; null where a landmark or the plane is not there. */
export interface ReportedLandmarks {
  readonly ridgeLpsMm: Vec3 | null;
  readonly circumflexLpsMm: Vec3 | null;
  readonly apartMm: number | null;
  /** From the ostium's plane, distal positive: 0 until the plane is moved away from the landmarks. */
  readonly ridgeFromPlaneMm: number | null;
  readonly circumflexFromPlaneMm: number | null;
}

export function reportedLandmarks(marks: ReaderMarks, plane: OstiumPlane | null): ReportedLandmarks {
  const { ridge, circumflex } = marks.landmarks;
  const fromPlane = (point: Vec3 | null): number | null =>
    point && plane && dot(subtract(point, plane.pointLpsMm), plane.normal);
  return {
    ridgeLpsMm: ridge,
    circumflexLpsMm: circumflex,
    apartMm: ridge && circumflex && distance(ridge, circumflex),
    ridgeFromPlaneMm: fromPlane(ridge),
    circumflexFromPlaneMm: fromPlane(circumflex),
  };
}
