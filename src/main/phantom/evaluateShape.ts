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
