import {
  addScaled,
  cross,
  distance,
  dot,
  normalize,
  perpendicular,
  subtract,
  type Vec3,
} from '../geometry/vec3.ts';
import { sliceMesh } from '../mesh/sliceMesh.ts';
import type { TriangleMesh } from '../mesh/triangleMesh.ts';
import type { CentreLine } from './centreLine.ts';
import type { PlaneLps } from './plane.ts';
import { type MeasuredSection, measureSection } from './sectionOutline.ts';

/** Where occluders sit, mm beyond the ostium along the centre line; which of them counts depends on the device (docs/clinical.md). */
export const LANDING_DISTANCES_MM = [10, 12] as const;

/** A section of the lumen, perpendicular to its centre line. */
export interface LandingZone extends MeasuredSection {
  /** From the ostium's centre along the centre line, mm. */
  readonly distanceMm: number;
  /** Its normal points away from the ostium. */
  readonly plane: PlaneLps;
}

/**
 * The line's direction is that between the points this far before and after, mm: long enough that the grid's steps do
 * not show, short enough that the line's first millimetres, which follow the ostium more than the lumen, do not count.
 */
export const DIRECTION_REACH_MM = 4;
/** Nearer than this to the ostium's plane, mm, an outline runs along the cap: the section is not the lumen's alone. */
export const ON_CAP_MM = 0.3;

/**
 * The section of the lumen at a distance from the ostium along the centre line, perpendicular to it: the piece of the section
 * that the line goes through. Where the lumen leaves the ostium aslant, a section near it meets the ostium's plane
 * before it has gone round the lumen: at 60° that is so within about 1.7 radii of the ostium.
 *
 * Example: the zone at 10 mm of a straight tube. The line's points at 6 and 14 mm give its direction, the plane through
 * the point at 10 mm perpendicular to it cuts the lumen, and of the contours in that plane the one round that point is the
 * zone: a second lobe that the plane happens to cut as well is left out. With a depth of 9 mm there is no such zone.
 * @param closed the closed lumen, LPS mm. @param ostium the plane that it ends at, its normal distal.
 * @returns undefined where the lumen is less deep, or where the section perpendicular to the line runs out through the ostium.
 */
export function landingZone(
  closed: TriangleMesh,
  line: Pick<CentreLine, 'pointsLpsMm' | 'depthMm'>,
  ostium: PlaneLps,
  distanceMm: number,
): LandingZone | undefined {
  if (line.depthMm <= distanceMm) return undefined;
  const plane = sectionPlane(line, distanceMm);
  const section = lumenSection(closed, plane, ostium);
  return section && { distanceMm, plane, ...section };
}

/**
 * The section of the lumen in a plane: the contour round the plane's point.
 * @returns undefined where there is none, or it runs out through the ostium
 */
export function lumenSection(
  closed: TriangleMesh,
  plane: PlaneLps,
  ostium: PlaneLps,
): MeasuredSection | undefined {
  const rim = sliceMesh(closed, plane.pointLpsMm, plane.normal).find(
    ({ pointsLpsMm, closed: isClosed }) => isClosed && surrounds(pointsLpsMm, plane),
  )?.pointsLpsMm;
  if (!rim || rim.length < 3) return undefined;
  const height = (at: Vec3): number => dot(subtract(at, ostium.pointLpsMm), ostium.normal);
  if (rim.some((at) => height(at) < ON_CAP_MM)) return undefined;
  return measureSection(rim, plane);
}

/** The plane through a point of the centre line, perpendicular to the line there; its normal points away from the ostium. */
export function sectionPlane(
  { pointsLpsMm, depthMm }: Pick<CentreLine, 'pointsLpsMm' | 'depthMm'>,
  distanceMm: number,
): PlaneLps {
  const before = pointAlong(pointsLpsMm, Math.max(0, distanceMm - DIRECTION_REACH_MM));
  const after = pointAlong(pointsLpsMm, Math.min(depthMm, distanceMm + DIRECTION_REACH_MM));
  return { pointLpsMm: pointAlong(pointsLpsMm, distanceMm), normal: normalize(subtract(after, before)) };
}

/** The landing zones at all of their distances, as far as the appendage has them; none without a centre line. */
export const landingZones = (
  closed: TriangleMesh,
  line: Pick<CentreLine, 'pointsLpsMm' | 'depthMm'> | undefined,
  ostium: PlaneLps,
): LandingZone[] =>
  line
    ? LANDING_DISTANCES_MM.flatMap((distanceMm) => landingZone(closed, line, ostium, distanceMm) ?? [])
    : [];

function pointAlong(points: readonly Vec3[], alongMm: number): Vec3 {
  let walked = 0;
  for (let index = 1; index < points.length; index++) {
    const [from, to] = [points[index - 1]!, points[index]!];
    const span = distance(from, to);
    if (walked + span >= alongMm && span > 0)
      return addScaled(from, subtract(to, from), (alongMm - walked) / span);
    walked += span;
  }
  return points[points.length - 1]!;
}

/** Whether a loop in the plane goes round the plane's point: its winding number there is not 0. */
function surrounds(loop: readonly Vec3[], { pointLpsMm, normal }: PlaneLps): boolean {
  const u = perpendicular(normal);
  const v = cross(normal, u);
  let turned = 0;
  for (let index = 0; index < loop.length; index++) {
    const a = subtract(loop[index]!, pointLpsMm);
    const b = subtract(loop[(index + 1) % loop.length]!, pointLpsMm);
    const [ax, ay, bx, by] = [dot(a, u), dot(a, v), dot(b, u), dot(b, v)];
    turned += Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
  }
  return Math.abs(turned) > Math.PI;
}
