import {
  add,
  addScaled,
  cross,
  distance,
  dot,
  normalize,
  perAxis,
  scale,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';

/** Rodrigues' rotation of `vector` about the unit vector `axis`, right-handed, in radians. */
export function rotateAbout(vector: Vec3, axis: Vec3, angle: number): Vec3 {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return add(addScaled(scale(vector, c), cross(axis, vector), s), scale(axis, dot(axis, vector) * (1 - c)));
}

/** The component of `vector` perpendicular to the unit vector `axis`, normalised. */
export const perpendicularTo = (vector: Vec3, axis: Vec3): Vec3 =>
  normalize(addScaled(vector, axis, -dot(vector, axis)));

/** A direction within a cone: Gaussian scatter (SD per axis) added to a unit vector. */
export function scatter(random: Random, direction: Vec3, spread: number): Vec3 {
  return normalize([
    direction[0] + random.normal(0, spread),
    direction[1] + random.normal(0, spread),
    direction[2] + random.normal(0, spread),
  ]);
}

/** A point scattered by a Gaussian of the given SD in mm along each axis. */
export const jitter = (random: Random, point: Vec3, sdMm: number): Vec3 => [
  point[0] + random.normal(0, sdMm),
  point[1] + random.normal(0, sdMm),
  point[2] + random.normal(0, sdMm),
];

/** A Catmull–Rom curve through the points, `perSpan` pieces between two of them. */
export function smoothCurve(points: readonly Vec3[], perSpan: number): Vec3[] {
  const curve: Vec3[] = [];
  for (let span = 0; span + 1 < points.length; span++) {
    const b = points[span]!;
    const c = points[span + 1]!;
    const a = points[span - 1] ?? subtract(scale(b, 2), c);
    const d = points[span + 2] ?? subtract(scale(c, 2), b);
    for (let piece = 0; piece < perSpan; piece++) {
      const t = piece / perSpan;
      curve.push(perAxis((axis) => catmullRom(a[axis], b[axis], c[axis], d[axis], t)));
    }
  }
  curve.push(points[points.length - 1]!);
  return curve;
}

const catmullRom = (a: number, b: number, c: number, d: number, t: number): number =>
  0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);

/** `count` values that run through the given knots linearly. */
export function spread(knots: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const t = (index / Math.max(1, count - 1)) * (knots.length - 1);
    const low = Math.min(Math.floor(t), knots.length - 2);
    const a = knots[Math.max(0, low)]!;
    const b = knots[Math.min(knots.length - 1, low + 1)]!;
    return a + (b - a) * (t - low);
  });
}

export function polylineLength(points: readonly Vec3[]): number {
  let sum = 0;
  for (let index = 1; index < points.length; index++) sum += distance(points[index - 1]!, points[index]!);
  return sum;
}
