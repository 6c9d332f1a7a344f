import { platformAssembly } from '../webAssembly/assembly.ts';
import {
  ADD_F64X2,
  BRANCH_IF_0,
  END,
  get,
  I32,
  I32_ADD,
  I32_LT_U,
  IF,
  i32Const,
  LOOP,
  leb,
  loadF64Twice,
  loadV128,
  MUL_F64X2,
  SELECT_V128,
  set,
  storeV128,
  tee,
  V128,
  type ValueType,
} from '../webAssembly/instructions.ts';
import { moduleBytes } from '../webAssembly/moduleBytes.ts';
import type { AxisWeights } from './axisWeights.ts';

/**
 * The means along rows and columns of a slice of 16-bit voxels as WebAssembly functions, written here byte by byte: two rows at a
 * time with fixed-width SIMD, which JavaScript does not reach. Products and sums are JavaScript's, in 64 bits and in the
 * inputs' order, so each mean is too, bit for bit.
 */
interface KernelFunctions {
  /**
   * Spreads eight columns at a time of eight rows, from byte `at` to `end` of the first: to `to` on, the eight rows' numbers of
   * one column, then those of the next; numbers up to `limit` become `instead`. Up to seven columns more are spread.
   */
  readonly spread: (
    at: number,
    end: number,
    rowBytes: number,
    to: number,
    limit: number,
    instead: number,
  ) => void;
  /** The weighted sums of what was spread, for each entry of the table: of eight rows, `rowBytes` apart from `out` on. */
  readonly mean: (table: number, tableEnd: number, out: number, rowBytes: number) => void;
  /**
   * The weighted sums of rows of float32, for each entry of the table: a row of `rowBytes`, a multiple of 16, from `out` on.
   * Rounded to float32 after each addition.
   */
  readonly columns: (table: number, tableEnd: number, rowBytes: number, out: number) => void;
}

/** From the first to the last row or column that counts, the latter not included. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is averaged, slice by slice. */
export interface SliceToAverage {
  readonly sizeI: number;
  readonly sizeJ: number;
  readonly alongI: AxisWeights;
  readonly alongJ: AxisWeights;
  /** What any output along j or i is made of. */
  readonly rows: Span;
  readonly columns: Span;
  /** Values up to `limit` are `instead`: both are 16-bit numbers. */
  readonly limit: number;
  readonly instead: number;
}

export interface SliceAverages {
  /** The means of the last slice, outputs along i fastest. */
  readonly means: Float32Array;
  /** Averages a slice: the sizeI · sizeJ voxels from `offset` on. */
  read(data: Int16Array, offset: number): void;
}

const PAGE_BYTES = 65536;
/** Rows and columns that are handled at once. */
const GROUP = 8;
const WORD_BYTES = 2;
const FLOAT_BYTES = 4;
const NUMBER_BYTES = 8;
/** The numbers of a column in eight rows. */
const COLUMN_BYTES = GROUP * NUMBER_BYTES;
/** First and end of an output's inputs and where its weights begin, bytes; the fourth word is free. */
const ENTRY_WORDS = 4;
const ENTRY_BYTES = FLOAT_BYTES * ENTRY_WORDS;

interface Kernel {
  readonly buffer: ArrayBuffer;
  readonly functions: KernelFunctions;
}

/** The kernel of this thread with the largest memory that was needed. */
let kernel: Kernel | undefined;

function kernelOf(bytes: number): Kernel | undefined {
  if (kernel && kernel.buffer.byteLength >= bytes) return kernel;
  const assembly = platformAssembly();
  const code = moduleOfKernels();
  if (!assembly?.validate(code)) return undefined;
  const memory = new assembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  const { exports } = new assembly.Instance(new assembly.Module(code), { host: { memory } });
  // The module exports exactly these functions.
  kernel = { buffer: memory.buffer, functions: exports as unknown as KernelFunctions };
  return kernel;
}

/**
 * Averages slices by the kernel; undefined where the platform lacks fixed-width SIMD, or the outputs along i are no multiple
 * of four. To be used before the next call in this thread, which takes the same memory.
 */
export function averageByKernel(task: SliceToAverage): SliceAverages | undefined {
  const { sizeI, sizeJ, rows, columns, alongI, alongJ, limit, instead } = task;
  const [outputs, outputsJ] = [alongI.first.length, alongJ.first.length];
  if (outputs % 4 !== 0) return undefined;
  let end = 0;
  const reserve = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / ENTRY_BYTES) * ENTRY_BYTES;
    return start;
  };
  const wordsAt = reserve(WORD_BYTES * (sizeI * (sizeJ + GROUP) + GROUP));
  const spreadAt = reserve(COLUMN_BYTES * (sizeI + GROUP));
  const tableAt = reserve(ENTRY_BYTES * outputs);
  const weightsAt = reserve(NUMBER_BYTES * alongI.weights.length);
  const rowsAt = reserve(FLOAT_BYTES * outputs * (sizeJ + GROUP));
  const tableJAt = reserve(ENTRY_BYTES * outputsJ);
  const weightsJAt = reserve(NUMBER_BYTES * alongJ.weights.length);
  const meansAt = reserve(FLOAT_BYTES * outputs * outputsJ);
  const held = kernelOf(end);
  if (!held) return undefined;
  const { spread, mean, columns: meanOfRows } = held.functions;
  const { buffer } = held;
  const words = new Int16Array(buffer, wordsAt, sizeI * (rows.to - rows.from));
  const rowBytes = WORD_BYTES * sizeI;
  const meanBytes = FLOAT_BYTES * outputs;
  /** Inputs are `stepBytes` apart, number 0 at `at`. */
  const writeTable = (
    tableTo: number,
    weightsTo: number,
    along: AxisWeights,
    at: number,
    stepBytes: number,
  ) => {
    new Float64Array(buffer, weightsTo, along.weights.length).set(along.weights);
    const table = new Uint32Array(buffer, tableTo, ENTRY_WORDS * along.first.length);
    for (let o = 0; o < along.first.length; o++) {
      const first = at + stepBytes * along.first[o]!;
      table[ENTRY_WORDS * o] = first;
      table[ENTRY_WORDS * o + 1] = first + stepBytes * along.count[o]!;
      table[ENTRY_WORDS * o + 2] = weightsTo + NUMBER_BYTES * along.offset[o]!;
    }
  };
  writeTable(tableAt, weightsAt, alongI, spreadAt - COLUMN_BYTES * columns.from, COLUMN_BYTES);
  writeTable(tableJAt, weightsJAt, alongJ, rowsAt, meanBytes);
  return {
    means: new Float32Array(buffer, meansAt, outputs * outputsJ),
    read(data, offset) {
      words.set(data.subarray(offset + sizeI * rows.from, offset + sizeI * rows.to));
      for (let j = rows.from; j < rows.to; j += GROUP) {
        const row = wordsAt + rowBytes * (j - rows.from);
        const [from, to] = [row + WORD_BYTES * columns.from, row + WORD_BYTES * columns.to];
        spread(from, to, rowBytes, spreadAt, limit, instead);
        mean(tableAt, tableAt + ENTRY_BYTES * outputs, rowsAt + meanBytes * j, meanBytes);
      }
      meanOfRows(tableJAt, tableJAt + ENTRY_BYTES * outputsJ, meanBytes, meansAt);
    },
  };
}

const advance = (local: number, bytes: number): number[] => [...[...get(local), ...i32Const(bytes), I32_ADD]];
// Memory operands: alignment as a power of two (2, 4 or 8 bytes promised), then a constant offset.
const loadWord = (offset: number): number[] => [0x28, 0x02, ...leb(offset)];
const LOAD_WORDS = [0xfd, 0x00, 0x01, 0x00];
const storeFloat = (lane: number): number[] => [0xfd, 0x5a, 0x02, 0x00, lane];
const SPLAT_I16X8 = [0xfd, 0x10];
const shuffle = (bytes: readonly number[]): number[] => [0xfd, 0x0d, ...bytes];
const AT_MOST_I16X8 = [0xfd, 0x33];
const EXTEND_LOW_I32X4 = [0xfd, 0xa7, 0x01];
const EXTEND_HIGH_I32X4 = [0xfd, 0xa8, 0x01];
const LOW_TO_F64X2 = [0xfd, 0xfe, 0x01];
const TO_F32X2 = [0xfd, 0x5e];
const LOW_FLOATS_TO_F64X2 = [0xfd, 0x5f];
const PAIRS = [0, 1, 2, 3] as const;
const PAIR_BYTES = 2 * NUMBER_BYTES;
/** Words of a and b in turn, from the given one of each on. */
const inTurn = (from: number): number[] =>
  shuffle(
    [0, 1, 2, 3].flatMap((n) => {
      const byte = WORD_BYTES * (from + n);
      return [byte, byte + 1, byte + 16, byte + 17];
    }),
  );
const LOWER_HALVES = shuffle([...[0, 1, 2, 3, 4, 5, 6, 7], ...[16, 17, 18, 19, 20, 21, 22, 23]]);
const UPPER_HALF = shuffle([...[8, 9, 10, 11, 12, 13, 14, 15], ...[8, 9, 10, 11, 12, 13, 14, 15]]);

function spreadBody(): number[] {
  const [at, end, rowBytes, to, limit, instead] = [0, 1, 2, 3, 4, 5] as const;
  const [row, upper, lower, four, limits, replacements] = [6, 7, 8, 9, 10, 11] as const;
  const readRow = (local: number): number[] => [
    ...[...get(replacements), ...get(row), ...LOAD_WORDS, ...tee(local)],
    ...[...get(local), ...get(limits), ...AT_MOST_I16X8, ...SELECT_V128, ...set(local)],
    ...[...get(row), ...get(rowBytes), I32_ADD, ...set(row)],
  ];
  /** Four columns of two rows. */
  const write = (from: number, pair: number): number[] =>
    [EXTEND_LOW_I32X4, EXTEND_HIGH_I32X4].flatMap((extend, half) => {
      const offset = COLUMN_BYTES * (from + 2 * half) + PAIR_BYTES * pair;
      return [
        ...[...get(upper), ...get(lower), ...inTurn(from), ...extend, ...set(four)],
        ...[...get(to), ...get(four), ...LOW_TO_F64X2, ...storeV128(offset)],
        ...[...get(to), ...get(four), ...get(four), ...UPPER_HALF, ...LOW_TO_F64X2],
        ...storeV128(offset + COLUMN_BYTES),
      ];
    });
  return [
    ...[2, 1, I32, 5, V128],
    ...[...get(limit), ...SPLAT_I16X8, ...set(limits)],
    ...[...get(instead), ...SPLAT_I16X8, ...set(replacements)],
    ...LOOP,
    ...[...get(at), ...set(row)],
    ...PAIRS.flatMap((pair) => [
      ...[...readRow(upper), ...readRow(lower)],
      ...[...write(0, pair), ...write(GROUP / 2, pair)],
    ]),
    ...[...advance(to, GROUP * COLUMN_BYTES), ...set(to)],
    ...[...advance(at, GROUP * WORD_BYTES), ...tee(at), ...get(end), I32_LT_U, ...BRANCH_IF_0],
    END,
    END,
  ];
}

function meanBody(): number[] {
  const [table, tableEnd, out, rowBytes] = [0, 1, 2, 3] as const;
  const [column, end, weight, row] = [4, 5, 6, 7] as const;
  const both = 8;
  const sum = (pair: number): number => 9 + pair;
  const nothing = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
  return [
    ...[2, 4, I32, 5, V128],
    ...LOOP,
    ...[...get(table), ...loadWord(0), ...set(column)],
    ...[...get(table), ...loadWord(FLOAT_BYTES), ...set(end)],
    ...[...get(table), ...loadWord(2 * FLOAT_BYTES), ...set(weight)],
    ...PAIRS.flatMap((pair) => [...nothing, ...set(sum(pair))]),
    ...[...get(column), ...get(end), I32_LT_U, ...IF],
    ...LOOP,
    ...[...get(weight), ...loadF64Twice(0), ...set(both)],
    ...PAIRS.flatMap((pair) => [
      ...[...get(sum(pair)), ...get(both), ...get(column), ...loadV128(PAIR_BYTES * pair)],
      ...[...MUL_F64X2, ...ADD_F64X2, ...set(sum(pair))],
    ]),
    ...[...advance(weight, NUMBER_BYTES), ...set(weight)],
    ...[...advance(column, COLUMN_BYTES), ...tee(column), ...get(end), I32_LT_U, ...BRANCH_IF_0],
    END,
    END,
    ...[...get(out), ...set(row)],
    ...PAIRS.flatMap((pair) => [
      ...[...get(sum(pair)), ...TO_F32X2, ...set(both)],
      ...[0, 1].flatMap((lane) => [
        ...[...get(row), ...get(both), ...storeFloat(lane)],
        ...[...get(row), ...get(rowBytes), I32_ADD, ...set(row)],
      ]),
    ]),
    ...[...advance(out, FLOAT_BYTES), ...set(out)],
    ...[...advance(table, ENTRY_BYTES), ...tee(table), ...get(tableEnd), I32_LT_U, ...BRANCH_IF_0],
    END,
    END,
  ];
}

function columnsBody(): number[] {
  const [table, tableEnd, rowBytes, out] = [0, 1, 2, 3] as const;
  const [row, end, weight, column] = [4, 5, 6, 7] as const;
  const [both, four, lower, upper] = [8, 9, 10, 11] as const;
  const nothing = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
  /** sum + weight · value in 64 bits, rounded to float32. */
  const addTo = (sum: number, value: readonly number[]): number[] => [
    ...[...get(sum), ...get(both), ...value, ...MUL_F64X2, ...ADD_F64X2],
    ...[...TO_F32X2, ...LOW_FLOATS_TO_F64X2, ...set(sum)],
  ];
  return [
    ...[2, 4, I32, 4, V128],
    ...LOOP,
    ...[...i32Const(0), ...set(column)],
    ...LOOP,
    ...[...get(table), ...loadWord(0), ...get(column), I32_ADD, ...set(row)],
    ...[...get(table), ...loadWord(FLOAT_BYTES), ...get(column), I32_ADD, ...set(end)],
    ...[...get(table), ...loadWord(2 * FLOAT_BYTES), ...set(weight)],
    ...[...nothing, ...set(lower), ...nothing, ...set(upper)],
    ...[...get(row), ...get(end), I32_LT_U, ...IF],
    ...LOOP,
    ...[...get(weight), ...loadF64Twice(0), ...set(both), ...get(row), ...LOAD_WORDS, ...set(four)],
    ...addTo(lower, [...get(four), ...LOW_FLOATS_TO_F64X2]),
    ...addTo(upper, [...get(four), ...get(four), ...UPPER_HALF, ...LOW_FLOATS_TO_F64X2]),
    ...[...advance(weight, NUMBER_BYTES), ...set(weight)],
    ...[...get(row), ...get(rowBytes), I32_ADD, ...tee(row), ...get(end), I32_LT_U, ...BRANCH_IF_0],
    END,
    END,
    ...[...get(out), ...get(column), I32_ADD, ...get(lower), ...TO_F32X2, ...get(upper), ...TO_F32X2],
    ...[...LOWER_HALVES, ...storeV128(0)],
    ...[...advance(column, PAIR_BYTES), ...tee(column), ...get(rowBytes), I32_LT_U, ...BRANCH_IF_0],
    END,
    ...[...get(out), ...get(rowBytes), I32_ADD, ...set(out)],
    ...[...advance(table, ENTRY_BYTES), ...tee(table), ...get(tableEnd), I32_LT_U, ...BRANCH_IF_0],
    END,
    END,
  ];
}

const WORDS_4: readonly ValueType[] = [I32, I32, I32, I32];

const moduleOfKernels = (): Uint8Array<ArrayBuffer> =>
  moduleBytes({
    memory: 'imported',
    functions: [
      { name: 'spread', parameters: [...WORDS_4, I32, I32], body: spreadBody() },
      { name: 'mean', parameters: WORDS_4, body: meanBody() },
      { name: 'columns', parameters: WORDS_4, body: columnsBody() },
    ],
  });
