import type { PlaneLps } from '../anatomy/plane.ts';
import { type MeasuredSection, measureSection } from '../anatomy/sectionOutline.ts';
import { curveThrough } from '../anatomy/throughPoints.ts';
import type { OutlinePlace, ReaderOutline } from '../contract/readerMarks.ts';
import { type Failure, failure } from '../failures/failure.ts';
import {
  addScaled,
  cross,
  distance,
  dot,
  lerp,
  normalize,
  perpendicular,
  subtract,
  type Vec3,
} from '../geometry/vec3.ts';

/** Distance of the points by which an outline is corrected, mm along it, and their least and largest number. */
const HANDLE_MM = 6;
const LEAST_HANDLES = 6;
const MOST_HANDLES = 20;
/** With fewer points an outline cannot follow a bean. */
export const LEAST_OUTLINE_POINTS = 4;
/** Nothing that an occluder lies in is narrower, mm. */
export const LEAST_OUTLINE_MM = 3;

/**
 * How far a section may have moved from where an outline was drawn, and still be measured by it: 2° are 0.35 mm at 10 mm
 * from the middle, about a voxel.
 */
const SAME_PLACE_MM = 0.5;
const SAME_DIRECTION = Math.cos((2 * Math.PI) / 180);

/** An outline that nobody has changed yet, with points to drag it by. */
export function outlineOf(at: OutlinePlace, plane: PlaneLps, rimLpsMm: readonly Vec3[]): ReaderOutline {
  const lengths = rimLpsMm.map((point, index) => distance(point, rimLpsMm[(index + 1) % rimLpsMm.length]!));
  const total = lengths.reduce((sum, mm) => sum + mm, 0);
  const count = Math.min(MOST_HANDLES, Math.max(LEAST_HANDLES, Math.round(total / HANDLE_MM)));
  const points: Vec3[] = [];
  let walked = 0;
  lengths.forEach((span, index) => {
    while (points.length < count && walked + span > (points.length * total) / count) {
      const share = ((points.length * total) / count - walked) / span;
      points.push(lerp(rimLpsMm[index]!, rimLpsMm[(index + 1) % rimLpsMm.length]!, share));
    }
    walked += span;
  });
  const { pointLpsMm, normal } = plane;
  return {
    at,
    plane: { pointLpsMm, normal },
    pointsLpsMm: points.map((point) => ontoPlane(point, plane)),
    outlineLpsMm: rimLpsMm.map((point) => ontoPlane(point, plane)),
  };
}

/** The outline through other points. What lies between points that were not moved stays as it was. */
export function outlineThrough(outline: ReaderOutline, pointsLpsMm: readonly Vec3[]): ReaderOutline {
  const points = pointsLpsMm.map((point) => ontoPlane(point, outline.plane));
  const { pointsLpsMm: outlineLpsMm } = curveThrough(points, outline.outlineLpsMm, true);
  return { ...outline, pointsLpsMm: points, outlineLpsMm };
}

/** A place of a picture is on an outline as far as it is this near to one of its points, mm. */
const ON_OUTLINE_MM = 1;

export const isOnOutline = ({ outlineLpsMm }: ReaderOutline, point: Vec3): boolean =>
  outlineLpsMm.some((other) => distance(other, point) <= ON_OUTLINE_MM);

/** The outline with one more point, which lies between the two that it is nearest to along the outline. */
export function outlineWith(outline: ReaderOutline, pointLpsMm: Vec3): ReaderOutline {
  const place = (point: Vec3): number => nearestIndex(outline.outlineLpsMm, point);
  const at = place(pointLpsMm);
  // Points stand in the outline's order, which may begin anywhere.
  const places = outline.pointsLpsMm.map(place);
  const count = outline.outlineLpsMm.length;
  const after = places.findIndex((from, index) => {
    const to = places[(index + 1) % places.length]!;
    const span = (to - from + count) % count;
    return (at - from + count) % count <= span;
  });
  const points = [...outline.pointsLpsMm];
  points.splice(after + 1, 0, pointLpsMm);
  return outlineThrough(outline, points);
}

/** The outline without one of its points, drawn anew through the others. */
export function outlineWithout(outline: ReaderOutline, index: number): ReaderOutline {
  const points = outline.pointsLpsMm.filter((_, at) => at !== index);
  // Of the outline as it was, all of which goes by the point, nothing stands.
  return points.length < 3
    ? { ...outline, pointsLpsMm: points }
    : outlineThrough({ ...outline, outlineLpsMm: [] }, points);
}

/** Why an outline is refused; undefined where it is not. */
export function whyNoOutline({ outlineLpsMm, plane, pointsLpsMm }: ReaderOutline): Failure | undefined {
  if (pointsLpsMm.length < LEAST_OUTLINE_POINTS) {
    return failure('planning.outline-needs-points', { least: LEAST_OUTLINE_POINTS });
  }
  if (crossesItself(flattened(outlineLpsMm, plane))) return failure('planning.outline-crosses-itself');
  const section = measured(outlineLpsMm, plane);
  const isWide = section !== null && section.measures.minDiameter.lengthMm >= LEAST_OUTLINE_MM;
  return isWide ? undefined : failure('planning.outline-too-small', { leastMm: LEAST_OUTLINE_MM });
}

/** A section by a reader's outline, measured by the same rules as those of the surface. */
export const measureOutline = ({ outlineLpsMm, plane }: ReaderOutline): MeasuredSection =>
  measureSection(outlineLpsMm, plane);

/** Whether an outline holds for a section that lies in this plane now. */
export function isOutlineUsed({ plane: drawn }: ReaderOutline, now: PlaneLps): boolean {
  const offsetMm = Math.abs(dot(subtract(now.pointLpsMm, drawn.pointLpsMm), drawn.normal));
  const aside = subtract(now.pointLpsMm, drawn.pointLpsMm);
  const isNear = offsetMm <= SAME_PLACE_MM && Math.hypot(...aside) <= LARGEST_SHIFT_MM;
  return isNear && dot(normalize(now.normal), normalize(drawn.normal)) >= SAME_DIRECTION;
}

/** Within its plane a section's point may lie elsewhere: it is the line's, or any of the ostium's plane, mm. */
const LARGEST_SHIFT_MM = 10;

/** The outline that a reader drew of a section, where it holds for the plane that the section lies in now. */
export const usedOutline = (
  outlines: readonly ReaderOutline[],
  at: OutlinePlace,
  now: PlaneLps,
): ReaderOutline | undefined => outlines.find((outline) => outline.at === at && isOutlineUsed(outline, now));

const measured = (outlineLpsMm: readonly Vec3[], plane: PlaneLps): MeasuredSection | null => {
  try {
    return measureSection(outlineLpsMm, plane);
  } catch (thrown) {
    // Without an area.
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
};

const ontoPlane = (point: Vec3, { pointLpsMm, normal }: PlaneLps): Vec3 =>
  addScaled(point, normal, -dot(subtract(point, pointLpsMm), normal));

const nearestIndex = (points: readonly Vec3[], to: Vec3): number => {
  const away = points.map((point) => distance(point, to));
  return away.indexOf(Math.min(...away));
};

type Point2 = readonly [number, number];

function flattened(points: readonly Vec3[], { pointLpsMm, normal }: PlaneLps): Point2[] {
  const u = perpendicular(normal);
  const v = cross(normal, u);
  return points.map((point): Point2 => {
    const offset = subtract(point, pointLpsMm);
    return [dot(offset, u), dot(offset, v)];
  });
}

/** Whether two sides of a closed outline that are no neighbours meet. */
function crossesItself(points: readonly Point2[]): boolean {
  const side = (a: Point2, b: Point2, c: Point2): number =>
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  for (let first = 0; first < points.length; first++) {
    const [a, b] = [points[first]!, points[(first + 1) % points.length]!];
    const last = first === 0 ? points.length - 1 : points.length;
    for (let second = first + 2; second < last; second++) {
      const [c, d] = [points[second]!, points[(second + 1) % points.length]!];
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true;
    }
  }
  return false;
}
