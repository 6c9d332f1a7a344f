import type { AnnotationShape } from '../contract/annotations.ts';
import type { OstiumPlane } from '../contract/values.ts';
import {
  add,
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
} from '../geometry/vec3.ts';
import { largestLoop } from './freehandOutline.ts';

/** Half axes do not become shorter than this, mm: an ellipse stays one. */
const SHORTEST_HALF_AXIS_MM = 0.1;

/** The points that a reader moves; of an ellipse the four ends of its axes. */
export function handlesOf(shape: AnnotationShape): readonly Vec3[] {
  if (shape.kind !== 'ellipse') return shape.pointsLpsMm;
  const { centreLpsMm, halfAxesLpsMm } = shape;
  return halfAxesLpsMm.flatMap((half) => [add(centreLpsMm, half), subtract(centreLpsMm, half)]);
}

/** Where it lies as a whole, for showing it. */
export function middleOf(shape: AnnotationShape): Vec3 {
  const points = handlesOf(shape);
  return scale(
    points.reduce((sum, one) => add(sum, one), [0, 0, 0] as Vec3),
    1 / points.length,
  );
}

/** The foot of a point on a plane. */
export const ontoPlane = ({ pointLpsMm, normal }: OstiumPlane, point: Vec3): Vec3 =>
  addScaled(point, normal, -dot(subtract(point, pointLpsMm), normal));

/** The shape with one of its handles on the plane at a point; an ellipse turns and keeps its centre. */
export function withHandle(
  shape: AnnotationShape,
  plane: OstiumPlane,
  handle: number,
  pointLpsMm: Vec3,
): AnnotationShape {
  const point = ontoPlane(plane, pointLpsMm);
  const put = <P extends readonly Vec3[]>(points: P): P =>
    // A map keeps the length, which the compiler does not know.
    points.map((one, at) => (at === handle ? point : one)) as unknown as P;
  switch (shape.kind) {
    case 'ruler':
      return { ...shape, pointsLpsMm: put(shape.pointsLpsMm) };
    case 'angle':
      return { ...shape, pointsLpsMm: put(shape.pointsLpsMm) };
    case 'text':
      return { ...shape, pointsLpsMm: put(shape.pointsLpsMm) };
    case 'freehand':
      return { ...shape, pointsLpsMm: put(shape.pointsLpsMm) };
    case 'ellipse': {
      const axis = handle < 2 ? 0 : 1;
      const towards = subtract(point, shape.centreLpsMm);
      const half = handle % 2 === 0 ? towards : scale(towards, -1);
      if (length(half) < SHORTEST_HALF_AXIS_MM) return shape;
      const other = shape.halfAxesLpsMm[1 - axis]!;
      const across = cross(plane.normal, normalize(half));
      const side = dot(across, other) < 0 ? -1 : 1;
      const turned = scale(across, side * length(other));
      return { ...shape, halfAxesLpsMm: axis === 0 ? [half, turned] : [turned, half] };
    }
  }
}

/** The whole shape moved by the part of a shift that lies along its plane. */
export function moved(shape: AnnotationShape, plane: OstiumPlane, shiftLpsMm: Vec3): AnnotationShape {
  const shift = addScaled(shiftLpsMm, plane.normal, -dot(shiftLpsMm, plane.normal));
  const by = <P extends readonly Vec3[]>(points: P): P =>
    // A map keeps the length, which the compiler does not know.
    points.map((one) => add(one, shift)) as unknown as P;
  switch (shape.kind) {
    case 'ruler':
      return { ...shape, pointsLpsMm: by(shape.pointsLpsMm) };
    case 'angle':
      return { ...shape, pointsLpsMm: by(shape.pointsLpsMm) };
    case 'text':
      return { ...shape, pointsLpsMm: by(shape.pointsLpsMm) };
    case 'freehand':
      return { ...shape, pointsLpsMm: by(shape.pointsLpsMm) };
    case 'ellipse':
      return { ...shape, centreLpsMm: add(shape.centreLpsMm, shift) };
  }
}

/** Points of an ellipse's outline, in order. */
export const ellipseOutline = (
  { centreLpsMm, halfAxesLpsMm: [first, second] }: Extract<AnnotationShape, { kind: 'ellipse' }>,
  count = 72,
): Vec3[] =>
  Array.from({ length: count }, (_, at) => {
    const angle = (2 * Math.PI * at) / count;
    return addScaled(addScaled(centreLpsMm, first, Math.cos(angle)), second, Math.sin(angle));
  });

export const lengthMm = ([from, to]: readonly [Vec3, Vec3]): number => distance(from, to);

/** Between the two arms, 0 to 180; 0 where an arm has no length. */
export function angleDegrees([from, vertex, to]: readonly [Vec3, Vec3, Vec3]): number {
  const [a, b] = [subtract(from, vertex), subtract(to, vertex)];
  return (Math.atan2(length(cross(a, b)), dot(a, b)) * 180) / Math.PI;
}

/** Within an ellipse or an outline that does not cross itself. */
export function areaMm2(shape: Extract<AnnotationShape, { kind: 'ellipse' | 'freehand' }>): number {
  if (shape.kind === 'ellipse') {
    const [first, second] = shape.halfAxesLpsMm;
    return Math.PI * length(cross(first, second));
  }
  const [origin, ...rest] = shape.pointsLpsMm;
  if (!origin) return 0;
  const offsets = rest.map((one) => subtract(one, origin));
  const sum = offsets.reduce(
    (total, offset, at) => {
      const next = offsets[at + 1];
      return next ? add(total, cross(offset, next)) : total;
    },
    [0, 0, 0] as Vec3,
  );
  return length(sum) / 2;
}

/** A free region whose outline no longer crosses itself: its largest loop. What is no such region stays as it is. */
export function withoutCrossings(
  shape: AnnotationShape,
  { pointLpsMm, normal }: OstiumPlane,
): AnnotationShape {
  if (shape.kind !== 'freehand') return shape;
  const across = perpendicular(normal);
  const along = cross(normal, across);
  const flat = shape.pointsLpsMm.map((point): readonly [number, number] => {
    const offset = subtract(point, pointLpsMm);
    return [dot(offset, across), dot(offset, along)];
  });
  const simple = largestLoop(flat);
  if (simple === flat || simple.length < 3) return shape;
  const pointsLpsMm = simple.map(([x, y]) => addScaled(addScaled(pointLpsMm, across, x), along, y));
  return { ...shape, pointsLpsMm };
}
