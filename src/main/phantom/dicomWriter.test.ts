import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSliceHeader } from '#shared/dicom/parseSliceHeader.ts';
import { rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { defaultCtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import { writeCtSeries } from './dicomWriter.ts';

const volume = rampVolume(smallGrid());
const series = { volume, metadata: defaultCtSeriesMetadata(3, volume.grid) };
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'writer-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writeCtSeries', () => {
  it('writes one readable file a slice, and the same bytes again', async () => {
    const out = path.join(folder, 'new', 'dicom');
    const names = await writeCtSeries(series, out);
    expect(names).toHaveLength(8);
    expect(names).toEqual((await readdir(out)).sort());
    const first = await Promise.all(names.map((name) => readFile(path.join(out, name))));
    expect(first.map((bytes) => parseSliceHeader(bytes).kind)).toEqual(Array(8).fill('slice'));
    await writeCtSeries(series, out);
    const second = await Promise.all(names.map((name) => readFile(path.join(out, name))));
    expect(second.every((bytes, at) => bytes.equals(first[at]!))).toBe(true);
  });

  it('refuses a folder that holds other files', async () => {
    await writeFile(path.join(folder, 'notes.txt'), 'mine');
    await expect(writeCtSeries(series, folder)).rejects.toThrow(UserError);
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  it('leaves nothing behind when cancelled half-way', async () => {
    const stop = new AbortController();
    const writing = writeCtSeries(series, path.join(folder, 'dicom'), {
      signal: stop.signal,
      onProgress: ({ fraction }) => {
        if (fraction >= 0.5) stop.abort();
      },
    });
    await expect(writing).rejects.toThrow(CancelledError);
    expect(await readdir(folder)).toEqual([]);
  });
});
