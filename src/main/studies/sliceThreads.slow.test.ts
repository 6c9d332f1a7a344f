import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encapsulatedSlice, encodeRle, storedWords } from '#shared/dicom/testing/compressedFixtures.ts';
import { rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { CancelledError } from '#shared/errors.ts';
import { requireBestSeries } from './loadSeries.ts';
import { scanDicomFolder } from './scanDicomFolder.ts';
import { type SliceThreads, sliceThreads } from './sliceThreads.ts';

// Slow for the worker is built.
const volume = rampVolume(smallGrid({ sizeIjk: [6, 5, 24] }));
const folder = mkdtempSync(join(tmpdir(), 'threads-'));
const file = join(folder, 'decode.worker.mjs');
let threads: SliceThreads;

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'decode.worker.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@cornerstonejs/*', '@itk-wasm/image-io'],
    outfile: file,
  });
  for (let k = 0; k < 24; k++) {
    const rle = encodeRle(storedWords(volume, k), true);
    writeFileSync(join(folder, `IM${k}`), encapsulatedSlice(volume, k, '1.2.840.10008.1.2.5', [rle]));
  }
  threads = sliceThreads(300, file, 2)!;
});
afterAll(async () => {
  await threads.free();
  rmSync(folder, { recursive: true, force: true });
});

it('decodes slices as this thread does, several at once', async () => {
  const { chosen } = requireBestSeries(await scanDicomFolder(folder));
  const decoded = await Promise.all(chosen.slices.map((slice) => threads.decode(slice, undefined)));
  const valuesHu = decoded.flatMap((slice) => (slice.kind === 'decoded' ? Array.from(slice.valuesHu) : []));
  expect(valuesHu).toEqual(Array.from(volume.data));
});

it('gives the reason where a slice is damaged, and ends when it is cancelled', async () => {
  const { chosen } = requireBestSeries(await scanDicomFolder(folder));
  const [first, second] = chosen.slices;
  writeFileSync(first!.sourceId, new Uint8Array(first!.header.pixels.dataOffset));
  expect(await threads.decode(first!, undefined)).toMatchObject({ kind: 'failed' });
  await expect(threads.decode(second!, AbortSignal.abort())).rejects.toThrow(CancelledError);
});

it('starts none for a few slices, or on one processor', () => {
  expect(sliceThreads(60, file, 2)).toBeUndefined();
  expect(sliceThreads(300, file, 1)).toBeUndefined();
});
