import { deflateSync } from 'fflate';
import { expect, it } from 'vitest';
import { guessStack } from './guessedStack.ts';
import { readFileHeader } from './readFileHeader.ts';
import { changed, ctFiles, rampVolume, smallGrid } from './testing/ctFixtures.ts';
import { ctSliceElements, defaultCtSeriesMetadata } from './writeCtSlice.ts';
import { writeDicomFile } from './writeElements.ts';

const volume = rampVolume(smallGrid({ sizeIjk: [6, 5, 12] }));
const files = ctFiles(volume);

function deflatedSlice(k: number): Uint8Array {
  const { meta, dataSet } = ctSliceElements(volume, k, defaultCtSeriesMetadata(1, volume.grid));
  const head = writeDicomFile(changed(meta, { '0002,0010': '1.2.840.10008.1.2.1.99' }), []);
  // Past preamble, prefix and group length.
  return Uint8Array.of(...head, ...deflateSync(writeDicomFile([], dataSet).subarray(132 + 12)));
}

interface NamedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const named = (name: (k: number) => string): NamedFile[] =>
  [...files.values()].map((bytes, k) => ({ path: name(k), bytes }));

const guess = (some: readonly NamedFile[]) =>
  guessStack(some, {
    sizeOf: ({ bytes }) => bytes.length,
    headerOf: ({ path, bytes }) =>
      readFileHeader({ name: path, size: bytes.length, read: (from, to) => bytes.subarray(from, to) }),
  });

it('takes files in the order of the numbers in their names for slices, upwards or downwards', async () => {
  const upwards = [...Array(12).keys()];
  expect(await guess(named((k) => `IM${k}`))).toEqual({ voxelsPerPlane: 30, planes: upwards });
  expect((await guess(named((k) => `IM${12 - k}`)))?.planes).toEqual(upwards);
  // A folder's name counts before the file's.
  expect((await guess(named((k) => `part${k < 6 ? 9 : 10}/IM${k % 6}`)))?.planes).toEqual(upwards);
});

it('guesses nothing of few or large files, of several series, and of what is compressed or no slice', async () => {
  const own = named((k) => `a${k}`);
  const others = [...ctFiles(volume, undefined, 2).values()].map((bytes, k) => ({ path: `b${k}`, bytes }));
  const texts = own.map(({ path }) => ({ path, bytes: new TextEncoder().encode('nothing to see') }));
  const large = own.map(({ path, bytes }) => {
    const padded = new Uint8Array(bytes.length + 4 * 2 ** 20);
    padded.set(bytes);
    return { path, bytes: padded };
  });
  const deflated = own.map(({ path }, k) => ({ path, bytes: deflatedSlice(k) }));
  const many = Array.from({ length: 70 }, () => own).flat();
  for (const some of [own.slice(0, 2), [...own, ...others], texts, large, deflated, many])
    expect(await guess(some)).toBeUndefined();
});
