import { deflateSync } from 'fflate';
import { expect, it } from 'vitest';
import { changed, ctFiles, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { ctSliceElements, defaultCtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import { writeDicomFile } from '#shared/dicom/writeElements.ts';
import { guessStack } from './guessedStack.ts';
import { opened } from './testing/inlineStudies.ts';

const volume = rampVolume(smallGrid({ sizeIjk: [6, 5, 12] }));
const files = ctFiles(volume);

function deflatedSlice(k: number): Uint8Array {
  const { meta, dataSet } = ctSliceElements(volume, k, defaultCtSeriesMetadata(1, volume.grid));
  const head = writeDicomFile(changed(meta, { '0002,0010': '1.2.840.10008.1.2.1.99' }), []);
  // Past preamble, prefix and group length.
  return Uint8Array.of(...head, ...deflateSync(writeDicomFile([], dataSet).subarray(132 + 12)));
}

const named = (name: (k: number) => string) =>
  opened(new Map([...files.values()].map((bytes, k) => [name(k), bytes])));

it('takes files in the order of the numbers in their names for slices, upwards or downwards', async () => {
  const upwards = await guessStack(named((k) => `IM${k}`));
  expect(upwards?.voxelsPerPlane).toBe(30);
  expect(upwards?.data.length).toBe(12 * 30);
  expect(upwards?.planes).toEqual([...Array(12).keys()]);
  expect((await guessStack(named((k) => `IM${12 - k}`)))?.planes).toEqual([...Array(12).keys()]);
});

it('guesses nothing of few or large files, of several series, and of what is compressed or no slice', async () => {
  const own = named((k) => `a${k}`);
  const others = opened(ctFiles(volume, undefined, 2), 'other');
  const texts = own.map(({ path }) => ({ path, blob: new Blob(['nothing to see']) }));
  const distant = own.map(({ path }) => ({
    path,
    blob: { sizeBytes: 1, read: () => Promise.reject(new Error()) },
  }));
  const large = own.map(({ path, blob }) => ({
    path,
    blob: new Blob([blob as Blob, new Uint8Array(4 * 2 ** 20)]),
  }));
  const deflated = opened(new Map([...files.keys()].map((name, k) => [name, deflatedSlice(k)])));
  const many = Array.from({ length: 70 }, () => own).flat();
  for (const some of [own.slice(0, 2), [...own, ...others], texts, distant, large, deflated, many])
    expect(await guessStack(some)).toBeUndefined();
});
