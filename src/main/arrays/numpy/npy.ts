import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { fromFloat16Bits } from '../float16.ts';
import { npyBody, npyHeader, readNpyHeader } from './npyHeader.ts';

/**
 * NumPy's file of one array, `.npy`, versions 1.0 to 3.0.
 * Source: NumPy, "NEP 1 — A Simple File Format for NumPy Arrays".
 */

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

/**
 * Reads an array of numbers of any byte order, C or Fortran order.
 * @param name the file's base name, for messages
 * @throws UserError where the file is no such array, is damaged or cut short, or holds Python objects
 */
export function readNpy(bytes: Uint8Array, name: string): NpyArray {
  const header = readNpyHeader(bytes, name);
  const { dtype, shape } = header;
  if (!Object.hasOwn(CONSTRUCTORS, dtype)) throw new UserError(failure('numpy.dtype', { name, dtype }));
  const Data = CONSTRUCTORS[dtype]!;
  const body = npyBody(bytes, header, Data.BYTES_PER_ELEMENT, name);
  // A copy of its own: the bytes may be part of a larger buffer, at any offset.
  const own = new Uint8Array(body.length);
  own.set(body);
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

function dtypeOf(data: NpyData): string {
  const [dtype] =
    Object.entries(CONSTRUCTORS).find(
      ([type, Data]) => type !== 'f2' && type !== 'b1' && data.constructor === Data,
    ) ?? [];
  if (dtype === undefined) throw new RangeError(`No NumPy type for ${data.constructor.name}.`);
  return dtype;
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
