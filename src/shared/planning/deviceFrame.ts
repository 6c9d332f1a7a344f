import { polylineLength } from '../anatomy/centreLine.ts';
import { sectionPlane } from '../anatomy/landingZone.ts';
import type { LumenProfile } from '../contract/planning.ts';
import { type DevicePose, MOST_TILT_DEGREES } from '../contract/virtualDevice.ts';
import {
  add,
  addScaled,
  cross,
  distance,
  dot,
  normalize,
  perpendicular,
  scale,
  subtract,
  type Vec3,
} from '../geometry/vec3.ts';
import type { BodyPlace } from './deviceBody.ts';

/** A place on the centre line with the directions that a device there is tilted in. All unit vectors, LPS. */
export interface LineFrame {
  readonly pointLpsMm: Vec3;
  /** The line's direction, away from the ostium. */
  readonly along: Vec3;
  /** Across the line: towards the head where the ostium's axis allows it. */
  readonly first: Vec3;
  /** Across both. */
  readonly second: Vec3;
}

const SUPERIOR: Vec3 = [0, 0, 1];
const ANTERIOR: Vec3 = [0, -1, 0];
/** Above this cosine the ostium's axis runs too near to the head's direction to be tilted in it. */
const NEARLY_PARALLEL = 0.9;

const RADIANS = Math.PI / 180;

export const lineDepthMm = ({ centreLineLpsMm }: Pick<LumenProfile, 'centreLineLpsMm'>): number =>
  polylineLength(centreLineLpsMm);

/**
 * The frame of the centre line at a depth. The directions across are chosen at the ostium and carried along without
 * twist, so that a device that is moved keeps its tilt.
 */
export function lineFrame(
  { centreLineLpsMm }: Pick<LumenProfile, 'centreLineLpsMm'>,
  ostiumNormal: Vec3,
  depthMm: number,
): LineFrame {
  const line = { pointsLpsMm: centreLineLpsMm, depthMm: polylineLength(centreLineLpsMm) };
  const { pointLpsMm, normal: along } = sectionPlane(line, depthMm);
  const axis = normalize(ostiumNormal);
  const towards = Math.abs(dot(axis, SUPERIOR)) < NEARLY_PARALLEL ? SUPERIOR : ANTERIOR;
  const atOstium = normalize(addScaled(towards, axis, -dot(towards, axis)));
  const first = carried(atOstium, axis, along);
  return { pointLpsMm, along, first, second: cross(along, first) };
}

/** A direction turned as the shortest turn from one axis to another turns it. */
function carried(direction: Vec3, from: Vec3, to: Vec3): Vec3 {
  const cosine = dot(from, to);
  if (cosine < -0.999) return perpendicular(to);
  const turn = cross(from, to);
  const turned = add(scale(direction, cosine), cross(turn, direction));
  const exact = addScaled(turned, turn, dot(turn, direction) / (1 + cosine));
  return normalize(addScaled(exact, to, -dot(exact, to)));
}

/**
 * Where a pose puts a device. Seen across one of the frame's directions, the axis leans by the angle of the other.
 *
 * Example: by 20° and 0° the axis is that of the line turned by 20° towards the first direction.
 */
export function placeOf(
  profile: Pick<LumenProfile, 'centreLineLpsMm'>,
  ostiumNormal: Vec3,
  { depthMm, tiltDegrees }: Pick<DevicePose, 'depthMm' | 'tiltDegrees'>,
): BodyPlace {
  const { pointLpsMm, along, first, second } = lineFrame(profile, ostiumNormal, depthMm);
  const [a, b] = tiltDegrees.map((degrees) => Math.tan(degrees * RADIANS)) as [number, number];
  return {
    centreLpsMm: pointLpsMm,
    axis: normalize(addScaled(addScaled(along, first, a), second, b)),
  };
}

/** The tilt of an axis against the line, within what a pose may have; the reverse of `placeOf`. */
export function tiltOf({ along, first, second }: LineFrame, axis: Vec3): DevicePose['tiltDegrees'] {
  const forward = dot(axis, along);
  const degrees = (direction: Vec3): number => {
    const angle = Math.atan2(dot(axis, direction), forward) / RADIANS;
    const tenths = Math.round(10 * angle) / 10;
    return Math.min(MOST_TILT_DEGREES, Math.max(-MOST_TILT_DEGREES, tenths)) + 0;
  };
  return [degrees(first), degrees(second)];
}

/** How far along the centre line the place lies that is nearest to a point, mm to a tenth. */
export function depthNearest(
  { centreLineLpsMm: points }: Pick<LumenProfile, 'centreLineLpsMm'>,
  pointLpsMm: Vec3,
): number {
  let [walked, nearest, depthMm] = [0, Infinity, 0];
  for (let at = 1; at < points.length; at++) {
    const [from, to] = [points[at - 1]!, points[at]!];
    const step = subtract(to, from);
    const squared = dot(step, step);
    const share =
      squared === 0 ? 0 : Math.min(1, Math.max(0, dot(subtract(pointLpsMm, from), step) / squared));
    const mm = distance(addScaled(from, step, share), pointLpsMm);
    if (mm < nearest) {
      nearest = mm;
      depthMm = walked + share * Math.sqrt(squared);
    }
    walked += Math.sqrt(squared);
  }
  return Math.round(10 * depthMm) / 10;
}

const DIRECTIONS: readonly (readonly [Vec3, string])[] = [
  [[1, 0, 0], 'left'],
  [[-1, 0, 0], 'right'],
  [[0, 1, 0], 'posterior'],
  [[0, -1, 0], 'anterior'],
  [[0, 0, 1], 'cranial'],
  [[0, 0, -1], 'caudal'],
];

/** The side of the patient that a direction points to most: "cranial". */
export const directionInWords = (direction: Vec3): string =>
  DIRECTIONS.reduce((best, one) => (dot(one[0], direction) > dot(best[0], direction) ? one : best))[1];
