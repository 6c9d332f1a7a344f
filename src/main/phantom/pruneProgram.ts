import {
  FOLD,
  HEADER,
  NO_REGISTER,
  OP,
  SEGMENT_WORDS,
  TUBE_SEGMENTS,
  WORDS_PER_INSTRUCTION,
} from './instructions.ts';
import { evaluatePrimitive } from './primitives.ts';
import type { Program } from './program.ts';
import { smoothMin } from './runCode.ts';
import { createWorkspace } from './workspace.ts';

/** Slack on every bound, mm: above what single precision can lose at a metre. */
const SLACK_MM = 1e-3;

export interface Pruner {
  /**
   * Writes to `into` the instructions of `code` that can matter within a ball, and returns their number of words.
   * What is left gives the very same numbers there: only members that a union cannot show, tissues that do not
   * reach the ball and everything under a tissue that covers it are dropped.
   * @param edgeMm the widest edge that tissues are painted with
   */
  prune(
    code: Uint32Array,
    codeLength: number,
    centreLpsMm: { readonly x: number; readonly y: number; readonly z: number },
    radiusMm: number,
    edgeMm: number,
    into: Uint32Array,
  ): number;
}

/** Interval arithmetic over a ball: the value at its centre and how much each primitive can change within the radius. */
export function createPruner(program: Program): Pruner {
  const { params, outputs } = program;
  const registerCount = Math.max(program.registerCount, 1);
  const work = createWorkspace(1);
  const low = new Float64Array(registerCount);
  const high = new Float64Array(registerCount);
  const live = new Uint8Array(registerCount);
  const keep = new Uint8Array(program.code.length / WORDS_PER_INSTRUCTION);
  const range: Range = { low: 0, high: 0 };

  return {
    prune(code, codeLength, centreLpsMm, radiusMm, edgeMm, into) {
      work.x[0] = centreLpsMm.x;
      work.y[0] = centreLpsMm.y;
      work.z[0] = centreLpsMm.z;
      let covered = 0;
      into.set(code.length === codeLength ? code : code.subarray(0, codeLength));
      for (let at = 0; at < codeLength; at += WORDS_PER_INSTRUCTION) {
        const op = code[at]! & 0xff;
        const source = code[at + 2]!;
        const offset = code[at + 3]!;
        keep[at >> 2] = 1;
        if (op === OP.paint) {
          if (source === NO_REGISTER || high[source]! <= -edgeMm / 2) {
            into[at + 2] = NO_REGISTER;
            covered = at;
          } else if (low[source]! >= edgeMm / 2) keep[at >> 2] = 0;
          continue;
        }
        if (op === OP.load) {
          range.low = low[source]!;
          range.high = high[source]!;
        } else if (op === OP.rough) {
          const amplitude = Math.abs(params[offset + HEADER]!) + SLACK_MM;
          range.low = low[source]! - amplitude;
          range.high = high[source]! + amplitude;
        } else {
          evaluatePrimitive(op, 0, params, offset, work, 1);
          primitiveRange(op, params, offset, work, radiusMm, range);
        }
        const sign = params[offset]!;
        const bias = params[offset + 1]!;
        const valueLow = sign > 0 ? range.low + bias : bias - range.high;
        const valueHigh = sign > 0 ? range.high + bias : bias - range.low;
        const change = foldRange(
          code[at]! >> 8,
          code[at + 1]!,
          valueLow,
          valueHigh,
          params[offset + 2]!,
          low,
          high,
        );
        if (change === FOLDED.nothing) keep[at >> 2] = 0;
        else if (change === FOLDED.replaced) into[at] = op | (FOLD.set << 8);
      }
      // Backwards: what is painted or wanted lives, and what it is made of.
      live.fill(0);
      for (const register of outputs) live[register] = 1;
      for (let at = codeLength - WORDS_PER_INSTRUCTION; at >= 0; at -= WORDS_PER_INSTRUCTION) {
        if (keep[at >> 2] === 0) continue;
        const op = into[at]! & 0xff;
        if (op === OP.paint) {
          if (at < covered) keep[at >> 2] = 0;
          else if (into[at + 2] !== NO_REGISTER) live[into[at + 2]!] = 1;
          continue;
        }
        const destination = into[at + 1]!;
        if (live[destination] === 0) {
          keep[at >> 2] = 0;
          continue;
        }
        if (into[at]! >> 8 === FOLD.set) live[destination] = 0;
        if (op === OP.load || op === OP.rough) live[into[at + 2]!] = 1;
      }
      let length = 0;
      for (let at = 0; at < codeLength; at += WORDS_PER_INSTRUCTION) {
        if (keep[at >> 2] === 0) continue;
        if (length !== at) {
          into[length] = into[at]!;
          into[length + 1] = into[at + 1]!;
          into[length + 2] = into[at + 2]!;
          into[length + 3] = into[at + 3]!;
        }
        length += WORDS_PER_INSTRUCTION;
      }
      return length;
    },
  };
}

interface Range {
  low: number;
  high: number;
}

const FOLDED = { something: 0, nothing: 1, replaced: 2 } as const;

/** Folds the interval into the register's and says whether the value can matter, or the register's former one. */
function foldRange(
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
function primitiveRange(
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
