import {
  ADD_F64X2,
  BRANCH_IF_0,
  END,
  F64,
  get,
  I32,
  I32_ADD,
  I32_LT_U,
  i32Const,
  LOOP,
  loadF64Twice,
  loadV128,
  MUL_F64X2,
  SELECT_V128,
  set,
  storeV128,
  tee,
  V128,
  type ValueType,
} from '#shared/webAssembly/instructions.ts';
import { moduleBytes } from '#shared/webAssembly/moduleBytes.ts';
import { SEGMENT_WORDS } from './instructions.ts';
import { BATCH } from './workspace.ts';

/**
 * Distances of many points to the few segments of a tube, as WebAssembly functions written here byte by byte: two points
 * at a time with fixed-width SIMD, which JavaScript does not reach. Its additions, products, quotients and roots of
 * 64-bit numbers are JavaScript's, so each distance is too, bit for bit.
 */
export interface TubeKernel {
  /** The points, LPS mm, up to a batch. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** What the functions write: the least value of any segment. */
  readonly value: Float64Array;
  /** SEGMENT_WORDS numbers a segment, as in the tape; up to {@link MOST_SEGMENTS}. */
  readonly segments: Float64Array;
  /** |p − nearest point of the axis| − radius there, for the first `count` points. */
  round(count: number, segmentCount: number): void;
  /**
   * The same for a tube that is squashed along (ux, uy, uz): with s the offset from the axis whose part along u is
   * multiplied by 1 + `stretch`, |offset|·(1 − radius/|s|), or −radius·`narrow` on the axis.
   */
  squashed(
    count: number,
    segmentCount: number,
    ux: number,
    uy: number,
    uz: number,
    stretch: number,
    narrow: number,
  ): void;
}

/** Tubes of the tape have at most four. */
export const MOST_SEGMENTS = 64;

const NUMBER_BYTES = 8;
const COLUMN_BYTES = BATCH * NUMBER_BYTES;
const [X_AT, Y_AT, Z_AT, VALUE_AT, SEGMENTS_AT] = [0, 1, 2, 3, 4].map((column) => column * COLUMN_BYTES) as [
  number,
  number,
  number,
  number,
  number,
];
const SEGMENT_BYTES = SEGMENT_WORDS * NUMBER_BYTES;
/** Two points. */
const STEP_BYTES = 16;

/** Larger than any distance. */
const NOTHING_MM = 1e9;
/** Squashed offsets below this are on the axis, mm. */
const ON_AXIS_MM = 1e-5;

const SPLAT = [0xfd, 0x14];
const LESS = [0xfd, 0x49];
const ROOT = [0xfd, 0xef, 0x01];
const NEGATE = [0xfd, 0xed, 0x01];
const SUB = [0xfd, 0xf1, 0x01];
const DIV = [0xfd, 0xf3, 0x01];
/** Of a, b: b where it is less (more), else a. */
const LESSER = [0xfd, 0xf6, 0x01];
const GREATER = [0xfd, 0xf7, 0x01];

function bothConst(value: number): number[] {
  const bytes = [...new Uint8Array(Float64Array.of(value, value).buffer)];
  return [0xfd, 0x0c, ...bytes];
}

/** Parameters first: bytes of the points, end of the segments; then u, stretch and narrow of a squashed tube. */
const [POINTS_END, SEGMENTS_END, UX, UY, UZ, STRETCH, NARROW] = [0, 1, 2, 3, 4, 5, 6] as const;
const ROUND_PARAMETERS: readonly ValueType[] = [I32, I32];
const SQUASHED_PARAMETERS: readonly ValueType[] = [I32, I32, F64, F64, F64, F64, F64];

function body(isSquashed: boolean): number[] {
  const first = isSquashed ? SQUASHED_PARAMETERS.length : ROUND_PARAMETERS.length;
  const [at, segment] = [first, first + 1];
  const v = (index: number): number => first + 2 + index;
  const [x, y, z, value, dx, dy, dz, t, radius] = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(v) as [
    ...[number, number, number, number, number, number, number, number, number],
  ];
  const [distance, along, sx, sy, sz, squashed] = [9, 10, 11, 12, 13, 14].map(v) as [
    ...[number, number, number, number, number, number],
  ];
  const [bothUx, bothUy, bothUz, bothStretch, bothNarrow] = [15, 16, 17, 18, 19].map(v) as [
    ...[number, number, number, number, number],
  ];
  const word = (index: number): number[] => [...get(segment), ...loadF64Twice(index * NUMBER_BYTES)];
  const dot = (a: readonly number[], b: readonly number[]): number[] => [
    ...[...get(a[0]!), ...get(b[0]!), ...MUL_F64X2],
    ...[...get(a[1]!), ...get(b[1]!), ...MUL_F64X2, ...ADD_F64X2],
    ...[...get(a[2]!), ...get(b[2]!), ...MUL_F64X2, ...ADD_F64X2],
  ];
  const offset = [dx, dy, dz];
  const toAxis = [
    // d = p − a
    ...[...get(x), ...word(0), ...SUB, ...set(dx)],
    ...[...get(y), ...word(1), ...SUB, ...set(dy)],
    ...[...get(z), ...word(2), ...SUB, ...set(dz)],
    // t = d·b/|b|², from 0 to 1
    ...[...get(dx), ...word(3), ...MUL_F64X2],
    ...[...get(dy), ...word(4), ...MUL_F64X2, ...ADD_F64X2],
    ...[...get(dz), ...word(5), ...MUL_F64X2, ...ADD_F64X2],
    ...[...word(6), ...MUL_F64X2],
    ...[...bothConst(0), ...GREATER, ...bothConst(1), ...LESSER, ...set(t)],
    // d −= b·t, radius = r + change·t
    ...[0, 1, 2].flatMap((axis) => [
      ...[...get(offset[axis]!), ...word(3 + axis), ...get(t), ...MUL_F64X2, ...SUB, ...set(offset[axis]!)],
    ]),
    ...[...word(7), ...word(8), ...get(t), ...MUL_F64X2, ...ADD_F64X2, ...set(radius)],
    ...[...dot(offset, offset), ...ROOT, ...set(distance)],
  ];
  const roundValue = [...get(distance), ...get(radius), ...SUB];
  const squashedValue = [
    ...[...dot(offset, [bothUx, bothUy, bothUz]), ...get(bothStretch), ...MUL_F64X2, ...set(along)],
    ...[...get(dx), ...get(bothUx), ...get(along), ...MUL_F64X2, ...ADD_F64X2, ...set(sx)],
    ...[...get(dy), ...get(bothUy), ...get(along), ...MUL_F64X2, ...ADD_F64X2, ...set(sy)],
    ...[...get(dz), ...get(bothUz), ...get(along), ...MUL_F64X2, ...ADD_F64X2, ...set(sz)],
    ...[...dot([sx, sy, sz], [sx, sy, sz]), ...ROOT, ...set(squashed)],
    ...[...get(radius), ...NEGATE, ...get(bothNarrow), ...MUL_F64X2],
    ...[...get(distance), ...bothConst(1), ...get(radius), ...get(squashed), ...DIV, ...SUB, ...MUL_F64X2],
    ...[...get(squashed), ...bothConst(ON_AXIS_MM), ...LESS, ...SELECT_V128],
  ];
  const splats = isSquashed
    ? [
        [UX, bothUx],
        [UY, bothUy],
        [UZ, bothUz],
        [STRETCH, bothStretch],
        [NARROW, bothNarrow],
      ].flatMap(([from, to]) => [...get(from!), ...SPLAT, ...set(to!)])
    : [];
  return [
    ...[2, 2, I32, isSquashed ? 20 : 10, V128],
    ...splats,
    ...LOOP,
    ...[...get(at), ...loadV128(X_AT), ...set(x)],
    ...[...get(at), ...loadV128(Y_AT), ...set(y)],
    ...[...get(at), ...loadV128(Z_AT), ...set(z)],
    ...[...bothConst(NOTHING_MM), ...set(value)],
    ...[...i32Const(SEGMENTS_AT), ...set(segment)],
    ...LOOP,
    ...toAxis,
    ...[...get(value), ...(isSquashed ? squashedValue : roundValue), ...LESSER, ...set(value)],
    ...[...get(segment), ...i32Const(SEGMENT_BYTES), I32_ADD, ...tee(segment)],
    ...[...get(SEGMENTS_END), I32_LT_U, ...BRANCH_IF_0],
    END,
    ...[...get(at), ...get(value), ...storeV128(VALUE_AT)],
    ...[...get(at), ...i32Const(STEP_BYTES), I32_ADD, ...tee(at)],
    ...[...get(POINTS_END), I32_LT_U, ...BRANCH_IF_0],
    END,
    END,
  ];
}

const MODULE = moduleBytes({
  memory: 'own',
  functions: [
    { name: 'round', parameters: ROUND_PARAMETERS, body: body(false) },
    { name: 'squashed', parameters: SQUASHED_PARAMETERS, body: body(true) },
  ],
});

/** What the module exports. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly round: (pointsEnd: number, segmentsEnd: number) => void;
  readonly squashed: (
    pointsEnd: number,
    segmentsEnd: number,
    ...numbers: readonly [number, number, number, number, number]
  ) => void;
}

function createTubeKernel(): TubeKernel {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(MODULE));
  // The module above exports exactly these.
  const { memory, round, squashed } = instance.exports as unknown as Exports;
  const column = (at: number): Float64Array => new Float64Array(memory.buffer, at, BATCH);
  const pointsEnd = (count: number): number => count * NUMBER_BYTES;
  const segmentsEnd = (segmentCount: number): number => SEGMENTS_AT + segmentCount * SEGMENT_BYTES;
  return {
    x: column(X_AT),
    y: column(Y_AT),
    z: column(Z_AT),
    value: column(VALUE_AT),
    segments: new Float64Array(memory.buffer, SEGMENTS_AT, MOST_SEGMENTS * SEGMENT_WORDS),
    round: (count, segmentCount) => round(pointsEnd(count), segmentsEnd(segmentCount)),
    squashed: (count, segmentCount, ux, uy, uz, stretch, narrow) =>
      squashed(pointsEnd(count), segmentsEnd(segmentCount), ux, uy, uz, stretch, narrow),
  };
}

/** The kernel of this thread. Whoever fills it calls it and reads it before anyone else does. */
export const tubeKernel: TubeKernel = createTubeKernel();
