import { FOLD, HEADER, NO_REGISTER, OP, WORDS_PER_INSTRUCTION } from './instructions.ts';
import { FOLDED, foldRange, primitiveRange, type Range, SLACK_MM } from './intervals.ts';
import { evaluatePrimitive } from './primitives.ts';
import type { Program } from './program.ts';
import { createWorkspace } from './workspace.ts';

export interface Pruner {
  /**
   * Writes to `into` the instructions of `code` that can matter within a ball, and returns their number of words.
   * What is left gives exactly the same numbers there: only members that a union cannot show, tissues that do not
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
  /** Bounds of the program's first output within the ball of the last call, mm; until the next. */
  outputRange(): Readonly<Range>;
}

/**
 * Interval arithmetic over a ball: the value at its centre and how much each primitive can change within the radius.
 *
 * Example: a union of balls a and b of radius 10 mm, 50 mm apart, pruned for a ball of radius 5 mm in the middle of a.
 * There a lies in −15…−5 mm and b in 35…45 mm: b can nowhere be the smaller one, so its instruction goes. A tissue that
 * is painted by a then covers the whole ball (−5 mm is deeper than half of its edge), so all that is painted before it
 * goes too, and the shapes that only those tissues needed; even a itself need not be evaluated any more.
 */
export function createPruner(program: Program): Pruner {
  const { params, outputs } = program;
  const registerCount = Math.max(program.registerCount, 1);
  const work = createWorkspace(1);
  const low = new Float64Array(registerCount);
  const high = new Float64Array(registerCount);
  const live = new Uint8Array(registerCount);
  const keep = new Uint8Array(program.code.length / WORDS_PER_INSTRUCTION);
  const range: Range = { low: 0, high: 0 };

  /** The value of an instruction over the ball, before its sign and bias, into `range`. */
  const valueRange = (op: number, source: number, offset: number, radiusMm: number): void => {
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
  };

  /**
   * Forwards: the bounds of every register. Marks what a fold proves irrelevant and writes simpler instructions where
   * bounds allow. Returns where the last tissue begins that covers the ball.
   */
  const followBounds = (
    code: Uint32Array,
    codeLength: number,
    radiusMm: number,
    edgeMm: number,
    into: Uint32Array,
  ): number => {
    let covered = 0;
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
      valueRange(op, source, offset, radiusMm);
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
    return covered;
  };

  /** Backwards: what is painted or wanted lives, and what it is made of; the rest is not kept. */
  const dropUnused = (into: Uint32Array, codeLength: number, covered: number): void => {
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
  };

  /** Moves what is kept to the front; returns its length in words. */
  const compact = (into: Uint32Array, codeLength: number): number => {
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
  };

  return {
    prune(code, codeLength, centreLpsMm, radiusMm, edgeMm, into) {
      work.x[0] = centreLpsMm.x;
      work.y[0] = centreLpsMm.y;
      work.z[0] = centreLpsMm.z;
      into.set(code.length === codeLength ? code : code.subarray(0, codeLength));
      const covered = followBounds(code, codeLength, radiusMm, edgeMm, into);
      dropUnused(into, codeLength, covered);
      return compact(into, codeLength);
    },
    outputRange() {
      range.low = low[outputs[0]!]!;
      range.high = high[outputs[0]!]!;
      return range;
    },
  };
}
