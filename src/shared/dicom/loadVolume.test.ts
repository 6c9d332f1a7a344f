import { describe, expect, it } from 'vitest';
import { CancelledError, UserError } from '../errors.ts';
import { OUTSIDE_HU } from '../volume/volume.ts';
import { assembleSeries } from './assembleSeries.ts';
import { hounsfieldTable } from './hounsfield.ts';
import { loadVolume } from './loadVolume.ts';
import type { PixelFormat } from './sliceHeader.ts';
import type { ReadBytes } from './sliceReader.ts';
import { type Changes, ctFiles, type Files, parsed, rampVolume, smallGrid } from './testing/ctFixtures.ts';
import { noPixelCodecs } from './testing/noPixelCodecs.ts';

const volume = rampVolume(smallGrid());
const readIn =
  (files: Files): ReadBytes =>
  async (name, from, to) =>
    files.get(name)!.subarray(from, to);
const load = (files: Files, options = {}) => {
  const [series] = assembleSeries(parsed(files).slices);
  return loadVolume(series!, readIn(files), noPixelCodecs, options);
};
const words = (value: (v: number) => number): Uint8Array => {
  const stored = new Uint16Array(30);
  for (let v = 0; v < 30; v++) stored[v] = value(v);
  return new Uint8Array(stored.buffer);
};

describe('loadVolume', () => {
  it('gives back the voxels that were written', async () => {
    const loaded = await load(ctFiles(volume));
    expect(loaded).toEqual(volume);
  });

  it('puts voxels where they lie, whatever the order of the files', async () => {
    const reversed = new Map([...ctFiles(volume, (k) => ({ '0020,0013': String(50 - k) }))].reverse());
    expect(await load(reversed)).toEqual(volume);
  });

  it('rescales each slice by its own slope and intercept', async () => {
    const loaded = await load(
      ctFiles(volume, (k) => ({
        '0028,1053': String(k + 1),
        '0028,1052': String(-100 * k),
        '7fe0,0010': words((v) => v),
      })),
    );
    expect(Array.from(loaded.data.subarray(0, 3))).toEqual([0, 1, 2]);
    expect(Array.from(loaded.data.subarray(90, 93))).toEqual([-300, -296, -292]);
  });

  it('reads signed values of fewer bits than allocated, ignoring the bits above', async () => {
    const changes: Changes = {
      '0028,0103': 1,
      '0028,1052': '0',
      '7fe0,0010': words((v) => 0xf000 | (v % 2 ? 0x0fff : 0x0064)),
    };
    const loaded = await load(ctFiles(volume, () => changes));
    expect(Array.from(loaded.data.subarray(0, 4))).toEqual([100, -1, 100, -1]);
  });

  it('maps padding to outside', async () => {
    const loaded = await load(
      ctFiles(volume, () => ({
        '0028,0120': 3,
        '0028,0121': 5,
        '7fe0,0010': words((v) => v + 1000 * Number(v > 7)),
      })),
    );
    expect(Array.from(loaded.data.subarray(0, 9))).toEqual([
      -1024,
      -1023,
      -1022,
      OUTSIDE_HU,
      OUTSIDE_HU,
      OUTSIDE_HU,
      -1018,
      -1017,
      -16,
    ]);
  });

  it('reads files whose pixel data begins at an odd address', async () => {
    const files = new Map<string, Uint8Array>();
    for (const [name, bytes] of ctFiles(volume)) {
      const shifted = new Uint8Array(bytes.length + 1);
      shifted.set(bytes, 1);
      files.set(name, shifted.subarray(1));
    }
    expect(await load(files)).toEqual(volume);
  });

  it('says where slices hold one value everywhere', async () => {
    const empty = volume.data.map((value, voxel) => (voxel < (2 * volume.data.length) / 8 ? -1024 : value));
    const remarks: string[] = [];
    const files = ctFiles({ ...volume, data: empty });
    const [series] = assembleSeries(parsed(files).slices);
    await loadVolume(series!, readIn(files), noPixelCodecs, { onRemark: ({ code }) => remarks.push(code) });
    expect(remarks).toEqual(['dicom.slice-blank', 'dicom.slice-blank']);
  });

  it('says where values are higher than anything is: a sign that was lost', async () => {
    const stored = words((v) => (v < 6 ? -2000 : 1064));
    const remarksOf = async (representation: number): Promise<string[]> => {
      const remarks: string[] = [];
      const sixteenBits = { '0028,0101': 16, '0028,0102': 15, '0028,0103': representation };
      await load(
        ctFiles(volume, () => ({ ...sixteenBits, '7fe0,0010': stored })),
        { onRemark: ({ code }: { code: string }) => remarks.push(code) },
      );
      return remarks;
    };
    expect(new Set(await remarksOf(0))).toEqual(new Set(['dicom.values-too-high']));
    expect(await remarksOf(1)).toEqual([]);
  });

  it('notices a file that shrank since it was scanned, naming it', async () => {
    const files = ctFiles(volume);
    const [series] = assembleSeries(parsed(files).slices);
    files.set('slice-0005', files.get('slice-0005')!.slice(0, -2));
    const loading = loadVolume(series!, readIn(files), noPixelCodecs);
    await expect(loading).rejects.toThrow(
      'The file slice-0005 cannot be read: its pixel data is incomplete.',
    );
  });

  it('explains unreadable files without their path', async () => {
    const [series] = assembleSeries(parsed(ctFiles(volume)).slices);
    const unreadable = async () => {
      throw new Error('EIO /a/secret/path');
    };
    const loading = loadVolume(series!, unreadable, noPixelCodecs);
    await expect(loading).rejects.toThrow(/^The file slice-000\d cannot be read\.$/);
  });

  it('refuses a refused series, stops when cancelled and reports progress', async () => {
    await expect(load(new Map([...ctFiles(volume)].slice(0, 2)))).rejects.toThrow(UserError);
    await expect(load(ctFiles(volume), { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    const fractions: number[] = [];
    await load(ctFiles(volume), {
      onProgress: ({ fraction }: { fraction: number }) => fractions.push(fraction),
    });
    expect(fractions).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((done) => done / 8));
  });
});

describe('hounsfieldTable', () => {
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
  it('covers the signed range and clamps at outside', () => {
    const { values: table } = hounsfieldTable(format);
    expect([table[0], table[0x7fff], table[0xffff], table[0x8000]]).toEqual([0, 32767, -1, OUTSIDE_HU]);
  });
  it('cuts stored bits out of the middle of a word', () => {
    const { values: table } = hounsfieldTable({ ...format, signed: false, bitsStored: 12, highBit: 15 });
    expect([table[0x0010], table[0xfff0], table[0x001f]]).toEqual([1, 4095, 1]);
  });
  it('rounds fractional rescale to whole HU', () => {
    const { values: table } = hounsfieldTable({ ...format, slope: 0.25, intercept: 0.1 });
    expect([table[1], table[2], table[4]]).toEqual([0, 1, 1]);
  });
  it('has 256 entries for 8 bit values', () => {
    const { values: table } = hounsfieldTable({
      ...format,
      bitsAllocated: 8,
      bitsStored: 8,
      highBit: 7,
      signed: false,
    });
    expect([table.length, table[255]]).toEqual([256, 255]);
  });
});
