import { valueNoise } from './hashNoise.ts';
import { FOLD, NO_REGISTER, OP, PAINT, WORDS_PER_INSTRUCTION } from './instructions.ts';
import { evaluatePrimitive } from './primitives.ts';
import { BATCH, type Workspace } from './workspace.ts';

/**
 * Runs code on the first `count` points of the workspace. Paint instructions blend into `hu` (edge = edgeMm) and
 * overwrite `label` where a tissue's occupancy is a half or more; the caller fills both with the background.
 * With an edge of 0 they paint labels alone, the same ones.
 */
export function runCode(
  code: Uint32Array,
  codeLength: number,
  params: Float32Array,
  work: Workspace,
  count: number,
  edgeMm: number,
): void {
  for (let at = 0; at < codeLength; at += WORDS_PER_INSTRUCTION) {
    const op = code[at]! & 0xff;
    const offset = code[at + 3]!;
    if (op === OP.paint) {
      if (edgeMm > 0) paint(params, offset, code[at + 2]!, work, count, edgeMm);
      else paintLabel(params[offset + PAINT.label]!, code[at + 2]!, work, count);
      continue;
    }
    evaluatePrimitive(op, code[at + 2]!, params, offset, work, count);
    fold(code[at]! >> 8, code[at + 1]! * BATCH, params, offset, work, count);
  }
}

/** sign·v + bias into the destination register. */
function fold(
  kind: number,
  into: number,
  params: Float32Array,
  offset: number,
  work: Workspace,
  count: number,
): void {
  const { registers, value } = work;
  const sign = params[offset]!;
  const bias = params[offset + 1]!;
  const blend = params[offset + 2]!;
  if (kind === FOLD.set) {
    for (let n = 0; n < count; n++) registers[into + n] = sign * value[n]! + bias;
  } else if (kind === FOLD.min) {
    for (let n = 0; n < count; n++) {
      const v = sign * value[n]! + bias;
      if (v < registers[into + n]!) registers[into + n] = v;
    }
  } else if (kind === FOLD.max) {
    for (let n = 0; n < count; n++) {
      const v = sign * value[n]! + bias;
      if (v > registers[into + n]!) registers[into + n] = v;
    }
  } else if (kind === FOLD.smoothMin) {
    for (let n = 0; n < count; n++) {
      registers[into + n] = smoothMin(registers[into + n]!, sign * value[n]! + bias, blend);
    }
  } else {
    for (let n = 0; n < count; n++) {
      registers[into + n] = -smoothMin(-registers[into + n]!, -(sign * value[n]! + bias), blend);
    }
  }
}

/** The quadratic smooth minimum; exactly a or b where they differ by the blend or more. */
export function smoothMin(a: number, b: number, blend: number): number {
  const h = 0.5 + (0.5 * (b - a)) / blend;
  if (h >= 1) return a;
  if (h <= 0) return b;
  return b + (a - b) * h - blend * h * (1 - h);
}

function paint(
  params: Float32Array,
  o: number,
  source: number,
  work: Workspace,
  count: number,
  edgeMm: number,
): void {
  const { x, y, z, registers, hu, label } = work;
  const from = source * BATCH;
  const everywhere = source === NO_REGISTER;
  const base = params[o + PAINT.baseHu]!;
  const tissueLabel = params[o + PAINT.label]!;
  const textureHu = params[o + PAINT.textureHu]!;
  const inverse = params[o + PAINT.textureInverse]!;
  const seed = ((params[o + PAINT.textureSeed]! << 16) | params[o + PAINT.textureSeed + 1]!) >>> 0;
  const rampHu = params[o + PAINT.rampHu]!;
  const r = o + PAINT.rampFrom;
  const inverseEdge = 1 / edgeMm;
  for (let n = 0; n < count; n++) {
    let occupancy = 1;
    if (!everywhere) {
      occupancy = 0.5 - registers[from + n]! * inverseEdge;
      if (occupancy <= 0) continue;
      if (occupancy > 1) occupancy = 1;
    }
    let value = base;
    if (textureHu !== 0)
      value += textureHu * valueNoise(x[n]! * inverse, y[n]! * inverse, z[n]! * inverse, seed);
    if (rampHu !== 0) {
      const along =
        (x[n]! - params[r]!) * params[r + 3]! +
        (y[n]! - params[r + 1]!) * params[r + 4]! +
        (z[n]! - params[r + 2]!) * params[r + 5]!;
      const t = Math.min(Math.max((along - params[r + 6]!) * params[r + 7]!, 0), 1);
      value += rampHu * t * t * (3 - 2 * t);
    }
    hu[n] = hu[n]! + (value - hu[n]!) * occupancy;
    if (occupancy >= 0.5) label[n] = tissueLabel;
  }
}

function paintLabel(
  tissueLabel: number,
  source: number,
  { registers, label }: Workspace,
  count: number,
): void {
  if (source === NO_REGISTER) label.fill(tissueLabel, 0, count);
  else {
    const from = source * BATCH;
    for (let n = 0; n < count; n++) if (registers[from + n]! <= 0) label[n] = tissueLabel;
  }
}
