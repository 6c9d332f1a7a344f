import { type Program, paintProgram, shapeProgram } from './program.ts';
import { runCode } from './runCode.ts';
import type { PhantomScene } from './scene.ts';
import { compileTape, type Tape } from './tape.ts';
import { BATCH, createWorkspace } from './workspace.ts';

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

/** Evaluates point by point: all named shapes, or only those listed (and what they need). */
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
