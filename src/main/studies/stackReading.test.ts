import { truncateSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  bigEndianDataSet,
  type Changes,
  changed,
  ctFiles,
  ctSlice,
  rampVolume,
  smallGrid,
} from '#shared/dicom/testing/ctFixtures.ts';
import { ctSliceElements, defaultCtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import { writeDicomFile } from '#shared/dicom/writeElements.ts';
import { CancelledError } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { loadUsedSeries, requireBestSeries } from './loadSeries.ts';
import { scanDicomFolder } from './scanDicomFolder.ts';

const SLICES = 24;
/** The bytes of a slice are whole steps of the kernel; those of 6 × 5 voxels are not. */
const volume = rampVolume(smallGrid({ sizeIjk: [8, 6, SLICES] }));
const others = rampVolume(smallGrid({ sizeIjk: [6, 5, SLICES] }));
const name = (k: number): string => `slice-${String(k + 1).padStart(4, '0')}`;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'stack-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Files = ReadonlyMap<string, Uint8Array>;
const put = async (files: Files): Promise<void> => {
  for (const [at, bytes] of files) {
    await mkdir(path.dirname(path.join(folder, at)), { recursive: true });
    await writeFile(path.join(folder, at), bytes);
  }
};
const named = (files: Files, nameOf: (k: number) => string): Files =>
  new Map([...files.values()].map((bytes, k) => [nameOf(k), bytes]));

interface Outcome {
  readonly volume: Volume<Int16Array>;
  readonly warnings: readonly Failure[];
  /** How many slices were decoded while headers were read. */
  readonly decoded: number;
  /** Whether the memory that they were decoded to is the volume's. */
  readonly isWhole: boolean;
}

async function load(isLoadedNext: boolean): Promise<Outcome> {
  const used = requireBestSeries(await scanDicomFolder(folder, { isLoadedNext }));
  const stack = await used.decoding;
  const loaded = await loadUsedSeries(used);
  return {
    ...loaded,
    decoded: stack?.planes.size ?? 0,
    isWhole: loaded.volume.data.buffer === stack?.data.buffer,
  };
}

/** The same volume and warnings as when slices are read after the headers. */
async function expectAsAfterwards(decoded: number, isWhole: boolean): Promise<void> {
  const [before, meanwhile] = [await load(false), await load(true)];
  expect(before).toMatchObject({ decoded: 0, isWhole: false });
  expect(meanwhile.volume).toEqual(before.volume);
  expect(meanwhile.warnings).toEqual(before.warnings);
  expect(meanwhile).toMatchObject({ decoded, isWhole });
}

const explicit = (changes: (k: number) => Changes): Files => ctFiles(volume, changes);

function swapped(k: number): Uint8Array {
  const { meta, dataSet } = ctSliceElements(volume, k, defaultCtSeriesMetadata(1, volume.grid));
  const head = writeDicomFile(changed(meta, { '0002,0010': '1.2.840.10008.1.2.2' }), []);
  return Uint8Array.of(...head, ...bigEndianDataSet(dataSet));
}

/** Values of 8 bits: half of the bytes. */
const bytesOnly = (k: number): Changes => ({
  '0028,0100': 8,
  '0028,0101': 8,
  '0028,0102': 7,
  '7fe0,0010': Uint8Array.from({ length: 48 }, (_, v) => (v * 5 + k) % 256),
});

/** 16 bits with bits above the 12 stored ones, as old overlays. */
function overlaid(k: number): Changes {
  const words = Uint16Array.from({ length: 48 }, (_, v) => 1000 + 10 * v + k + (v === k ? 0x4000 : 0));
  return { '7fe0,0010': new Uint8Array(words.buffer) };
}

describe('slices that are decoded while headers are read', () => {
  it.each<[string, () => Files]>([
    ['names in their order', () => ctFiles(volume)],
    ['names against their order', () => named(ctFiles(volume), (k) => `IM${SLICES - k}`)],
    ['numbers without zeros', () => named(ctFiles(volume), (k) => `IM${k + 8}`)],
    ['folders', () => named(ctFiles(volume), (k) => `part${k < 12 ? 9 : 10}/IM${k % 12}`)],
    ['slices of odd sizes', () => ctFiles(others)],
    ['big-endian values', () => new Map(Array.from({ length: SLICES }, (_, k) => [name(k), swapped(k)]))],
    ['8 bits', () => explicit(bytesOnly)],
    ['a slope for each slice', () => explicit((k) => ({ '0028,1053': String(1 + k / 8) }))],
    ['an intercept for each slice', () => explicit((k) => ({ '0028,1052': String(-1024 + k) }))],
    ['padding within tissue', () => explicit(() => ({ '0028,0120': 1300 }))],
    ['bits above the stored ones', () => explicit(overlaid)],
    ['signed values', () => explicit(() => ({ '0028,0103': 1, '0028,0101': 16, '0028,0102': 15 }))],
    ['headers of many sizes', () => explicit((k) => ({ '0008,103e': 'long '.repeat(300 * (k % 3)) }))],
  ])('are those that are decoded afterwards: %s', async (_, files) => {
    await put(files());
    await expectAsAfterwards(SLICES, true);
  });

  it('are copied in order where names say nothing of it, or much lies among them', async () => {
    await put(named(ctFiles(volume), (k) => `IM${(k * 5) % SLICES}`));
    await expectAsAfterwards(SLICES, false);
    await put(new Map(Array.from({ length: 4 }, (_, k) => [`slice${k}`, ctSlice(volume, k, {}, 2)])));
    await expectAsAfterwards(SLICES + 4, false);
  });

  it('leave the others where one is of another kind, which is read afterwards', async () => {
    await put(ctFiles(volume));
    await put(new Map([['a-report', new TextEncoder().encode('nothing to see')]]));
    await expectAsAfterwards(SLICES, true);
  });

  it('are moved where the gantry was tilted, as ever', async () => {
    await put(explicit((k) => ({ '0020,0032': `-10\\${-20 + k}\\${100 + 1.25 * k}` })));
    await expectAsAfterwards(SLICES, false);
  });

  it('are refused where a file has become shorter since its header was read', async () => {
    await put(ctFiles(volume));
    const last = path.join(folder, name(SLICES - 1));
    const shorten = (): void => truncateSync(last, ctSlice(volume, SLICES - 1).length - 2);
    const scan = await scanDicomFolder(folder, { isLoadedNext: true, onProgress: shorten });
    expect((await scan.decoding)?.planes.size).toBe(SLICES - 1);
    await expect(loadUsedSeries(requireBestSeries(scan))).rejects.toThrow(
      `The file ${name(SLICES - 1)} cannot be read: its pixel data is incomplete.`,
    );
  });

  it('end when the job is cancelled', async () => {
    await put(ctFiles(volume));
    const cancel = new AbortController();
    const scanning = scanDicomFolder(folder, {
      isLoadedNext: true,
      signal: cancel.signal,
      onProgress: () => cancel.abort(),
    });
    await expect(scanning).rejects.toThrow(CancelledError);
    const used = requireBestSeries(await scanDicomFolder(folder, { isLoadedNext: true }));
    await expect(loadUsedSeries(used, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
  });

  it('are not asked for by who lists series alone', async () => {
    await put(ctFiles(volume));
    expect((await scanDicomFolder(folder)).decoding).toBeUndefined();
  });
});
