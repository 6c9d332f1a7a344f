import type { OstiumPlane } from '#shared/contract/values.ts';
import {
  addScaled,
  cross,
  distance,
  dot,
  length,
  normalize,
  perpendicular,
  scale,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import { rotateAbout } from './obliqueAxes.ts';
import { heightAbovePlane, type PlaneFrame } from './planeFrame.ts';

const SMALLEST_RADIUS_MM = 12;

/** The radius of the disc that shows the plane: a little wider than the rim. */
export function discRadiusMm(plane: OstiumPlane, rimLpsMm: Float32Array | null): number {
  let widest = SMALLEST_RADIUS_MM;
  for (let at = 0; at + 2 < (rimLpsMm?.length ?? 0); at += 3) {
    const point: Vec3 = [rimLpsMm![at]!, rimLpsMm![at + 1]!, rimLpsMm![at + 2]!];
    widest = Math.max(widest, distance(point, plane.pointLpsMm) * 1.2);
  }
  return widest;
}

/** Points on the disc's edge, in order, LPS mm. */
export function discOutline(plane: OstiumPlane, radiusMm: number, count = 64): Vec3[] {
  const first = perpendicular(normalize(plane.normal));
  const second = cross(plane.normal, first);
  return Array.from({ length: count }, (_, index) => {
    const angle = (2 * Math.PI * index) / count;
    return addScaled(
      addScaled(plane.pointLpsMm, first, radiusMm * Math.cos(angle)),
      second,
      radiusMm * Math.sin(angle),
    );
  });
}

/** The chord in which a pane's plane cuts the disc, its two ends in LPS mm; null where it misses it. */
export function discSection(
  frame: PlaneFrame,
  plane: OstiumPlane,
  radiusMm: number,
): readonly [Vec3, Vec3] | null {
  const along = cross(frame.normal, plane.normal);
  const sine = length(along);
  if (sine < 1e-3) return null;
  // The point of the common line nearest to the disc's centre lies along the steepest way to the pane within the disc.
  const towards = normalize(cross(plane.normal, along));
  const slope = dot(towards, frame.normal);
  const step = -heightAbovePlane(frame, plane.pointLpsMm) / slope;
  if (Math.abs(step) >= radiusMm) return null;
  const foot = addScaled(plane.pointLpsMm, towards, step);
  const half = Math.sqrt(radiusMm * radiusMm - step * step);
  return [addScaled(foot, along, -half / sine), addScaled(foot, along, half / sine)];
}

/** The plane moved along its own normal by a shift's part along it. */
export const movePlane = (plane: OstiumPlane, shiftLpsMm: Vec3): OstiumPlane => ({
  ...plane,
  pointLpsMm: addScaled(plane.pointLpsMm, plane.normal, dot(shiftLpsMm, plane.normal)),
});

/** The plane tilted about its point so that what was seen towards `from` is seen towards `to`; axis: a pane's normal. */
export function tiltPlane(plane: OstiumPlane, axis: Vec3, fromLpsMm: Vec3, toLpsMm: Vec3): OstiumPlane {
  const inPane = (point: Vec3): Vec3 => {
    const offset = subtract(point, plane.pointLpsMm);
    return addScaled(offset, axis, -dot(offset, axis));
  };
  const [from, to] = [inPane(fromLpsMm), inPane(toLpsMm)];
  if (length(from) < 1e-6 || length(to) < 1e-6) return plane;
  const angle = Math.atan2(dot(cross(from, to), axis), dot(from, to));
  return { ...plane, normal: normalize(rotateAbout(plane.normal, axis, angle)) };
}

/** The plane whose normal points from its point to `tipLpsMm`. */
export function aimPlane(plane: OstiumPlane, tipLpsMm: Vec3): OstiumPlane {
  const towards = subtract(tipLpsMm, plane.pointLpsMm);
  return length(towards) < 1e-6 ? plane : { ...plane, normal: scale(towards, 1 / length(towards)) };
}
