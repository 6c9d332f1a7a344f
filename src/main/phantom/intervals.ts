import { FOLD, HEADER, OP, SEGMENT_WORDS, TUBE_SEGMENTS } from './instructions.ts';
import { smoothMin } from './runCode.ts';

/** Slack on every bound, mm: above what single precision can lose at a metre. */
export const SLACK_MM = 1e-3;

/** The least and the greatest value that something can have over a ball, mm. */
export interface Range {
  low: number;
  high: number;
}

/** What folding an interval into a register's shows: nothing of it can matter, or nothing of what was there. */
export const FOLDED = { something: 0, nothing: 1, replaced: 2 } as const;

/** Folds the interval into the register's and says whether the value can matter, or the register's former one. */
export function foldRange(
  fold: number,
  register: number,
  valueLow: number,
  valueHigh: number,
  blend: number,
  low: Float64Array,
  high: Float64Array,
): number {
  const oldLow = low[register]!;
  const oldHigh = high[register]!;
  if (fold === FOLD.set) {
    low[register] = valueLow;
    high[register] = valueHigh;
    return FOLDED.something;
  }
  if (fold === FOLD.min || fold === FOLD.smoothMin) {
    if (valueLow >= oldHigh + blend) return FOLDED.nothing;
    const replaced = oldLow >= valueHigh + blend;
    low[register] = blend > 0 ? smoothMinBound(oldLow, valueLow, blend) : Math.min(oldLow, valueLow);
    high[register] = blend > 0 ? smoothMinBound(oldHigh, valueHigh, blend) : Math.min(oldHigh, valueHigh);
    return replaced ? FOLDED.replaced : FOLDED.something;
  }
  if (valueHigh <= oldLow - blend) return FOLDED.nothing;
  const replaced = oldHigh <= valueLow - blend;
  low[register] = blend > 0 ? -smoothMinBound(-oldLow, -valueLow, blend) : Math.max(oldLow, valueLow);
  high[register] = blend > 0 ? -smoothMinBound(-oldHigh, -valueHigh, blend) : Math.max(oldHigh, valueHigh);
  return replaced ? FOLDED.replaced : FOLDED.something;
}

/** The smooth minimum grows with both of its arguments, so that bounds go through it; infinite ones too. */
function smoothMinBound(a: number, b: number, blend: number): number {
  return Number.isFinite(a) && Number.isFinite(b) ? smoothMin(a, b, blend) : Math.min(a, b);
}

/** The range of a primitive over the ball round the workspace's point, whose value is in work.value[0]. */
export function primitiveRange(
  op: number,
  params: Float32Array,
  offset: number,
  work: {
    readonly x: Float64Array;
    readonly y: Float64Array;
    readonly z: Float64Array;
    readonly value: Float32Array;
  },
  radiusMm: number,
  range: Range,
): void {
  const value = work.value[0]!;
  const o = offset + HEADER;
  const radius = radiusMm + SLACK_MM;
  if (op === OP.halfSpace || op === OP.box) {
    range.low = value - radius;
    range.high = value + radius;
    return;
  }
  const far = params[offset + 3]!;
  if (value >= far) {
    // A bound: the formula may be anything above it.
    range.low = value - radius;
    range.high = Number.POSITIVE_INFINITY;
    return;
  }
  if (op === OP.ellipsoid) ellipsoidRange(params, o, work.x[0]!, work.y[0]!, work.z[0]!, radius, range);
  else if (params[o + 5] === 0) {
    const slope = params[o + 11]!;
    const change = radius * Math.sqrt(1 + slope * slope);
    range.low = value - change;
    range.high = value + change;
  } else ovalTubeRange(params, o, work.x[0]!, work.y[0]!, work.z[0]!, radius, range);
  // Somewhere in the ball the evaluator may answer with a bound, which is at least `far`.
  range.low = Math.min(range.low, far) - SLACK_MM;
  range.high += SLACK_MM;
}

/** f = g·(k0 − 1) with g = k0/k1; k0 and k1 are convex and g lies between the radii. */
function ellipsoidRange(
  params: Float32Array,
  o: number,
  x: number,
  y: number,
  z: number,
  radius: number,
  range: Range,
): void {
  const px = x - params[o]!;
  const py = y - params[o + 1]!;
  const pz = z - params[o + 2]!;
  let k0 = 0;
  let k1 = 0;
  let k2 = 0;
  let widest = 0;
  for (let axis = 0; axis < 3; axis++) {
    const inverse = params[o + 5 + axis]!;
    const row = o + 8 + 3 * axis;
    const q = px * params[row]! + py * params[row + 1]! + pz * params[row + 2]!;
    const once = q * inverse;
    const twice = once * inverse;
    const fourTimes = twice * inverse * inverse;
    k0 += once * once;
    k1 += twice * twice;
    k2 += fourTimes * fourTimes;
    widest = Math.max(widest, inverse);
  }
  k0 = Math.sqrt(k0);
  k1 = Math.sqrt(k1);
  k2 = Math.sqrt(k2);
  const smallest = params[o + 17]!;
  const largest = params[o + 3]!;
  const k0High = k0 + radius * widest;
  const k0Low = Math.max(k0 > 0 ? k0 - (radius * k1) / k0 : 0, 0);
  const k1High = k1 + radius * widest * widest;
  const k1Low = Math.max(k1 > 0 ? k1 - (radius * k2) / k1 : 0, 0);
  const gLow = Math.max(smallest, k0Low / k1High);
  const gHigh = Math.min(largest, k1Low > 0 ? k0High / k1Low : largest);
  range.low = k0Low >= 1 ? gLow * (k0Low - 1) : gHigh * (k0Low - 1);
  range.high = k0High >= 1 ? gHigh * (k0High - 1) : gLow * (k0High - 1);
}

/** f = (|d|/s)·(s − r), the ratio between the narrow and the wide factor; s changes with at most 1/narrow. */
function ovalTubeRange(
  params: Float32Array,
  o: number,
  x: number,
  y: number,
  z: number,
  radius: number,
  range: Range,
): void {
  const stretch = params[o + 5]! - 1;
  const ux = params[o + 6]!;
  const uy = params[o + 7]!;
  const uz = params[o + 8]!;
  const narrow = params[o + 9]!;
  const wide = params[o + 10]!;
  const slope = params[o + 11]!;
  let least = Number.POSITIVE_INFINITY;
  for (let segment = 0, s = o + TUBE_SEGMENTS; segment < params[o + 4]!; segment++, s += SEGMENT_WORDS) {
    let dx = x - params[s]!;
    let dy = y - params[s + 1]!;
    let dz = z - params[s + 2]!;
    const along = (dx * params[s + 3]! + dy * params[s + 4]! + dz * params[s + 5]!) * params[s + 6]!;
    const t = Math.min(Math.max(along, 0), 1);
    dx -= params[s + 3]! * t;
    dy -= params[s + 4]! * t;
    dz -= params[s + 5]! * t;
    const squash = (dx * ux + dy * uy + dz * uz) * stretch;
    const sx = dx + ux * squash;
    const sy = dy + uy * squash;
    const sz = dz + uz * squash;
    const length = Math.sqrt(sx * sx + sy * sy + sz * sz);
    least = Math.min(least, length - params[s + 7]! - params[s + 8]! * t);
  }
  const change = radius * (Math.max(1, stretch + 1) + slope);
  const low = least - change;
  const high = least + change;
  range.low = low > 0 ? narrow * low : wide * low;
  range.high = high > 0 ? wide * high : narrow * high;
}
