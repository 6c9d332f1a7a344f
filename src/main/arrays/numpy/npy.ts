import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { fromFloat16Bits } from '../float16.ts';
import { type PythonLiteral, parsePythonLiteral } from './pythonLiteral.ts';

/**
 * NumPy's file of one array, `.npy`, versions 1.0 to 3.0.
 * Source: NumPy, "NEP 1 — A Simple File Format for NumPy Arrays".
 */

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** The data begin at a multiple of this, so that they can be mapped into memory. */
const ALIGNMENT = 64;

/** Arrays of numbers as they lie in memory, in C order (the last index runs fastest). */
export type NpyData =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array;

export interface NpyArray {
  /** The type in the file, without byte order: `f8`, `f4`, `f2`, `i8` … `u1`, `b1`. */
  readonly dtype: string;
  /** The length along each axis, the slowest first; empty for a single value. */
  readonly shape: readonly number[];
  /** In C order whatever the file's order. `f2` comes as float32, `b1` as bytes of 0 and 1. */
  readonly data: NpyData;
}

type DataConstructor = { new (buffer: ArrayBuffer): NpyData; readonly BYTES_PER_ELEMENT: number };

/** For `f2` and `b1` the raw form in the file. */
const CONSTRUCTORS: Readonly<Record<string, DataConstructor>> = {
  f8: Float64Array,
  f4: Float32Array,
  f2: Uint16Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
  i4: Int32Array,
  u4: Uint32Array,
  i2: Int16Array,
  u2: Uint16Array,
  i1: Int8Array,
  u1: Uint8Array,
  b1: Uint8Array,
};

interface Header {
  readonly dtype: string;
  readonly isBigEndian: boolean;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Where the data begin, in bytes. */
  readonly dataAt: number;
}

/** Whether bytes begin as a `.npy` file does. */
export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, index) => bytes[index] === byte);

/**
 * Reads an array of numbers of any byte order, C or Fortran order.
 * @param name the file's base name, for messages
 * @throws UserError where the file is no such array, is damaged or cut short, or holds Python objects
 */
export function readNpy(bytes: Uint8Array, name: string): NpyArray {
  const header = readHeader(bytes, name);
  const { dtype, shape } = header;
  const Data = CONSTRUCTORS[dtype]!;
  const count = shape.reduce((product, length) => product * length, 1);
  if (!Number.isSafeInteger(count * Data.BYTES_PER_ELEMENT)) {
    throw new UserError(failure('numpy.too-large', { name }));
  }
  const expectedBytes = count * Data.BYTES_PER_ELEMENT;
  const foundBytes = bytes.length - header.dataAt;
  if (foundBytes < expectedBytes) {
    throw new UserError(failure('numpy.ends-early', { name, expectedBytes, foundBytes }));
  }
  if (foundBytes > expectedBytes) {
    throw new UserError(failure('numpy.trailing', { name, surplusBytes: foundBytes - expectedBytes }));
  }
  // A copy of its own: the bytes may be part of a larger buffer, at any offset.
  const own = new Uint8Array(expectedBytes);
  own.set(bytes.subarray(header.dataAt));
  if (header.isBigEndian) swapBytes(own, Data.BYTES_PER_ELEMENT);
  const raw = new Data(own.buffer);
  const data = dtype === 'f2' ? Float32Array.from(raw as Uint16Array, fromFloat16Bits) : raw;
  return { dtype, shape, data: header.isFortran ? inCOrder(data, shape) : data };
}

/**
 * Writes an array in C order, little endian, version 1.0: what `numpy.save` writes.
 * @param shape the lengths along the axes, the slowest first; their product is the number of values
 * @throws RangeError where shape and data disagree
 */
export function writeNpy(data: NpyData, shape: readonly number[]): Uint8Array {
  const count = shape.reduce((product, length) => product * length, 1);
  if (count !== data.length) throw new RangeError(`${data.length} values do not fill ${shape.join(' × ')}.`);
  const header = npyHeader(dtypeOf(data), shape);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}

/** The header that comes before the data, so that large arrays can be written in parts. */
export function npyHeader(dtype: string, shape: readonly number[]): Uint8Array {
  const order = /1$/.test(dtype) ? '|' : '<';
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const literal = `{'descr': '${order}${dtype}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const unpadded = MAGIC.length + 4 + literal.length + 1;
  const padding = (ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT;
  const text = `${literal}${' '.repeat(padding)}\n`;
  const bytes = new Uint8Array(MAGIC.length + 4 + text.length);
  bytes.set([...MAGIC, 1, 0, text.length & 0xff, text.length >> 8]);
  bytes.set(new TextEncoder().encode(text), MAGIC.length + 4);
  return bytes;
}

function dtypeOf(data: NpyData): string {
  const [dtype] =
    Object.entries(CONSTRUCTORS).find(
      ([type, Data]) => type !== 'f2' && type !== 'b1' && data.constructor === Data,
    ) ?? [];
  if (dtype === undefined) throw new RangeError(`No NumPy type for ${data.constructor.name}.`);
  return dtype;
}

function readHeader(bytes: Uint8Array, name: string): Header {
  if (!isNpy(bytes) || bytes.length < MAGIC.length + 4)
    throw new UserError(failure('numpy.not-npy', { name }));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [major, minor] = [view.getUint8(6), view.getUint8(7)];
  if (major < 1 || major > 3) {
    throw new UserError(failure('numpy.version', { name, version: `${major}.${minor}` }));
  }
  const isLong = major >= 2;
  const textAt = isLong ? 12 : 10;
  const damaged = (): never => {
    throw new UserError(failure('numpy.header', { name }));
  };
  if (bytes.length < textAt) return damaged();
  const dataAt = textAt + (isLong ? view.getUint32(8, true) : view.getUint16(8, true));
  if (dataAt > bytes.length) return damaged();
  const text = new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(textAt, dataAt));
  let literal: PythonLiteral;
  try {
    literal = parsePythonLiteral(text);
  } catch {
    return damaged();
  }
  if (!(literal instanceof Map)) return damaged();
  const descr: PythonLiteral = literal.get('descr') ?? null;
  const isFortran: PythonLiteral = literal.get('fortran_order') ?? null;
  const shape: PythonLiteral = literal.get('shape') ?? null;
  if (typeof isFortran !== 'boolean' || !isShape(shape)) return damaged();
  return { ...readDtype(descr, name), isFortran, shape, dataAt };
}

const isShape = (value: PythonLiteral): value is readonly number[] =>
  Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= 0);

function readDtype(descr: PythonLiteral, name: string): { dtype: string; isBigEndian: boolean } {
  const refuse = (dtype: string): never => {
    throw new UserError(failure('numpy.dtype', { name, dtype }));
  };
  // Structured types are lists of fields.
  if (typeof descr !== 'string') return refuse('record');
  const [, order, dtype] = /^([<>|=]?)([A-Za-z?]\d*)/.exec(descr) ?? [];
  if (dtype === undefined) return refuse(descr);
  if (dtype.startsWith('O')) throw new UserError(failure('numpy.pickled', { name }));
  const known = dtype === '?' ? 'b1' : dtype;
  if (!Object.hasOwn(CONSTRUCTORS, known) || descr.length !== (order?.length ?? 0) + dtype.length) {
    return refuse(descr);
  }
  return { dtype: known, isBigEndian: order === '>' };
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) bytes.subarray(start, start + size).reverse();
}

/**
 * From Fortran order (the first index fastest) to C order (the last fastest).
 * Shape (2, 3): the value of index (1, 2) lies at 1 + 2·2 = 5 in Fortran order, and at 1·3 + 2 = 5 in C order; that of
 * (1, 0) lies at 1 and at 3.
 */
function inCOrder<T extends NpyData>(data: T, shape: readonly number[]): T {
  const result = data.slice() as T;
  const strides: number[] = [];
  let stride = 1;
  for (const length of shape) {
    strides.push(stride);
    stride *= length;
  }
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    result[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
