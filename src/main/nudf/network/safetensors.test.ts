import { describe, expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { fromFloat16Bits, toFloat16Bits } from '../../arrays/float16.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

const weights: WeightMap = new Map([
  ['a.kernel', { shape: [2, 3], data: new Float32Array([0, 1, -2, 0.1, 3e-6, 1024.5]) }],
  ['a.bias', { shape: [1], data: new Float32Array([Math.fround(0.3)]) }],
]);

function fileOf(header: unknown, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}
const entry = (from: number, to: number, shape: number[], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

describe('half precision', () => {
  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2 - 2 ** -11, 0x4000],
    [Number.POSITIVE_INFINITY, 0x7c00],
  ])('rounds %d to the nearest half, ties to even', (value, half) => {
    expect(toFloat16Bits(value)).toBe(half);
  });

  it('gives every half back', () => {
    for (let half = 0; half < 0x10000; half++) {
      const value = fromFloat16Bits(half);
      if (Number.isNaN(value)) expect(Number.isNaN(fromFloat16Bits(toFloat16Bits(value)))).toBe(true);
      else if (toFloat16Bits(value) !== half) throw new Error(`${half} does not come back`);
    }
  });
});

describe('safetensors', () => {
  it('gives single precision and metadata back exactly', () => {
    const file = readSafetensors(writeSafetensors(weights, 'F32', { seed: '7' }));
    expect(file.metadata).toEqual({ seed: '7' });
    expect([...file.weights]).toEqual([...weights]);
  });

  it('stores half precision in half the bytes, rounded once', () => {
    const half = writeSafetensors(weights, 'F16');
    const once = readSafetensors(half).weights;
    expect(once.get('a.kernel')!.data[3]).toBeCloseTo(0.1, 4);
    expect(once.get('a.kernel')!.data[3]).not.toBe(Math.fround(0.1));
    expect(writeSafetensors(once, 'F16')).toEqual(half);
  });

  it('reads a file that lies anywhere in its buffer', () => {
    const bytes = writeSafetensors(weights, 'F32');
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect([...readSafetensors(shifted.subarray(3)).weights]).toEqual([...weights]);
  });

  it.each([
    ['an empty file', new Uint8Array(3), /too short/],
    ['a huge header', new Uint8Array(8).fill(255), /larger than the format allows/],
    ['a header beyond the file', fileOf('{}', 0).subarray(0, 9), /longer than the file/],
    ['text that is not JSON', fileOf('{"a"', 0), /not JSON/],
    ['a list', fileOf([1], 0), /not an object/],
    ['another number type', fileOf({ a: entry(0, 8, [1], 'F64') }, 8), /not an array of F16 or F32/],
    ['a negative offset', fileOf({ a: entry(-4, 0, [1]) }, 4), /not an array/],
    ['offsets beyond the file', fileOf({ a: entry(0, 8, [2]) }, 4), /beyond the end/],
    ['a size that is not the shape’s', fileOf({ a: entry(0, 8, [1]) }, 8), /does not match its shape/],
    ['overlap', fileOf({ a: entry(0, 8, [2]), b: entry(4, 12, [2]) }, 12), /overlaps/],
    ['a gap', fileOf({ a: entry(0, 4, [1]), b: entry(8, 12, [1]) }, 12), /gap/],
    ['bytes after the end', fileOf({ a: entry(0, 4, [1]) }, 12), /after the last/],
    ['metadata that is not text', fileOf({ __metadata__: { a: 1 } }, 0), /metadata/],
  ])('refuses %s in one sentence', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(UserError);
    expect(() => readSafetensors(bytes)).toThrow(message);
  });
});
