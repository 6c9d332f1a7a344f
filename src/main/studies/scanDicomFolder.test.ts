import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scanWarnings } from '#shared/dicom/studyScan.ts';
import {
  bigEndianDataSet,
  ctFiles,
  ctSlice,
  type Files,
  implicitDataSet,
  rampVolume,
  smallGrid,
} from '#shared/dicom/testing/ctFixtures.ts';
import { ctSliceElements, defaultCtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import { failure, sameFailure } from '#shared/failures/failure.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { loadSeries, loadUsedSeries, requireBestSeries } from './loadSeries.ts';
import { scanDicomFolder } from './scanDicomFolder.ts';

const volume = rampVolume(smallGrid({ sizeIjk: [6, 5, 24] }));
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'scan-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = async (files: Files, subfolder = ''): Promise<void> => {
  await mkdir(path.join(folder, subfolder), { recursive: true });
  for (const [name, bytes] of files) await writeFile(path.join(folder, subfolder, name), bytes);
};
const text = new Map([['notes.txt', new TextEncoder().encode('nothing to see')]]);
const messageOf = async (work: Promise<unknown>): Promise<string> => {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(UserError);
  return (thrown as UserError).message;
};
const chooseMessage = (): Promise<string> => messageOf(scanDicomFolder(folder).then(requireBestSeries));

describe('scanDicomFolder', () => {
  it('finds a series in nested folders among other files, and loads it', async () => {
    const files = [...ctFiles(volume)];
    await put(new Map(files.slice(0, 9)), 'a/b');
    await put(new Map(files.slice(9)), 'c');
    await put(text);
    const scan = await scanDicomFolder(folder);
    expect(scan).toMatchObject({ skippedNonDicom: 1, problems: [] });
    const { chosen } = requireBestSeries(scan);
    expect(await loadSeries(chosen)).toEqual(volume);
  });

  it('enters each folder once, however the links run', async () => {
    await put(ctFiles(volume), 'a');
    await symlink(folder, path.join(folder, 'a', 'loop'));
    await symlink(path.join(folder, 'a'), path.join(folder, 'again'));
    await symlink(path.join(folder, 'nowhere'), path.join(folder, 'dangling'));
    const scan = await scanDicomFolder(folder);
    expect(scan.series.map(({ slices, warnings }) => [slices.length, warnings])).toEqual([[24, []]]);
  });

  it('names a link to nowhere, and refuses the series that it lies beside', async () => {
    await put(ctFiles(volume), 'a');
    await symlink(path.join(folder, 'nowhere'), path.join(folder, 'dangling'));
    const scan = await scanDicomFolder(folder);
    expect(inWords(scanWarnings(scan))).toEqual([
      'In the file dangling: the file is a link whose target is missing.',
    ]);
    await symlink(path.join(folder, 'nowhere'), path.join(folder, 'a', 'slice-0025'));
    expect(await chooseMessage()).toContain(
      'the file slice-0025 is damaged (the file is a link whose target is missing)',
    );
  });

  it('names an empty folder in the place of a slice, and refuses the series', async () => {
    await put(ctFiles(volume), 'a');
    await mkdir(path.join(folder, 'a', 'empty'));
    await mkdir(path.join(folder, '25'));
    expect(scanWarnings(await scanDicomFolder(folder))).toEqual([]);
    await mkdir(path.join(folder, 'a', 'slice-0025'));
    expect(await chooseMessage()).toContain(
      'the file slice-0025 is damaged (it is an empty folder, named like the files beside it)',
    );
  });

  it.skipIf(process.platform === 'win32')(
    `names pipes, sockets and devices, and never opens them${process.platform === 'win32' ? ' (skipped: Windows has none in folders)' : ''}`,
    async () => {
      await put(ctFiles(volume), 'a');
      const at = (name: string): string => path.join(folder, 'a', name);
      execFileSync('mkfifo', [at('pipe')]);
      await symlink('/dev/zero', at('device'));
      const server = createServer().listen(at('socket'));
      await once(server, 'listening');
      try {
        const scan = await scanDicomFolder(folder);
        expect(inWords(scanWarnings(scan))).toEqual([
          'In 3 files, device among them: the file is a pipe, a socket or a device, which is never opened.',
        ]);
        expect(requireBestSeries(scan).chosen.slices).toHaveLength(24);
      } finally {
        server.close();
      }
      // One that is named like the slices beside it stands where a slice was.
      execFileSync('mkfifo', [at('slice-0025')]);
      expect(await chooseMessage()).toContain('the file slice-0025 is damaged (the file is a pipe');
    },
  );

  it.skipIf(process.platform !== 'linux')(
    `reads files whose names are no UTF-8${process.platform === 'linux' ? '' : ' (skipped: names are bytes on Linux only)'}`,
    async () => {
      const inner = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x4d, 0xfc, 0x6c])]);
      await mkdir(inner);
      for (const [name, bytes] of ctFiles(volume)) {
        const inBytes = Buffer.from(name.replace('slice', 'Schichtbild-\xe4'), 'latin1');
        await writeFile(Buffer.concat([inner, Buffer.from('/'), inBytes]), bytes);
      }
      const { chosen } = requireBestSeries(await scanDicomFolder(folder));
      expect(await loadSeries(chosen)).toEqual(volume);
      expect(chosen.slices[0]?.fileName).toBe('Schichtbild-\ufffd-0001');
    },
  );

  const canBeDenied = process.getuid?.() !== 0 && process.platform !== 'win32';
  it.skipIf(!canBeDenied)(
    `refuses the scan where a folder cannot be read${canBeDenied ? '' : ' (skipped: this user may read everything)'}`,
    async () => {
      await put(ctFiles(volume), 'a');
      await mkdir(path.join(folder, 'b'), { mode: 0 });
      expect(await chooseMessage()).toContain('the folder b could not be read: slices may be missing');
    },
  );

  it('says in one sentence that a folder is missing, empty, no folder or without DICOM', async () => {
    const name = path.basename(folder);
    expect(await messageOf(scanDicomFolder(path.join(folder, 'absent')))).toBe(
      'The folder absent does not exist.',
    );
    expect(await messageOf(scanDicomFolder(folder))).toBe(`The folder ${name} is empty.`);
    await put(text);
    expect(await messageOf(scanDicomFolder(folder))).toBe(
      `The folder ${name} holds no DICOM (one file of other kinds).`,
    );
    expect(await messageOf(scanDicomFolder(path.join(folder, 'notes.txt')))).toBe(
      'notes.txt is not a folder.',
    );
  });

  it('compares pixels where instances share a position: copies go, contradictions are refused', async () => {
    await put(ctFiles(volume));
    await put(new Map([['again', ctSlice(volume, 2, { '0008,0018': '1.2.3' })]]));
    const [copied] = (await scanDicomFolder(folder)).series;
    expect(copied).toMatchObject({
      geometry: { kind: 'regular' },
      warnings: [failure('series.copies-left-out', { copies: 1 })],
    });
    await put(
      new Map([['again', ctSlice(volume, 2, { '0008,0018': '1.2.3', '7fe0,0010': new Uint8Array(60) })]]),
    );
    expect(await chooseMessage()).toContain('different images');
  });

  it('knows a copy that is stored in another way by its values', async () => {
    await put(ctFiles(volume));
    const { dataSet } = ctSliceElements(volume, 2, defaultCtSeriesMetadata(1, volume.grid));
    await put(
      new Map([
        ['implicit', implicitDataSet(dataSet)],
        ['big', bigEndianDataSet(dataSet)],
      ]),
    );
    const [series, ...others] = (await scanDicomFolder(folder)).series;
    expect(others).toEqual([]);
    expect(series).toMatchObject({
      geometry: { kind: 'regular' },
      warnings: [failure('series.copies-left-out', { copies: 2 })],
    });
  });

  it('refuses a series with a missing slice, a truncated file, two slices or a foreign encoding', async () => {
    const files = ctFiles(volume);
    const sixth = files.get('slice-0006')!;
    files.delete('slice-0006');
    await put(files);
    expect(await chooseMessage()).toMatch(
      /^The series ".*" cannot be used: one slice is missing: between 105\.0 and 107\.5 mm along the stack.* With --resample-uneven it can be, with planes interpolated between its slices\.$/,
    );
    await put(new Map([['slice-0006', sixth.subarray(0, sixth.length - 30)]]));
    expect(await chooseMessage()).toMatch(
      /cannot be used: the file slice-0006 is damaged \(the file is cut short: only 50 % of its pixel data is there\)\.$/,
    );
    await put(new Map([['slice-0006', ctSlice(volume, 5, { '0028,0004': 'PALETTE COLOR' })]]));
    expect(await chooseMessage()).toMatch(
      /the file slice-0006 is unreadable \(the image is stored as PALETTE COLOR/,
    );
    await rm(folder, { recursive: true });
    await put(new Map([...files].slice(0, 2)));
    expect(await chooseMessage()).toMatch(/only 2 slices[^.]*\.$/);
  });

  it('says once that values have bits above those that headers count', async () => {
    const [columns, rows] = volume.grid.sizeIjk;
    const words = new Uint16Array(columns * rows).fill(0x4123);
    const pixels = new Uint8Array(words.buffer);
    const twelveBits = { '0028,0101': 12, '0028,0102': 11, '0028,0103': 0, '7fe0,0010': pixels };
    await put(ctFiles(volume, () => twelveBits));
    const used = requireBestSeries(await scanDicomFolder(folder));
    const { warnings } = await loadUsedSeries(used);
    const said = warnings.filter((one) => sameFailure(one, failure('dicom.bits-above', { bitsStored: 12 })));
    expect(said).toHaveLength(1);
  });

  it('takes an empty file named as DICOM for a lost slice, and leaves hidden companions alone', async () => {
    await put(ctFiles(volume));
    await put(new Map([['._slice-0001.dcm', new Uint8Array(200)]]));
    expect(requireBestSeries(await scanDicomFolder(folder)).chosen.slices).toHaveLength(24);
    await put(new Map([['slice-0025.dcm', new Uint8Array(100)]]));
    expect(await chooseMessage()).toContain('the file slice-0025.dcm is damaged (the file is empty).');
  });

  it('reads headers longer than its first read', async () => {
    const long = ctFiles(volume, () => ({
      '0009,0010': 'X',
      '0009,1001': [[{ tag: 0x00091002, vr: 'OB', value: new Uint8Array(90_000) }]],
    }));
    await put(long);
    expect((await scanDicomFolder(folder)).series[0]?.geometry.kind).toBe('regular');
  });

  it('stops when cancelled, and reports progress to the end', async () => {
    await put(ctFiles(volume));
    await expect(scanDicomFolder(folder, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    const fractions: number[] = [];
    await scanDicomFolder(folder, { onProgress: ({ fraction }) => fractions.push(fraction) });
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  });
});
