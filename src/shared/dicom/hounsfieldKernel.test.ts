import { expect, it } from 'vitest';
import { createRandom } from '../random/random.ts';
import { hounsfieldTable, lookUpHu } from './hounsfield.ts';
import { allocateForKernel, hounsfieldKernel, kernelWords } from './hounsfieldKernel.ts';
import type { PixelFormat } from './sliceHeader.ts';

const format: PixelFormat = {
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  signed: true,
  slope: 1,
  intercept: 0,
  padding: undefined,
  dataOffset: 0,
};

it.each<[string, Partial<PixelFormat>, readonly [number, number]]>([
  [
    '12 bits of one sign, shifted',
    { bitsStored: 12, highBit: 11, signed: false, intercept: -1024 },
    [0, 4095],
  ],
  [
    'rubbish above the stored bits',
    { bitsStored: 12, highBit: 11, signed: false, intercept: -1024 },
    [0, 65535],
  ],
  ['16 bits, clamped at both ends', { intercept: 900 }, [-32768, 32767]],
  ['padding among the values', { padding: { from: -2000, to: -1990 }, intercept: -24 }, [-2020, -1970]],
  ['padding in most words', { padding: { from: 10, to: 32767 } }, [0, 32767]],
  ['values in the upper bits', { bitsStored: 12, highBit: 15, signed: true }, [-32768, 32767]],
  ['a fractional intercept', { intercept: -1024.5, signed: false }, [0, 3000]],
])('gives the table of %s', (_, changes, [low, high]) => {
  expect(hounsfieldKernel()).toBeDefined();
  const table = hounsfieldTable({ ...format, ...changes });
  const random = createRandom(3);
  const count = 3001;
  const stored = new Uint8Array(1 + 2 * count);
  const view = new DataView(stored.buffer);
  const expected = Array.from({ length: count }, (__, v) => {
    // Long stretches of one value and noise, as outside and within the body.
    const word = v % 700 < 100 ? low : random.integer(low, high);
    view.setUint16(1 + 2 * v, word & 0xffff, true);
    return table.values[word & 0xffff];
  });
  const out = new Int16Array(count + 2).fill(7);
  lookUpHu(stored.subarray(1), 16, table, count, out, 1);
  expect(Array.from(out)).toEqual([7, ...expected, 7]);
  // In memory of the kernel's whole steps are done where they lie, and others with a copy.
  for (const inPlace of [8 * 300, count]) {
    const volume = allocateForKernel(count + 2)?.fill(7) ?? new Int16Array();
    const words = new Uint8Array(volume.buffer, volume.byteOffset + 2, 2 * inPlace);
    words.set(stored.subarray(1, 1 + 2 * inPlace));
    expect(kernelWords(words)?.bitsOfAny()).toBe(inPlace === count ? undefined : bitsOf(words));
    lookUpHu(words, 16, table, inPlace, volume, 1);
    expect(Array.from(volume.subarray(0, inPlace + 2))).toEqual([7, ...expected.slice(0, inPlace), 7]);
  }
});

function bitsOf(bytes: Uint8Array): number {
  let bits = 0;
  for (let at = 0; at < bytes.length; at += 2) bits |= bytes[at]! | (bytes[at + 1]! << 8);
  return bits;
}

it('goes through slices of any size', () => {
  const table = hounsfieldTable({ ...format, intercept: -1000 });
  const words = Uint16Array.from({ length: 150_001 }, (_, v) => v % 3000);
  const out = new Int16Array(words.length);
  lookUpHu(new Uint8Array(words.buffer), 16, table, words.length, out, 0);
  expect(out.every((valueHu, v) => valueHu === (v % 3000) - 1000)).toBe(true);
});
