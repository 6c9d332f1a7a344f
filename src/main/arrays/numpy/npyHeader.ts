import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type PythonLiteral, parsePythonLiteral } from './pythonLiteral.ts';

/**
 * The header of NumPy's `.npy` files, versions 1.0 to 3.0.
 * Source: NumPy, "NEP 1 — A Simple File Format for NumPy Arrays".
 */

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** The data begin at a multiple of this, so that they can be mapped into memory. */
const ALIGNMENT = 64;

export interface NpyHeader {
  /** The type without byte order: `f8`, `i2`, `b1`, `U12` … */
  readonly dtype: string;
  readonly isBigEndian: boolean;
  readonly isFortran: boolean;
  /** The length along each axis, the slowest first; empty for a single value. */
  readonly shape: readonly number[];
  /** Where the data begin, in bytes. */
  readonly dataAt: number;
}

/** Whether bytes begin as a `.npy` file does. */
export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, index) => bytes[index] === byte);

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

/**
 * Reads the header of any array but one of Python objects.
 * @param name the file's base name, for messages
 * @throws UserError where it is damaged, or the array holds Python objects or records
 */
export function readNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
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
  const [, order, dtype] = /^([<>|=]?)([A-Za-z?]\d*)$/.exec(descr) ?? [];
  if (dtype === undefined) return refuse(descr);
  if (dtype.startsWith('O')) throw new UserError(failure('numpy.pickled', { name }));
  return { dtype: dtype === '?' ? 'b1' : dtype, isBigEndian: order === '>' };
}

/**
 * The bytes of an array's values, which must fill the file to its end.
 * @param bytesPerValue of the header's type
 * @throws UserError where the file is cut short or has too much
 */
export function npyBody(
  bytes: Uint8Array,
  { shape, dataAt }: NpyHeader,
  bytesPerValue: number,
  name: string,
): Uint8Array {
  const expectedBytes = bytesPerValue * shape.reduce((product, length) => product * length, 1);
  if (!Number.isSafeInteger(expectedBytes)) throw new UserError(failure('numpy.too-large', { name }));
  const foundBytes = bytes.length - dataAt;
  if (foundBytes < expectedBytes) {
    throw new UserError(failure('numpy.ends-early', { name, expectedBytes, foundBytes }));
  }
  if (foundBytes > expectedBytes) {
    throw new UserError(failure('numpy.trailing', { name, surplusBytes: foundBytes - expectedBytes }));
  }
  return bytes.subarray(dataAt);
}
