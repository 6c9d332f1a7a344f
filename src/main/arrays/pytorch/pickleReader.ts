import { PickleDamagedError } from './pickle.ts';

const text = new TextDecoder('utf-8', { fatal: true });

/** Reads the bytes of one pickle in order. Every read throws a {@link PickleDamagedError} where the bytes end. */
export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  take(count: number): Uint8Array {
    if (count < 0 || this.at + count > this.#bytes.length) throw new PickleDamagedError('It ends early.');
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  #number(size: number, read: (view: DataView, at: number) => number): number {
    this.take(size);
    return read(this.#view, this.at - size);
  }

  readonly uint8 = (): number => this.#number(1, (view, at) => view.getUint8(at));
  readonly uint16 = (): number => this.#number(2, (view, at) => view.getUint16(at, true));
  readonly uint32 = (): number => this.#number(4, (view, at) => view.getUint32(at, true));
  readonly int32 = (): number => this.#number(4, (view, at) => view.getInt32(at, true));
  readonly float64BigEndian = (): number => this.#number(8, (view, at) => view.getFloat64(at, false));
  readonly length64 = (): number => {
    this.take(8);
    const length = this.#view.getBigUint64(this.at - 8, true);
    if (length > BigInt(this.#bytes.length)) throw new PickleDamagedError('It ends early.');
    return Number(length);
  };

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new PickleDamagedError('It ends early.');
    const line = latin1(this.take(end - this.at));
    this.at++;
    return line;
  }

  string(length: number): string {
    try {
      return text.decode(this.take(length));
    } catch (thrown) {
      if (thrown instanceof PickleDamagedError) throw thrown;
      throw new PickleDamagedError('A string is no UTF-8.');
    }
  }
}

/** Bytes as Python 2's strings: one character each. */
export const latin1 = (bytes: Uint8Array): string => {
  let result = '';
  for (const byte of bytes) result += String.fromCharCode(byte);
  return result;
};

/** Two's complement, little endian, of any length: a number where that is exact, else a bigint. */
export function longOf(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[index]!);
  if (bytes.length > 0 && (bytes.at(-1)! & 0x80) !== 0) value -= 1n << BigInt(8 * bytes.length);
  return exactly(value);
}

const exactly = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;

/** The text of INT and LONG: decimal digits, or Python 2's 00 and 01 for false and true. */
export function integerOf(line: string): number | bigint | boolean {
  if (line === '00') return false;
  if (line === '01') return true;
  if (!/^[+-]?\d+L?$/.test(line)) throw new PickleDamagedError('A number is none.');
  return exactly(BigInt(line.replace('L', '')));
}

/** The text of PUT and GET: a place in the memo. */
export function indexOf(line: string): number {
  const index = integerOf(line);
  if (typeof index !== 'number') throw new PickleDamagedError('A place in memory is no number.');
  return index;
}
