import {
  BRANCH_IF_0,
  END,
  F64,
  get,
  I32,
  I32_ADD,
  I32_LT_U,
  IF,
  i32Const,
  LOOP,
  set,
  tee,
  V128,
  type ValueType,
} from '#shared/webAssembly/instructions.ts';
import { moduleBytes } from '#shared/webAssembly/moduleBytes.ts';

/**
 * Trilinear sampling of one level of a feature pyramid on the CPU, as WebAssembly functions written here byte by byte: four
 * channels at a time with fixed-width SIMD, which JavaScript does not reach. A point is sampled at its seven taps.
 *
 * Places and weights are 64-bit numbers. Where channels are taken four at a time, weights are rounded to float32 and the
 * eight neighbours added one after the other in float32; where one at a time, in 64 bits, and the sum is rounded.
 */
export interface SamplingKernels {
  /** Writes each tap's values, for channels in fours. */
  readonly sampleFours: SamplingKernel;
  /** Writes each tap's values, for any number of channels. */
  readonly sampleOnes: SamplingKernel;
  /** Adds each tap's values to what is there, for channels in fours; `isFirst`: what is there before does not count. */
  readonly sumFours: SamplingKernel;
}

/**
 * One of the functions of {@link SamplingKernels}. Addresses and lengths are bytes of the imported memory.
 *
 * @param points x, y, z of each point, float32, up to `pointsEnd`; at least one
 * @param out where the first point's first tap goes; `pointOut` on to the next point, `tapOut` to the next tap
 * @param start the level's first voxel; `tapBytes` on for each tap
 * @param voxelBytes from voxel to voxel along x; `rowBytes` along y, `sliceBytes` along z
 * @param bytes of the channels that are read at a voxel
 * @param last the highest index along each axis
 * @param factor a coordinate lies at factor · (coordinate + 1) + shift voxels
 * @param offset from a point to the taps on both sides of it, in the points' units
 */
export type SamplingKernel = (
  points: number,
  pointsEnd: number,
  out: number,
  pointOut: number,
  tapOut: number,
  start: number,
  tapBytes: number,
  voxelBytes: number,
  rowBytes: number,
  sliceBytes: number,
  bytes: number,
  last: number,
  factor: number,
  shift: number,
  offset: number,
  isFirst: number,
) => void;

/** Channels that one step handles in fours. */
export const FOUR = 4;
const FLOAT_BYTES = 4;

/** For each tap, which of −δ, 0, +δ it takes along x, y and z. */
const TAP_STEPS: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [0, 1, 1],
  [2, 1, 1],
  [1, 0, 1],
  [1, 2, 1],
  [1, 1, 0],
  [1, 1, 2],
];

const f64Const = (value: number): number[] => [...[0x44, ...new Uint8Array(Float64Array.of(value).buffer)]];
const I32_SUB = 0x6b;
const I32_MUL = 0x6c;
const I32_LT_S = 0x48;
const SELECT = 0x1b;
const ELSE = 0x05;
const ADD = 0xa0;
const SUB = 0xa1;
const MUL = 0xa2;
const MIN = 0xa4;
const MAX = 0xa5;
const FLOOR = 0x9c;
const TO_F64 = 0xb7;
const TO_I32 = [0xfc, 0x02];
const PROMOTE = 0xbb;
const DEMOTE = 0xb6;
// Memory operands: alignment as a power of two (4 bytes promised), then a constant offset.
const loadFloat = (offset: number): number[] => [0x2a, 0x02, offset];
const STORE_FLOAT = [0x38, 0x02, 0x00];
const simd = (...code: number[]): number[] => [0xfd, ...code];
const LOAD_FOUR = simd(0x00, 0x02, 0x00);
const STORE_FOUR = simd(0x0b, 0x02, 0x00);
const SPLAT_F32 = simd(0x13);
const ADD_FOUR = simd(0xe4, 0x01);
const MUL_FOUR = simd(0xe6, 0x01);

const each = <T>(count: number, of: (index: number) => readonly T[]): T[] =>
  Array.from({ length: count }, (_, index) => of(index)).flat();

const AXES = 3;
const STEPS = 3;
const CORNERS = 8;
const PARAMETERS: readonly ValueType[] = [...new Array<ValueType>(12).fill(I32), F64, F64, F64, I32];
const [POINTS, POINTS_END, OUT, POINT_OUT, TAP_OUT, START, TAP_BYTES] = [0, 1, 2, 3, 4, 5, 6] as const;
const [VOXEL_BYTES, ROW_BYTES, SLICE_BYTES, BYTES, LAST] = [7, 8, 9, 10, 11] as const;
const [FACTOR, SHIFT, OFFSET, IS_FIRST] = [12, 13, 14, 15] as const;
const stride = (axis: number): number => [VOXEL_BYTES, ROW_BYTES, SLICE_BYTES][axis]!;
// Locals of 32 bits: where taps lie, then what is stepped through.
const LOCALS = PARAMETERS.length;
const lower = (axis: number, step: number): number => LOCALS + STEPS * axis + step;
const upper = (axis: number, step: number): number => LOCALS + AXES * STEPS + STEPS * axis + step;
const corner = (index: number): number => LOCALS + 2 * AXES * STEPS + index;
const [TAP_START, TO, AT, INDEX] = [0, 1, 2, 3].map((n) => LOCALS + 2 * AXES * STEPS + CORNERS + n) as [
  number,
  number,
  number,
  number,
];
const I32_LOCALS = 2 * AXES * STEPS + CORNERS + 4;
// Of 64 bits: shares of the upper and the lower voxel, and weights.
const NUMBERS = LOCALS + I32_LOCALS;
const share = (axis: number, step: number): number => NUMBERS + STEPS * axis + step;
const rest = (axis: number, step: number): number => NUMBERS + AXES * STEPS + STEPS * axis + step;
const weight = (index: number): number => NUMBERS + 2 * AXES * STEPS + index;
const [LAST_NUMBER, MOST_LOWER, PLACE, FLOORED] = [0, 1, 2, 3].map(
  (n) => NUMBERS + 2 * AXES * STEPS + CORNERS + n,
) as [number, number, number, number];
const F64_LOCALS = 2 * AXES * STEPS + CORNERS + 4;
const splat = (index: number): number => NUMBERS + F64_LOCALS + index;

/** Where a step from the point lies along an axis: byte offsets of the voxels on both sides, and their shares. */
const placeStep = (axis: number, step: number): number[] => [
  ...[...get(POINTS), ...loadFloat(FLOAT_BYTES * axis), PROMOTE],
  ...(step === 1 ? [] : [...get(OFFSET), step === 0 ? SUB : ADD]),
  ...[...f64Const(1), ADD, ...get(FACTOR), MUL, ...get(SHIFT), ADD],
  ...[...f64Const(0), MAX, ...get(LAST_NUMBER), MIN, ...tee(PLACE)],
  ...[FLOOR, ...get(MOST_LOWER), MIN, ...tee(FLOORED), ...TO_I32, ...tee(INDEX)],
  ...[...get(stride(axis)), I32_MUL, ...set(lower(axis, step))],
  ...[...get(INDEX), ...i32Const(1), I32_ADD, ...get(LAST)],
  ...[...get(INDEX), ...get(LAST), I32_LT_S, SELECT],
  ...[...get(stride(axis)), I32_MUL, ...set(upper(axis, step))],
  ...[...get(PLACE), ...get(FLOORED), SUB, ...tee(share(axis, step)), ...set(PLACE)],
  ...[...f64Const(1), ...get(PLACE), SUB, ...set(rest(axis, step))],
];

/** Neighbour `index` takes the upper voxel along x, y, z where bit 0, 1, 2 of it is set. */
const isUpper = (index: number, axis: number): boolean => ((index >> axis) & 1) === 1;

/** Addresses and weights of a tap's eight neighbours. */
const placeTap = (steps: readonly [number, number, number]): number[] =>
  each(CORNERS, (index) => {
    const address = (axis: number): number[] =>
      get((isUpper(index, axis) ? upper : lower)(axis, steps[axis]!));
    const part = (axis: number): number[] => get((isUpper(index, axis) ? share : rest)(axis, steps[axis]!));
    return [
      ...[...get(TAP_START), ...address(2), I32_ADD, ...address(1), I32_ADD, ...address(0), I32_ADD],
      ...set(corner(index)),
      ...[...part(0), ...part(1), ...part(2), MUL, MUL, ...set(weight(index))],
    ];
  });

const at = (address: number): number[] => [...get(address), ...get(AT), I32_ADD];
const stepThrough = (bytes: number, work: readonly number[]): number[] => [
  ...[...i32Const(0), ...set(AT), ...LOOP, ...work],
  ...[...get(AT), ...i32Const(bytes), I32_ADD, ...tee(AT), ...get(BYTES), I32_LT_U, ...BRANCH_IF_0],
  END,
];

const blendFours = (isOnto: boolean): number[] =>
  stepThrough(FLOAT_BYTES * FOUR, [
    ...[...at(TO), ...(isOnto ? [...at(TO), ...LOAD_FOUR] : [])],
    ...each(CORNERS, (index) => [
      ...[...at(corner(index)), ...LOAD_FOUR, ...get(splat(index)), ...MUL_FOUR],
      ...(index === 0 && !isOnto ? [] : ADD_FOUR),
    ]),
    ...STORE_FOUR,
  ]);

const blendOnes = (): number[] =>
  stepThrough(FLOAT_BYTES, [
    ...at(TO),
    ...each(CORNERS, (index) => [
      ...[...get(weight(index)), ...at(corner(index)), ...loadFloat(0), PROMOTE, MUL],
      ...(index === 0 ? [] : [ADD]),
    ]),
    ...[DEMOTE, ...STORE_FLOAT],
  ]);

const SPLAT_WEIGHTS = each(CORNERS, (index) => [
  ...[...get(weight(index)), DEMOTE, ...SPLAT_F32, ...set(splat(index))],
]);

/** @param blend what is done at each tap, given its number */
function body(blend: (tap: number) => number[]): number[] {
  return [
    ...[3, I32_LOCALS, I32, F64_LOCALS, F64, CORNERS, V128],
    ...[...get(LAST), TO_F64, ...set(LAST_NUMBER)],
    ...[...get(LAST), ...i32Const(1), I32_SUB, TO_F64, ...f64Const(0), MAX, ...set(MOST_LOWER)],
    ...LOOP,
    ...each(AXES, (axis) => each(STEPS, (step) => placeStep(axis, step))),
    ...[...get(START), ...set(TAP_START), ...get(OUT), ...set(TO)],
    ...TAP_STEPS.flatMap((steps, tap) => [
      ...[...placeTap(steps), ...blend(tap)],
      ...[...get(TAP_START), ...get(TAP_BYTES), I32_ADD, ...set(TAP_START)],
      ...[...get(TO), ...get(TAP_OUT), I32_ADD, ...set(TO)],
    ]),
    ...[...get(OUT), ...get(POINT_OUT), I32_ADD, ...set(OUT)],
    ...[...get(POINTS), ...i32Const(AXES * FLOAT_BYTES), I32_ADD, ...tee(POINTS)],
    ...[...get(POINTS_END), I32_LT_U, ...BRANCH_IF_0],
    END,
    END,
  ];
}

function moduleOfKernels(): Uint8Array<ArrayBuffer> {
  const fours = body(() => [...SPLAT_WEIGHTS, ...blendFours(false)]);
  const ones = body(blendOnes);
  const sums = body((tap) => [
    ...SPLAT_WEIGHTS,
    ...(tap === 0
      ? [...get(IS_FIRST), ...IF, ...blendFours(false), ELSE, ...blendFours(true), END]
      : blendFours(true)),
  ]);
  return moduleBytes({
    memory: 'imported',
    functions: [
      { name: 'sampleFours', parameters: PARAMETERS, body: fours },
      { name: 'sampleOnes', parameters: PARAMETERS, body: ones },
      { name: 'sumFours', parameters: PARAMETERS, body: sums },
    ],
  });
}

let compiled: WebAssembly.Module | undefined;

/** The kernels over a memory of at least one page. */
export function createSamplingKernels(memory: WebAssembly.Memory): SamplingKernels {
  compiled ??= new WebAssembly.Module(moduleOfKernels());
  const instance = new WebAssembly.Instance(compiled, { host: { memory } });
  // The module above exports exactly these functions.
  return instance.exports as unknown as SamplingKernels;
}
