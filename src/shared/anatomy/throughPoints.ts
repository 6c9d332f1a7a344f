import { addScaled, distance, dot, lerp, scale, subtract, type Vec3 } from '../geometry/vec3.ts';

/** A point within this of a curve lies on it: points are kept to a thousandth of a millimetre. */
const ON_CURVE_MM = 0.005;
/** Distance of the spline's samples, mm. */
const SAMPLE_MM = 1;

/** A curve through a person's points. */
export interface CurveThroughPoints {
  readonly pointsLpsMm: readonly Vec3[];
  /** Those of them that do not lie on the curve before; none where no point was moved away from it. */
  readonly movedLpsMm: readonly Vec3[];
}

/**
 * A curve through points: a centripetal Catmull-Rom spline (Yuksel et al. 2011: no loops, no cusps). Where the four
 * points that a piece of it goes by lie on the curve as it was before, that curve's own piece stands: what nobody moved
 * does not change.
 *
 * Example: of a straight line with points at 0, 5, …, 30 mm the one at 15 mm is pulled 2 mm aside. The line bends
 * between 5 and 25 mm, and is what it was elsewhere.
 * @param points two or more, in order; the first and the last are the curve's ends, or, where it is closed, neighbours
 * @param before the curve that they correct; closed where the result is to be
 */
export function curveThrough(
  points: readonly Vec3[],
  before: readonly Vec3[],
  isClosed: boolean,
): CurveThroughPoints {
  const feet = points.map((point) => footOn(before, point, isClosed));
  const pieces = isClosed ? points.length : points.length - 1;
  const wrapped = (index: number): number =>
    isClosed ? (index + points.length) % points.length : Math.min(Math.max(index, 0), points.length - 1);
  const result: Vec3[] = isClosed ? [] : [points[0]!];
  const moved: Vec3[] = [];
  for (let piece = 0; piece < pieces; piece++) {
    const [a, b, c, d] = [piece - 1, piece, piece + 1, piece + 2].map(wrapped) as [
      number,
      number,
      number,
      number,
    ];
    const stands = [a, b, c, d].every((index) => feet[index]!.awayMm <= ON_CURVE_MM);
    const between = stands ? piecesBetween(before, feet[b]!, feet[c]!, isClosed) : null;
    if (between) {
      result.push(...between, points[c]!);
      continue;
    }
    const [from, to] = [points[b]!, points[c]!];
    const first = a === b ? addScaled(scale(from, 2), to, -1) : points[a]!;
    const last = d === c ? addScaled(scale(to, 2), from, -1) : points[d]!;
    const steps = Math.max(1, Math.round(distance(from, to) / SAMPLE_MM));
    for (let step = 1; step <= steps; step++) {
      const point = step === steps ? to : catmullRom(first, from, to, last, step / steps);
      result.push(point);
      if (step < steps || feet[c]!.awayMm > ON_CURVE_MM) moved.push(point);
    }
  }
  return { pointsLpsMm: result, movedLpsMm: moved };
}

interface Foot {
  readonly awayMm: number;
  /** Index of the curve's point before the foot, and how far beyond it the foot lies. */
  readonly index: number;
  readonly share: number;
}

/** The nearest place on a curve. */
function footOn(curve: readonly Vec3[], point: Vec3, isClosed: boolean): Foot {
  let best: Foot = { awayMm: Infinity, index: 0, share: 0 };
  const pieces = isClosed ? curve.length : curve.length - 1;
  for (let index = 0; index < pieces; index++) {
    const [from, to] = [curve[index]!, curve[(index + 1) % curve.length]!];
    const along = subtract(to, from);
    const squared = dot(along, along);
    const share = squared > 0 ? Math.min(1, Math.max(0, dot(subtract(point, from), along) / squared)) : 0;
    const awayMm = distance(point, addScaled(from, along, share));
    if (awayMm < best.awayMm) best = { awayMm, index, share };
  }
  return best;
}

/** How far along a curve a place on it is, mm. */
export function alongCurveMm(curve: readonly Vec3[], point: Vec3): number {
  const { index, share } = footOn(curve, point, false);
  let sum = 0;
  for (let at = 0; at < index; at++) sum += distance(curve[at]!, curve[at + 1]!);
  return sum + share * distance(curve[index]!, curve[index + 1] ?? curve[index]!);
}

/** The curve's own points between two places on it; null where the second does not come after the first. */
function piecesBetween(curve: readonly Vec3[], from: Foot, to: Foot, isClosed: boolean): Vec3[] | null {
  const start = from.index + from.share;
  const end = to.index + to.share;
  if (end <= start && !isClosed) return null;
  const last = end <= start ? end + curve.length : end;
  const points: Vec3[] = [];
  for (let at = Math.floor(start) + 1; at < last; at++) points.push(curve[at % curve.length]!);
  return points;
}

/** A point of the spline's piece from b to c; `share` 0 to 1. Barry and Goldman's recursion, knots by √distance. */
function catmullRom(a: Vec3, b: Vec3, c: Vec3, d: Vec3, share: number): Vec3 {
  const knot = (from: Vec3, to: Vec3): number => Math.max(1e-6, Math.sqrt(distance(from, to)));
  const t1 = knot(a, b);
  const t2 = t1 + knot(b, c);
  const t3 = t2 + knot(c, d);
  const t = t1 + share * (t2 - t1);
  const ab = lerp(a, b, t / t1);
  const bc = lerp(b, c, (t - t1) / (t2 - t1));
  const cd = lerp(c, d, (t - t2) / (t3 - t2));
  return lerp(lerp(ab, bc, t / t2), lerp(bc, cd, (t - t1) / (t3 - t1)), share);
}
