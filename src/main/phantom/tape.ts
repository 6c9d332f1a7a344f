import { farDistances } from './farDistances.ts';
import {
  boxParams,
  ellipsoidParams,
  halfSpaceParams,
  paintParams,
  roughParams,
  tubeParams,
} from './instructionParams.ts';
import { FOLD, type Fold, mirrored, OP } from './instructions.ts';
import { FAR_MM, type PhantomScene, type Shape } from './scene.ts';

const SEGMENTS_PER_TUBE = 4;

/** The instructions of one named shape. */
export interface ShapeBlock {
  readonly name: string;
  readonly register: number;
  readonly code: readonly number[];
  readonly dependencies: readonly string[];
}

export interface Tape {
  readonly scene: PhantomScene;
  /** In the scene's order, by name. Registers are virtual: a program maps them to few real ones. */
  readonly blocks: ReadonlyMap<string, ShapeBlock>;
  /** One `paint` instruction's parameters for each tissue. */
  readonly paintOffsets: readonly number[];
  readonly params: Float32Array;
  readonly virtualRegisterCount: number;
}

/**
 * Compiles the shapes and tissues of a scene, one register for each named shape.
 * @throws RangeError for an empty union, an unknown or doubled name, or a tube without segments
 */
export function compileTape(scene: PhantomScene): Tape {
  const tape: Compilation = { params: [], blocks: new Map(), far: farDistances(scene), registers: 0 };
  for (const { name, shape } of scene.shapes) {
    if (tape.blocks.has(name)) throw new RangeError(`Two shapes are named ${name}.`);
    tape.blocks.set(name, compileShape(tape, name, shape));
  }
  const paintOffsets = scene.tissues.map((tissue) => {
    if (!tape.blocks.has(tissue.shape)) {
      throw new RangeError(
        `The tissue ${tissue.name} is made of the shape ${tissue.shape}, which is not defined.`,
      );
    }
    const offset = tape.params.length;
    tape.params.push(...paintParams(tissue));
    return offset;
  });
  return {
    scene,
    blocks: tape.blocks,
    paintOffsets,
    params: Float32Array.from(tape.params),
    virtualRegisterCount: tape.registers,
  };
}

/** A tape while it is being compiled. */
interface Compilation {
  readonly params: number[];
  readonly blocks: Map<string, ShapeBlock>;
  /** How far from its surface each shape must answer exactly, mm. */
  readonly far: Map<Shape, number>;
  registers: number;
}

/** One named shape while it is being compiled. */
interface OpenBlock {
  readonly tape: Compilation;
  readonly name: string;
  readonly code: number[];
  readonly dependencies: Set<string>;
}

/** What happens to a shape's value: sign·f + bias, folded with `fold` and `blend` into `destination`. */
interface Target {
  readonly destination: number;
  readonly fold: Fold;
  readonly blend: number;
  readonly sign: 1 | -1;
  readonly bias: number;
}

const into = (destination: number): Target => ({ destination, fold: FOLD.set, blend: 0, sign: 1, bias: 0 });

function compileShape(tape: Compilation, name: string, shape: Shape): ShapeBlock {
  const block: OpenBlock = { tape, name, code: [], dependencies: new Set() };
  const register = tape.registers++;
  emit(block, shape, into(register));
  return { name, register, code: block.code, dependencies: [...block.dependencies] };
}

function emit(block: OpenBlock, shape: Shape, target: Target): void {
  const far = block.tape.far.get(shape) ?? FAR_MM;
  switch (shape.kind) {
    case 'halfSpace':
      instruction(block, OP.halfSpace, target, 0, far, halfSpaceParams(shape));
      break;
    case 'box':
      instruction(block, OP.box, target, 0, far, boxParams(shape));
      break;
    case 'ellipsoid':
      instruction(block, OP.ellipsoid, target, 0, far, ellipsoidParams(shape));
      break;
    case 'tube':
      emitTube(block, shape, target, far);
      break;
    case 'union':
      emitGroup(block, shape.of, FOLD.min, 0, target);
      break;
    case 'intersection':
      emitGroup(block, shape.of, FOLD.max, 0, target);
      break;
    case 'smoothUnion': {
      const fold = shape.blendMm > 0 ? FOLD.smoothMin : FOLD.min;
      emitGroup(block, shape.of, fold, Math.max(shape.blendMm, 0), target);
      break;
    }
    case 'smoothIntersection': {
      const fold = shape.blendMm > 0 ? FOLD.smoothMax : FOLD.max;
      emitGroup(block, shape.of, fold, Math.max(shape.blendMm, 0), target);
      break;
    }
    case 'complement':
      emit(block, shape.of, { ...target, sign: target.sign === 1 ? -1 : 1 });
      break;
    case 'offset':
      emit(block, shape.of, { ...target, bias: target.bias - target.sign * shape.growMm });
      break;
    case 'rough':
      instruction(block, OP.rough, target, roughened(block, shape.of), far, roughParams(shape));
      break;
    case 'named':
      instruction(block, OP.load, target, registerOf(block, shape.name), far, []);
      break;
  }
}

function instruction(
  { code, tape: { params } }: OpenBlock,
  op: number,
  target: Target,
  source: number,
  far: number,
  values: readonly number[],
): void {
  code.push(op | (target.fold << 8), target.destination, source, params.length);
  params.push(target.sign, target.bias, target.blend, far, ...values);
}

/** The register of a shape that was defined before. */
function registerOf({ tape, name, dependencies }: OpenBlock, reference: string): number {
  const block = tape.blocks.get(reference);
  if (block === undefined)
    throw new RangeError(`The shape ${reference} is used by ${name} but not defined before it.`);
  dependencies.add(reference);
  return block.register;
}

/** The register with the value that roughness is added to: a named shape's own, or a new one. */
function roughened(block: OpenBlock, shape: Shape): number {
  if (shape.kind === 'named') return registerOf(block, shape.name);
  const register = block.tape.registers++;
  emit(block, shape, into(register));
  return register;
}

/**
 * Members are folded straight into the target where that means the same: the first of a fresh register, or members of a
 * union within a union. Else they get a register of their own, which is then folded into the target.
 */
function emitGroup(
  block: OpenBlock,
  members: readonly Shape[],
  fold: Fold,
  blend: number,
  target: Target,
): void {
  if (members.length === 0)
    throw new RangeError(`The shape ${block.name} has a union or intersection of nothing.`);
  const memberFold = target.sign === 1 ? fold : mirrored(fold);
  const inPlace = target.fold === FOLD.set || (target.fold === memberFold && blend === 0);
  if (!inPlace && members.length > 1) {
    const destination = block.tape.registers++;
    emitGroup(block, members, fold, blend, { ...target, destination, fold: FOLD.set, blend: 0 });
    instruction(block, OP.load, { ...target, sign: 1, bias: 0 }, destination, FAR_MM, []);
    return;
  }
  for (const [index, member] of members.entries()) {
    emit(block, member, index === 0 ? target : { ...target, fold: memberFold, blend });
  }
}

function emitTube(
  block: OpenBlock,
  tube: Extract<Shape, { kind: 'tube' }>,
  target: Target,
  far: number,
): void {
  if (tube.pointsLpsMm.length < 2 || tube.pointsLpsMm.length !== tube.radiiMm.length) {
    throw new RangeError(`A tube of the shape ${block.name} needs two points or more and a radius for each.`);
  }
  if (tube.pointsLpsMm.length - 1 <= SEGMENTS_PER_TUBE) {
    instruction(block, OP.tube, target, 0, far, tubeParams(tube));
    return;
  }
  const parts = splitTube(tube);
  for (const part of parts) block.tape.far.set(part, far);
  emitGroup(block, parts, FOLD.min, 0, target);
}

/** A long tube as a union of short ones: the same function, whose parts can be left out far away from them. */
function splitTube(tube: Extract<Shape, { kind: 'tube' }>): Shape[] {
  const parts: Shape[] = [];
  for (let first = 0; first < tube.pointsLpsMm.length - 1; first += SEGMENTS_PER_TUBE) {
    const end = first + SEGMENTS_PER_TUBE + 1;
    parts.push({
      ...tube,
      pointsLpsMm: tube.pointsLpsMm.slice(first, end),
      radiiMm: tube.radiiMm.slice(first, end),
    });
  }
  return parts;
}
