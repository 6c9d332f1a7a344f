import { FOLD, NO_REGISTER, OP, WORDS_PER_INSTRUCTION } from './instructions.ts';
import type { ShapeBlock, Tape } from './tape.ts';

/** A slice of a tape that is ready to run: only what the wanted shapes need, on as few registers as that takes. */
export interface Program {
  /** Four words an instruction; see instructions.ts. */
  readonly code: Uint32Array;
  readonly params: Float32Array;
  readonly registerCount: number;
  /** The register of each wanted shape, in the order asked for. */
  readonly outputs: readonly number[];
}

/** The program that leaves the named shapes' values in registers. Throws a RangeError for an unknown name. */
export function shapeProgram(tape: Tape, names: readonly string[]): Program {
  const code: number[] = [];
  const emitted = new Set<string>();
  for (const name of names) appendShape(tape, name, code, emitted);
  return allocate(
    tape,
    code,
    names.map((name) => blockOf(tape, name).register),
  );
}

/** The program that paints all tissues in their order, each shape evaluated just before it is first needed. */
export function paintProgram(tape: Tape): Program {
  const code: number[] = [];
  const emitted = new Set<string>();
  for (const [index, tissue] of tape.scene.tissues.entries()) {
    appendShape(tape, tissue.shape, code, emitted);
    code.push(OP.paint, NO_REGISTER, blockOf(tape, tissue.shape).register, tape.paintOffsets[index]!);
  }
  return allocate(tape, code, []);
}

function blockOf(tape: Tape, name: string): ShapeBlock {
  const block = tape.blocks.get(name);
  if (block === undefined) throw new RangeError(`The scene has no shape named ${name}.`);
  return block;
}

function appendShape(tape: Tape, name: string, code: number[], emitted: Set<string>): void {
  if (emitted.has(name)) return;
  emitted.add(name);
  const block = blockOf(tape, name);
  for (const dependency of block.dependencies) appendShape(tape, dependency, code, emitted);
  for (const word of block.code) code.push(word);
}

const readsSource = (op: number): boolean => op === OP.load || op === OP.rough || op === OP.paint;

/** Maps virtual registers to real ones, each free again after its last use. */
function allocate(tape: Tape, virtualCode: readonly number[], wanted: readonly number[]): Program {
  const lastUse = new Map<number, number>();
  for (let at = 0; at < virtualCode.length; at += WORDS_PER_INSTRUCTION) {
    const op = virtualCode[at]! & 0xff;
    if (op !== OP.paint) lastUse.set(virtualCode[at + 1]!, at);
    if (readsSource(op)) lastUse.set(virtualCode[at + 2]!, at);
  }
  for (const register of wanted) lastUse.set(register, Number.POSITIVE_INFINITY);

  const code = Uint32Array.from(virtualCode);
  const real = new Map<number, number>();
  const free: number[] = [];
  let registerCount = 0;
  for (let at = 0; at < code.length; at += WORDS_PER_INSTRUCTION) {
    const op = code[at]! & 0xff;
    const fold = code[at]! >> 8;
    const [destination, source] = [virtualCode[at + 1]!, virtualCode[at + 2]!];
    if (readsSource(op)) {
      code[at + 2] = real.get(source)!;
      if (lastUse.get(source) === at) free.push(real.get(source)!);
    }
    if (op === OP.paint) continue;
    if (fold === FOLD.set) real.set(destination, free.pop() ?? registerCount++);
    code[at + 1] = real.get(destination)!;
    if (lastUse.get(destination) === at) free.push(real.get(destination)!);
  }
  return { code, params: tape.params, registerCount, outputs: wanted.map((register) => real.get(register)!) };
}
