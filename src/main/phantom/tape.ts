import { perAxis } from '#shared/geometry/vec3.ts';
import { FAR_MM, type PhantomScene, type Shape, type Tissue } from './scene.ts';

/**
 * A scene's shapes as flat instructions over registers, one register for each named shape. An instruction is four
 * words, `op | fold << 8`, destination, source and the offset of its parameters; it computes v (a primitive, or
 * something of the source register), then sign·v + bias, and folds that into the destination. Complements and
 * offsets cost nothing: they are pushed down into sign and bias.
 */
export const OP = { halfSpace: 0, box: 1, ellipsoid: 2, tube: 3, load: 4, rough: 5, paint: 6 } as const;
/** How a value enters its destination register. */
export const FOLD = { set: 0, min: 1, max: 2, smoothMin: 3, smoothMax: 4 } as const;
/** The source of a `paint` that covers everything: no shape need be evaluated. */
export const NO_REGISTER = 0xffff;
export const WORDS_PER_INSTRUCTION = 4;
/** Parameters that every shape instruction begins with: sign, bias, blend, far. */
export const HEADER = 4;
/** Offset within a tube's parameters, and length, of its segments: start 3, start→end 3, 1/length², radius, change of radius. */
export const TUBE_SEGMENTS = 12;
export const SEGMENT_WORDS = 9;
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

type Fold = (typeof FOLD)[keyof typeof FOLD];
/** What happens to a shape's value: sign·f + bias, folded with `fold` and `blend` into `destination`. */
interface Target {
  readonly destination: number;
  readonly fold: Fold;
  readonly blend: number;
  readonly sign: 1 | -1;
  readonly bias: number;
}

/**
 * How far from its surface each shape must answer exactly, so that everything built of it is exact up to FAR_MM:
 * offsets, blends and roughness add their reach.
 */
function farDistances(scene: PhantomScene): Map<Shape, number> {
  const shapeFar = new Map<Shape, number>();
  const nameFar = new Map<string, number>();
  const visit = (shape: Shape, far: number): void => {
    shapeFar.set(shape, Math.max(far, shapeFar.get(shape) ?? 0));
    switch (shape.kind) {
      case 'union':
      case 'intersection':
        for (const member of shape.of) visit(member, far);
        break;
      case 'smoothUnion':
      case 'smoothIntersection':
        for (const member of shape.of) visit(member, far + shape.blendMm);
        break;
      case 'complement':
        visit(shape.of, far);
        break;
      case 'offset':
        visit(shape.of, far + Math.abs(shape.growMm));
        break;
      case 'rough':
        visit(shape.of, far + Math.abs(shape.amplitudeMm));
        break;
      case 'named':
        nameFar.set(shape.name, Math.max(far, nameFar.get(shape.name) ?? FAR_MM));
        break;
      default:
    }
  };
  for (const named of [...scene.shapes].reverse()) visit(named.shape, nameFar.get(named.name) ?? FAR_MM);
  return shapeFar;
}

const mirrored = (fold: Fold): Fold =>
  fold === FOLD.min
    ? FOLD.max
    : fold === FOLD.max
      ? FOLD.min
      : fold === FOLD.smoothMin
        ? FOLD.smoothMax
        : FOLD.smoothMin;

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

/** Compiles the shapes and tissues of a scene. Throws a RangeError for an empty union, an unknown name, or a tube without segments. */
export function compileTape(scene: PhantomScene): Tape {
  const params: number[] = [];
  const blocks = new Map<string, ShapeBlock>();
  const far = farDistances(scene);
  let registers = 0;

  for (const { name, shape } of scene.shapes) {
    const code: number[] = [];
    const dependencies = new Set<string>();
    if (blocks.has(name)) throw new RangeError(`Two shapes are named ${name}.`);

    const instruction = (
      op: number,
      target: Target,
      source: number,
      shapeFar: number,
      values: readonly number[],
    ): void => {
      code.push(op | (target.fold << 8), target.destination, source, params.length);
      params.push(target.sign, target.bias, target.blend, shapeFar, ...values);
    };
    const registerOf = (reference: string): number => {
      const block = blocks.get(reference);
      if (block === undefined)
        throw new RangeError(`The shape ${reference} is used by ${name} but not defined before it.`);
      dependencies.add(reference);
      return block.register;
    };
    const emitGroup = (members: readonly Shape[], fold: Fold, blend: number, target: Target): void => {
      if (members.length === 0)
        throw new RangeError(`The shape ${name} has a union or intersection of nothing.`);
      const memberFold = target.sign === 1 ? fold : mirrored(fold);
      const inPlace = target.fold === FOLD.set || (target.fold === memberFold && blend === 0);
      if (!inPlace && members.length > 1) {
        const destination = registers++;
        emitGroup(members, fold, blend, { ...target, destination, fold: FOLD.set, blend: 0 });
        instruction(OP.load, { ...target, sign: 1, bias: 0 }, destination, FAR_MM, []);
        return;
      }
      for (const [index, member] of members.entries()) {
        emit(member, index === 0 ? target : { ...target, fold: memberFold, blend });
      }
    };
    const emit = (shape: Shape, target: Target): void => {
      const shapeFar = far.get(shape) ?? FAR_MM;
      switch (shape.kind) {
        case 'halfSpace':
          instruction(OP.halfSpace, target, 0, shapeFar, [...shape.pointLpsMm, ...shape.outwardNormal]);
          break;
        case 'box': {
          const inner = shape.halfSizesMm.map((half) => half - shape.roundingMm);
          instruction(OP.box, target, 0, shapeFar, [
            ...shape.centreLpsMm,
            ...inner,
            ...shape.axes.flat(),
            shape.roundingMm,
          ]);
          break;
        }
        case 'ellipsoid': {
          const [smallest, largest] = [Math.min(...shape.radiiMm), Math.max(...shape.radiiMm)];
          const inverse = shape.radiiMm.map((radius) => 1 / radius);
          // |p − c| − largest, times smallest/largest, never exceeds the formula.
          instruction(OP.ellipsoid, target, 0, shapeFar, [
            ...[...shape.centreLpsMm, largest, smallest / largest],
            ...[...inverse, ...shape.axes.flat(), smallest],
          ]);
          break;
        }
        case 'tube':
          if (shape.pointsLpsMm.length < 2 || shape.pointsLpsMm.length !== shape.radiiMm.length) {
            throw new RangeError(
              `A tube of the shape ${name} needs two points or more and a radius for each.`,
            );
          }
          if (shape.pointsLpsMm.length - 1 > SEGMENTS_PER_TUBE) {
            const parts = splitTube(shape);
            for (const part of parts) far.set(part, shapeFar);
            emitGroup(parts, FOLD.min, 0, target);
          } else instruction(OP.tube, target, 0, shapeFar, tubeParams(shape));
          break;
        case 'union':
          emitGroup(shape.of, FOLD.min, 0, target);
          break;
        case 'intersection':
          emitGroup(shape.of, FOLD.max, 0, target);
          break;
        case 'smoothUnion':
          emitGroup(
            shape.of,
            shape.blendMm > 0 ? FOLD.smoothMin : FOLD.min,
            Math.max(shape.blendMm, 0),
            target,
          );
          break;
        case 'smoothIntersection':
          emitGroup(
            shape.of,
            shape.blendMm > 0 ? FOLD.smoothMax : FOLD.max,
            Math.max(shape.blendMm, 0),
            target,
          );
          break;
        case 'complement':
          emit(shape.of, { ...target, sign: target.sign === 1 ? -1 : 1 });
          break;
        case 'offset':
          emit(shape.of, { ...target, bias: target.bias - target.sign * shape.growMm });
          break;
        case 'rough': {
          let source: number;
          if (shape.of.kind === 'named') source = registerOf(shape.of.name);
          else {
            source = registers++;
            emit(shape.of, { destination: source, fold: FOLD.set, blend: 0, sign: 1, bias: 0 });
          }
          instruction(OP.rough, target, source, shapeFar, [
            ...[shape.amplitudeMm, 1 / shape.wavelengthMm],
            ...seedWords(shape.seed),
          ]);
          break;
        }
        case 'named':
          instruction(OP.load, target, registerOf(shape.name), shapeFar, []);
          break;
      }
    };
    const register = registers++;
    emit(shape, { destination: register, fold: FOLD.set, blend: 0, sign: 1, bias: 0 });
    blocks.set(name, { name, register, code, dependencies: [...dependencies] });
  }

  const paintOffsets = scene.tissues.map((tissue) => {
    if (!blocks.has(tissue.shape)) {
      throw new RangeError(
        `The tissue ${tissue.name} is made of the shape ${tissue.shape}, which is not defined.`,
      );
    }
    const offset = params.length;
    params.push(...paintParams(tissue));
    return offset;
  });
  return { scene, blocks, paintOffsets, params: Float32Array.from(params), virtualRegisterCount: registers };
}

/** A 32-bit seed as two numbers that a float holds exactly. */
const seedWords = (seed: number): [number, number] => [(seed >>> 16) & 0xffff, seed & 0xffff];

function tubeParams(tube: Extract<Shape, { kind: 'tube' }>): number[] {
  const { pointsLpsMm: points, radiiMm: radii, squash } = tube;
  const factor = squash?.factor ?? 1;
  const [narrow, wide] = [Math.min(1, factor), Math.max(1, factor)];
  const middle = perAxis((axis) => {
    const values = points.map((point) => point[axis]);
    return (Math.min(...values) + Math.max(...values)) / 2;
  });
  let reach = 0;
  let steepest = 0;
  const segments: number[] = [];
  for (const [index, point] of points.entries()) {
    reach = Math.max(
      reach,
      Math.hypot(point[0] - middle[0], point[1] - middle[1], point[2] - middle[2]) + radii[index]! * wide,
    );
    const next = points[index + 1];
    if (next === undefined) break;
    const along = [next[0] - point[0], next[1] - point[1], next[2] - point[2]] as const;
    const squared = along[0] ** 2 + along[1] ** 2 + along[2] ** 2;
    const change = radii[index + 1]! - radii[index]!;
    if (squared > 0) steepest = Math.max(steepest, Math.abs(change) / Math.sqrt(squared));
    segments.push(...point, ...along, squared > 0 ? 1 / squared : 0, radii[index]!, change);
  }
  return [
    ...[...middle, reach],
    ...[points.length - 1, squash === undefined || factor === 1 ? 0 : 1 / factor],
    ...(squash?.axis ?? [0, 0, 1]),
    ...[narrow, wide, steepest],
    ...segments,
  ];
}

/** Offsets within a `paint` instruction's parameters. */
export const PAINT = {
  baseHu: 0,
  label: 1,
  textureHu: 2,
  textureInverse: 3,
  textureSeed: 4,
  rampHu: 6,
  rampFrom: 7,
  rampDirection: 10,
  rampStart: 13,
  rampInverse: 14,
} as const;

function paintParams({ hu, label }: Tissue): number[] {
  const { texture, ramp } = hu;
  return [
    ...[hu.baseHu, label],
    ...(texture === undefined
      ? [0, 0, 0, 0]
      : [texture.amplitudeHu, 1 / texture.wavelengthMm, ...seedWords(texture.seed)]),
    ...(ramp === undefined
      ? [0, 0, 0, 0, 0, 0, 0, 0, 0]
      : [ramp.deltaHu, ...ramp.fromLpsMm, ...ramp.direction, ramp.startMm, 1 / (ramp.endMm - ramp.startMm)]),
  ];
}
