import { valueNoise } from './hashNoise.ts';
import { type Program, paintProgram, shapeProgram } from './program.ts';
import type { PhantomScene } from './scene.ts';
import {
  compileTape,
  FOLD,
  HEADER,
  NO_REGISTER,
  OP,
  PAINT,
  SEGMENT_WORDS,
  type Tape,
  TUBE_SEGMENTS,
  WORDS_PER_INSTRUCTION,
} from './tape.ts';

/** Points that are evaluated together: long enough to amortise the interpretation, short enough for the cache. */
export const BATCH = 512;

/** A batch of points, LPS mm, and room for the program's registers: what one thread of evaluation needs. */
export interface Workspace {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** Register r of point n is at r·BATCH + n. */
  readonly registers: Float32Array;
  readonly value: Float32Array;
  /** What painting fills: HU and label of each point. */
  readonly hu: Float32Array;
  readonly label: Uint8Array;
}

export function createWorkspace(registerCount: number): Workspace {
  return {
    x: new Float64Array(BATCH),
    y: new Float64Array(BATCH),
    z: new Float64Array(BATCH),
    registers: new Float32Array(Math.max(registerCount, 1) * BATCH),
    value: new Float32Array(BATCH),
    hu: new Float32Array(BATCH),
    label: new Uint8Array(BATCH),
  };
}

/**
 * Runs code on the first `count` points of the workspace. Paint instructions blend into `hu` (edge = edgeMm) and
 * overwrite `label` where a tissue's occupancy is a half or more; the caller fills both with the background.
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
      paint(params, offset, code[at + 2]!, work, count, edgeMm);
      continue;
    }
    evaluatePrimitive(op, code[at + 2]!, params, offset, work, count);
    fold(code[at]! >> 8, code[at + 1]! * BATCH, params, offset, work, count);
  }
}

/** The value of one instruction, before sign, bias and fold, in work.value. */
export function evaluatePrimitive(
  op: number,
  source: number,
  params: Float32Array,
  offset: number,
  work: Workspace,
  count: number,
): void {
  const o = offset + HEADER;
  switch (op) {
    case OP.halfSpace:
      evaluateHalfSpace(params, o, work, count);
      break;
    case OP.box:
      evaluateBox(params, o, work, count);
      break;
    case OP.ellipsoid:
      evaluateEllipsoid(params, o, params[offset + 3]!, work, count);
      break;
    case OP.tube:
      evaluateTube(params, o, params[offset + 3]!, work, count);
      break;
    case OP.load: {
      const from = source * BATCH;
      work.value.set(work.registers.subarray(from, from + count));
      break;
    }
    default:
      evaluateRough(params, o, source * BATCH, work, count);
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

function evaluateHalfSpace(params: Float32Array, o: number, work: Workspace, count: number): void {
  const { x, y, z, value } = work;
  const [cx, cy, cz] = [params[o]!, params[o + 1]!, params[o + 2]!];
  const [nx, ny, nz] = [params[o + 3]!, params[o + 4]!, params[o + 5]!];
  for (let n = 0; n < count; n++) value[n] = (x[n]! - cx) * nx + (y[n]! - cy) * ny + (z[n]! - cz) * nz;
}

function evaluateBox(params: Float32Array, o: number, work: Workspace, count: number): void {
  const { x, y, z, value } = work;
  for (let n = 0; n < count; n++) {
    const px = x[n]! - params[o]!;
    const py = y[n]! - params[o + 1]!;
    const pz = z[n]! - params[o + 2]!;
    const qx = Math.abs(px * params[o + 6]! + py * params[o + 7]! + pz * params[o + 8]!) - params[o + 3]!;
    const qy = Math.abs(px * params[o + 9]! + py * params[o + 10]! + pz * params[o + 11]!) - params[o + 4]!;
    const qz = Math.abs(px * params[o + 12]! + py * params[o + 13]! + pz * params[o + 14]!) - params[o + 5]!;
    const ox = Math.max(qx, 0);
    const oy = Math.max(qy, 0);
    const oz = Math.max(qz, 0);
    value[n] = Math.sqrt(ox * ox + oy * oy + oz * oz) + Math.min(Math.max(qx, qy, qz), 0) - params[o + 15]!;
  }
}

function evaluateEllipsoid(
  params: Float32Array,
  o: number,
  far: number,
  work: Workspace,
  count: number,
): void {
  const { x, y, z, value } = work;
  const [cx, cy, cz, reach, shrink] = [
    params[o]!,
    params[o + 1]!,
    params[o + 2]!,
    params[o + 3]!,
    params[o + 4]!,
  ];
  const [ix, iy, iz] = [params[o + 5]!, params[o + 6]!, params[o + 7]!];
  for (let n = 0; n < count; n++) {
    const px = x[n]! - cx;
    const py = y[n]! - cy;
    const pz = z[n]! - cz;
    const bound = (Math.sqrt(px * px + py * py + pz * pz) - reach) * shrink;
    if (bound >= far) {
      value[n] = bound;
      continue;
    }
    const ux = (px * params[o + 8]! + py * params[o + 9]! + pz * params[o + 10]!) * ix;
    const uy = (px * params[o + 11]! + py * params[o + 12]! + pz * params[o + 13]!) * iy;
    const uz = (px * params[o + 14]! + py * params[o + 15]! + pz * params[o + 16]!) * iz;
    const k0 = Math.sqrt(ux * ux + uy * uy + uz * uz);
    const vx = ux * ix;
    const vy = uy * iy;
    const vz = uz * iz;
    const k1 = Math.sqrt(vx * vx + vy * vy + vz * vz);
    // At the very centre the formula has no value: the smallest radius stands for it.
    value[n] = k1 < 1e-7 ? -params[o + 17]! : (k0 * (k0 - 1)) / k1;
  }
}

function evaluateTube(params: Float32Array, o: number, far: number, work: Workspace, count: number): void {
  const { x, y, z, value } = work;
  const [cx, cy, cz, reach] = [params[o]!, params[o + 1]!, params[o + 2]!, params[o + 3]!];
  const segmentCount = params[o + 4]!;
  const thickness = params[o + 5]!;
  const [ux, uy, uz, narrow] = [params[o + 6]!, params[o + 7]!, params[o + 8]!, params[o + 9]!];
  const stretch = thickness === 0 ? 0 : thickness - 1;
  for (let n = 0; n < count; n++) {
    const px = x[n]!;
    const py = y[n]!;
    const pz = z[n]!;
    const gx = px - cx;
    const gy = py - cy;
    const gz = pz - cz;
    const bound = Math.sqrt(gx * gx + gy * gy + gz * gz) - reach;
    if (bound >= far) {
      value[n] = bound;
      continue;
    }
    let best = 1e9;
    let s = o + TUBE_SEGMENTS;
    for (let segment = 0; segment < segmentCount; segment++, s += SEGMENT_WORDS) {
      const bx = params[s + 3]!;
      const by = params[s + 4]!;
      const bz = params[s + 5]!;
      let dx = px - params[s]!;
      let dy = py - params[s + 1]!;
      let dz = pz - params[s + 2]!;
      const t = Math.min(Math.max((dx * bx + dy * by + dz * bz) * params[s + 6]!, 0), 1);
      dx -= bx * t;
      dy -= by * t;
      dz -= bz * t;
      const radius = params[s + 7]! + params[s + 8]! * t;
      const d = Math.sqrt(dx * dx + dy * dy + dz * dz);
      let f = d - radius;
      if (stretch !== 0) {
        // s = |d with its part along u divided by the factor|
        const along = (dx * ux + dy * uy + dz * uz) * stretch;
        const sx = dx + ux * along;
        const sy = dy + uy * along;
        const sz = dz + uz * along;
        const squashed = Math.sqrt(sx * sx + sy * sy + sz * sz);
        f = squashed < 1e-5 ? -radius * narrow : d * (1 - radius / squashed);
      }
      if (f < best) best = f;
    }
    value[n] = best;
  }
}

function evaluateRough(params: Float32Array, o: number, from: number, work: Workspace, count: number): void {
  const { x, y, z, value, registers } = work;
  const amplitude = params[o]!;
  const inverse = params[o + 1]!;
  const seed = ((params[o + 2]! << 16) | params[o + 3]!) >>> 0;
  for (let n = 0; n < count; n++) {
    value[n] =
      registers[from + n]! + amplitude * valueNoise(x[n]! * inverse, y[n]! * inverse, z[n]! * inverse, seed);
  }
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

/**
 * Values of one named shape at many points.
 * @param pointsLpsMm 3·N coordinates. @returns N values in mm, negative inside.
 */
export function evaluateNamed(
  tape: Tape,
  name: string,
  pointsLpsMm: Float32Array | Float64Array,
): Float32Array {
  return evaluateProgram(shapeProgram(tape, [name]), pointsLpsMm);
}

/** Values of a program's first output at 3·N coordinates, LPS mm. */
export function evaluateProgram(program: Program, pointsLpsMm: Float32Array | Float64Array): Float32Array {
  const work = createWorkspace(program.registerCount);
  const total = pointsLpsMm.length / 3;
  const result = new Float32Array(total);
  for (let first = 0; first < total; first += BATCH) {
    const count = Math.min(BATCH, total - first);
    for (let n = 0; n < count; n++) {
      const at = 3 * (first + n);
      work.x[n] = pointsLpsMm[at]!;
      work.y[n] = pointsLpsMm[at + 1]!;
      work.z[n] = pointsLpsMm[at + 2]!;
    }
    runCode(program.code, program.code.length, program.params, work, count, 1);
    const from = program.outputs[0]! * BATCH;
    result.set(work.registers.subarray(from, from + count), first);
  }
  return result;
}

export interface ShapeEvaluator {
  /** Evaluates the shapes at one point, LPS mm. */
  evaluate(x: number, y: number, z: number): void;
  /** The value of a named shape at the point evaluated last, mm. */
  valueOf(name: string): number;
}

/** Evaluates point by point; all named shapes, or those named only (and what they need). */
export function createShapeEvaluator(
  tape: Tape,
  names: readonly string[] = [...tape.blocks.keys()],
): ShapeEvaluator {
  const program = shapeProgram(tape, names);
  const work = createWorkspace(program.registerCount);
  const registerOf = new Map(names.map((name, index) => [name, program.outputs[index]!]));
  return {
    evaluate(x, y, z) {
      work.x[0] = x;
      work.y[0] = y;
      work.z[0] = z;
      runCode(program.code, program.code.length, program.params, work, 1, 1);
    },
    valueOf(name) {
      const register = registerOf.get(name);
      if (register === undefined) throw new RangeError(`The shape ${name} was not asked for.`);
      return work.registers[register * BATCH]!;
    },
  };
}

/** HU and label at points without any scanner: the tissues with edge `edgeMm`. For tests and small pictures. */
export function evaluateTissues(
  scene: PhantomScene,
  pointsLpsMm: Float32Array,
  edgeMm: number,
): { hu: Float32Array; label: Uint8Array } {
  const tape = compileTape(scene);
  const program = paintProgram(tape);
  const work = createWorkspace(program.registerCount);
  const total = pointsLpsMm.length / 3;
  const hu = new Float32Array(total);
  const label = new Uint8Array(total);
  for (let first = 0; first < total; first += BATCH) {
    const count = Math.min(BATCH, total - first);
    for (let n = 0; n < count; n++) {
      const at = 3 * (first + n);
      work.x[n] = pointsLpsMm[at]!;
      work.y[n] = pointsLpsMm[at + 1]!;
      work.z[n] = pointsLpsMm[at + 2]!;
    }
    work.hu.fill(scene.backgroundHu);
    work.label.fill(0);
    runCode(program.code, program.code.length, program.params, work, count, edgeMm);
    hu.set(work.hu.subarray(0, count), first);
    label.set(work.label.subarray(0, count), first);
  }
  return { hu, label };
}
