/**
 * A triple of numbers: a point or a direction in LPS millimetres, or voxel indices. The name of the variable says
 * which.
 */
export type Vec3 = readonly [number, number, number];

/** Three numbers from one function of the axis: `perAxis((axis) => high[axis] - low[axis])`. */
export const perAxis = (value: (axis: 0 | 1 | 2) => number): [number, number, number] => [
  value(0),
  value(1),
  value(2),
];
export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vec3, factor: number): Vec3 => [a[0] * factor, a[1] * factor, a[2] * factor];
/** a + b · factor */
export const addScaled = (a: Vec3, b: Vec3, factor: number): Vec3 => [
  a[0] + b[0] * factor,
  a[1] + b[1] * factor,
  a[2] + b[2] * factor,
];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
/**
 * The length of (x, y, z): the bits of V8's Math.hypot (scaled by the largest, Kahan's sum) in less than half of its time,
 * and without the lists that it makes of its arguments.
 */
export function hypot3(x: number, y: number, z: number): number {
  const a = Math.abs(x);
  const b = Math.abs(y);
  const c = Math.abs(z);
  let largest = a > b ? a : b;
  if (c > largest) largest = c;
  if (largest === 0 && a === 0 && b === 0 && c === 0) return 0;
  // What is not finite, or not a number.
  if (!(a + b + c < Infinity)) return Math.hypot(x, y, z);
  const first = a / largest;
  const second = b / largest;
  const third = c / largest;
  const squared = first * first;
  const added = second * second;
  const sum = squared + added;
  const lost = sum - squared - added;
  return Math.sqrt(sum + (third * third - lost)) * largest;
}
export const length = (a: Vec3): number => hypot3(a[0], a[1], a[2]);
export const distance = (a: Vec3, b: Vec3): number => hypot3(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
/**
 * The angle between two directions of any length, degrees from 0 to 180. Not by the arc cosine, which makes 2° of equal
 * directions that are rounded to three decimals.
 */
export const angleBetweenDegrees = (a: Vec3, b: Vec3): number =>
  (Math.atan2(length(cross(a, b)), dot(a, b)) * 180) / Math.PI;
export const lerp = (a: Vec3, b: Vec3, t: number): Vec3 => addScaled(scale(a, 1 - t), b, t);

/** The unit vector along a. Throws a RangeError for a vector shorter than 1e-12, which has no direction. */
export function normalize(a: Vec3): Vec3 {
  const norm = length(a);
  if (norm < 1e-12) throw new RangeError('A zero vector has no direction.');
  return scale(a, 1 / norm);
}

/** A unit vector perpendicular to the unit vector `axis`; the same one for the same axis. */
export function perpendicular(axis: Vec3): Vec3 {
  // The coordinate axis least aligned with `axis` gives a well-conditioned cross product.
  const [x, y, z] = [Math.abs(axis[0]), Math.abs(axis[1]), Math.abs(axis[2])];
  const helper: Vec3 = x <= y && x <= z ? [1, 0, 0] : y <= z ? [0, 1, 0] : [0, 0, 1];
  return normalize(cross(axis, helper));
}
