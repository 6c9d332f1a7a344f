import { expect, it } from 'vitest';
import { createRandom } from '../random/random.ts';
import { words } from '../words/words.ts';
import { decodeSlice } from './decodeSlice.ts';
import { createHounsfieldTables } from './hounsfield.ts';
import { storedRange } from './sliceHeader.ts';
import { areBytesSwapped } from './swappedBytes.ts';
import { type Changes, ctSlice, smallGrid } from './testing/ctFixtures.ts';
import { noPixelCodecs } from './testing/noPixelCodecs.ts';
import { parseFile } from './testing/scanFiles.ts';

const SIZE = 48;
const random = createRandom(7);
/** Lung, tissue and contrast medium in bands, with a scanner's noise. */
const ct = (noiseHu: number): Int16Array =>
  Int16Array.from({ length: SIZE * SIZE }, (_, pixel) => {
    const bands = [-1000, -100, 40, 350];
    return Math.round(bands[Math.floor((pixel % SIZE) / 12)]! + random.normal(0, noiseHu));
  });
const bytesOf = (words: ArrayLike<number>): Uint8Array => new Uint8Array(Int16Array.from(words).buffer);
const swap = (bytes: Uint8Array): Uint8Array => bytes.map((_, at) => bytes[at ^ 1]!);

it.each([5, 20, 100, 400])('tells swapped bytes of a CT with a noise of %i HU from sound ones', (noiseHu) => {
  for (const offset of [0, 1024]) {
    const bytes = bytesOf(ct(noiseHu).map((hu) => hu + offset));
    expect([areBytesSwapped(bytes, SIZE), areBytesSwapped(swap(bytes), SIZE)]).toEqual([false, true]);
  }
});

it.each<[string, (pixel: number) => number]>([
  ['noise of all 16 bits', () => random.integer(0, 65535)],
  ['noise of 12 bits', () => random.integer(0, 4095)],
  ['noise of 3,000 HU', () => random.normal(0, 3000)],
  ['8 bits in the upper byte', () => 256 * random.integer(0, 255)],
  ['12 bits in the upper ones', (pixel) => 16 * (1024 + (pixel % SIZE) + random.integer(0, 29))],
  ['one value', () => 0x0100],
  ['a phantom without noise', (pixel) => [-1024, 0, 256, 512][Math.floor((pixel % SIZE) / 12)]!],
  ['a ramp', (pixel) => 256 * (pixel % SIZE)],
])('takes no offence at %s', (_, wordOf) => {
  const bytes = bytesOf(Array.from({ length: SIZE * SIZE }, (_unused, pixel) => wordOf(pixel)));
  expect(areBytesSwapped(bytes, SIZE)).toBe(false);
});

it.each([12, 16])('refuses a slice of %i bits whose header is sound', async (bitsStored) => {
  const volume = {
    grid: smallGrid({ sizeIjk: [SIZE, SIZE, 1] }),
    data: ct(20).map((hu) => Math.max(-1024, hu)),
  };
  const decode = (changes: Changes) => {
    const bytes = ctSlice(volume, 0, { '0028,0101': bitsStored, '0028,0102': bitsStored - 1, ...changes });
    const parsed = parseFile(bytes);
    if (parsed.kind !== 'slice') throw new Error(parsed.kind);
    const { from, to } = storedRange(parsed.header);
    return decodeSlice(bytes.subarray(from, to), parsed.header, noPixelCodecs, createHounsfieldTables());
  };
  expect(await decode({})).toMatchObject({ kind: 'decoded', valuesHu: volume.data });
  const swapped = swap(bytesOf(volume.data.map((hu) => hu + 1024)));
  const refused = await decode({ '7fe0,0010': swapped });
  expect(refused.kind === 'failed' && words().sentence(refused.reason)).toBe(
    'The two bytes of its values lie the wrong way round: another program has written them in another order than the header says.',
  );
});
