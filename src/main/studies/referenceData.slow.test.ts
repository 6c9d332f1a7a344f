import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSlice } from '#shared/dicom/decodeSlice.ts';
import { createHounsfieldTables } from '#shared/dicom/hounsfield.ts';
import { parseSliceHeader } from '#shared/dicom/parseSliceHeader.ts';
import { type SliceHeader, storedRange } from '#shared/dicom/sliceHeader.ts';
import { resampleUneven } from '#shared/dicom/stackGeometry.ts';
import { lpsToIjk } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { words } from '#shared/words/words.ts';
import { loadSeries, requireBestSeries } from './loadSeries.ts';
import { pixelCodecs } from './pixelCodecs.ts';
import { scanDicomFolder } from './scanDicomFolder.ts';

/** Files of other makers, kept outside of the repository; without them these tests are skipped. */
const SHARED_DATA = path.resolve(import.meta.dirname, '../../../../shared/data');
const present = existsSync(path.join(SHARED_DATA, 'unpack.sh'));
const title = `DICOM of other makers${present ? '' : ' (skipped: the reference data is not there)'}`;

/** Comparing half a million values one `expect` at a time takes seconds. */
const firstDifference = (a: Int16Array, b: Int16Array): number =>
  a.length === b.length ? a.findIndex((value, at) => value !== b[at]) : 0;

/** Read off the images by eye. */
const LEFT_ATRIUM_LPS: Vec3 = [22.6, 88.3, 415.9];

describe.skipIf(!present)(title, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'reference-'));
    execFileSync('sh', [path.join(SHARED_DATA, 'unpack.sh'), folder]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const read = (name: string): Uint8Array => readFileSync(path.join(folder, 'dicom', name));
  const headerOf = (bytes: Uint8Array): SliceHeader => {
    const result = parseSliceHeader(bytes);
    if (result.kind !== 'slice') throw new Error(`expected a slice, got ${result.kind}`);
    return result.header;
  };
  const pixelsHu = (bytes: Uint8Array): Promise<Int16Array> => sliceHu(bytes, headerOf(bytes));
  const sliceHu = async (bytes: Uint8Array, header: SliceHeader): Promise<Int16Array> => {
    const { from, to } = storedRange(header);
    const slice = await decodeSlice(bytes.subarray(from, to), header, pixelCodecs, createHounsfieldTables());
    if (slice.kind !== 'decoded') throw new Error(slice.reason.code);
    return slice.valuesHu;
  };

  it('loads the arterial-phase CT with its own intercept', async () => {
    const scan = await scanDicomFolder(path.join(folder, 'ct'));
    expect(scan).toMatchObject({ skippedNonDicom: 2, problems: [] });
    const { chosen } = requireBestSeries(scan);
    const { grid, data } = await loadSeries(chosen);
    expect(grid).toMatchObject({
      sizeIjk: [512, 512, 56],
      originLpsMm: [-275, -178.1, 319.91],
      spacingMm: [1.07421875, 1.07421875, 3],
      directions: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    });
    let least = Number.POSITIVE_INFINITY;
    for (const value of data) least = Math.min(least, value);
    expect(least).toBe(-1000);
    // A box of about 1 cm round a point in the left atrium.
    const [i0, j0, k0] = lpsToIjk(grid, LEFT_ATRIUM_LPS).map(Math.round) as [number, number, number];
    let sum = 0;
    let count = 0;
    for (let k = k0 - 1; k <= k0 + 1; k++) {
      for (let j = j0 - 5; j <= j0 + 5; j++) {
        for (let i = i0 - 5; i <= i0 + 5; i++) {
          sum += data[i + 512 * (j + 512 * k)]!;
          count++;
        }
      }
    }
    expect(sum / count).toBeGreaterThan(265);
    expect(sum / count).toBeLessThan(295);
  });

  it('reads the tilted head scan of two steps only on request, with the angle that its headers give', async () => {
    const scan = await scanDicomFolder(path.join(folder, 'dicom/tilt_ge'));
    expect(scan.series).toHaveLength(1);
    expect(() => requireBestSeries(scan)).toThrow(/unevenly spaced \(steps from 1\.08 to 7\.00 mm\)/);
    const resampled = resampleUneven(scan.series[0]!);
    const said = resampled.warnings.map(words().sentence).join(' ');
    expect(said).toContain('tilt of 18.5° was corrected');
    expect(said).not.toContain('header gives');
    // The slices of the upper head lie 7 mm apart.
    expect(() => requireBestSeries(scan, { resampleUneven: true })).toThrow(/too coarse/);
  });

  it('decodes one slice alike from three uncompressed files', async () => {
    const name = 'cornerstone_ct_transfer_syntaxes/CTImage.dcm';
    const values = await pixelsHu(read(name));
    for (const other of [
      '_LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm',
      '_LittleEndianImplicitTransferSyntax_1.2.840.10008.1.2.dcm',
    ]) {
      expect(firstDifference(await pixelsHu(read(name + other)), values)).toBe(-1);
    }
    // Stored values as pydicom reads them, less 1024; −2000 stands outside of the reconstructed circle.
    expect(Array.from(values.subarray(256 * 512 + 250, 256 * 512 + 256))).toEqual([31, 36, 43, 39, 57, 73]);
    expect(values[100 * 512 + 200]).toBe(64 - 1024);
    const sorted = values.slice().sort();
    expect([sorted[0], sorted.at(-1)]).toEqual([-2048, 2402 - 1024]);
  });

  it('decodes the raw pixels of the code-stream collection', async () => {
    const header = headerOf(read('dicomparser_fragmentation/CT1_UNC.explicit_little_endian.dcm'));
    const values = await pixelsHu(read('dicomparser_fragmentation/CT1_UNC.explicit_little_endian.dcm'));
    const raw = read('htj2k_codestreams/CT1.RAW');
    const stored = new Int16Array(raw.slice().buffer);
    expect(header.pixels).toMatchObject({ slope: 1, intercept: -1024, signed: true });
    const expected = stored.map((value) => Math.max(-2048, value - 1024));
    expect(firstDifference(values, expected)).toBe(-1);
    const implicit = await pixelsHu(read('dicomparser_fragmentation/CT1_UNC.implicit_little_endian.dcm'));
    expect(firstDifference(implicit, values)).toBe(-1);
  });

  it.each([
    ['JPEG2000LosslessOnly', 0],
    ['JPEG2000Transfer', 5],
    ['JPEGLSLossless', 0],
    ['JPEGLSLossy', 2],
    ['JPEGProcess1Transfer', 80],
    ['JPEGProcess2_4', 36],
    ['RLELossless', 0],
    ['JPEGProcess14SV1', 0],
    ['JPEGProcess14Transfer', 0],
    ['BigEndian', 0],
    ['Deflated', 0],
  ])('decodes one slice alike from %s, within %i HU', async (part, tolerance) => {
    const folderName = 'cornerstone_ct_transfer_syntaxes';
    const name = readdirSync(path.join(folder, 'dicom', folderName)).find((file) => file.includes(part));
    const values = await pixelsHu(read(`${folderName}/CTImage.dcm`));
    const decoded = await pixelsHu(read(`${folderName}/${name}`));
    expect(decoded.length).toBe(values.length);
    let worst = 0;
    for (let v = 0; v < values.length; v++) worst = Math.max(worst, Math.abs(values[v]! - decoded[v]!));
    expect(worst).toBeLessThanOrEqual(tolerance);
  });

  it.each([
    'fragmented_bot_jpeg_ls.80',
    'fragmented_no_bot_jpeg_ls.80',
    'not_fragmented_bot_jpeg_ls.80',
    'not_fragmented_no_bot_jpeg_ls.80',
  ])('decodes the single frame of %s', async (name) => {
    const plain = await pixelsHu(read('dicomparser_fragmentation/CT1_UNC.explicit_little_endian.dcm'));
    const values = await pixelsHu(read(`dicomparser_fragmentation/single/CT1_UNC.${name}.dcm`));
    expect(firstDifference(values, plain)).toBe(-1);
  });

  it.each([
    ['fragmented_no_bot_jpeg_lossless.57', 0],
    ['fragmented_no_bot_jpeg_lossless.70', 0],
    ['fragmented_no_bot_jpeg_ls.80', 0],
    ['fragmented_no_bot_jpeg_ls.81', 10],
    ['not_fragmented_bot_jpeg_ls.80', 0],
    ['not_fragmented_bot_rle', 0],
    ['not_fragmented_no_bot_jpeg_ls.80', 0],
    ['not_fragmented_no_bot_rle', 0],
  ])('decodes the frames of the Enhanced CT %s, within %i HU', async (name, tolerance) => {
    const framesOf = async (file: string): Promise<Int16Array[]> => {
      const bytes = read(`dicomparser_fragmentation/multi/CT0012.${file}.dcm`);
      const result = parseSliceHeader(bytes);
      if (result.kind !== 'frames') throw new Error(JSON.stringify(result));
      return Promise.all(result.headers.map((header) => sliceHu(bytes, header)));
    };
    const plain = await framesOf('explicit_little_endian');
    const decoded = await framesOf(name);
    expect(decoded).toHaveLength(plain.length);
    for (const [n, values] of decoded.entries()) {
      let worst = 0;
      for (let v = 0; v < values.length; v++) worst = Math.max(worst, Math.abs(values[v]! - plain[n]![v]!));
      expect(worst).toBeLessThanOrEqual(tolerance);
    }
  });

  it.each([
    ['CT1.j2c', 'htj2k'],
    ['CT1.j2k', 'jpeg2000'],
    ['CT1.JLS', 'jpegLs'],
    ['CT2.j2c', 'htj2k'],
    ['CT2.j2k', 'jpeg2000'],
    ['CT2.JLS', 'jpegLs'],
  ] as const)('decodes the code stream %s to its raw values', async (name, codec) => {
    const raw = read(`htj2k_codestreams/${name.slice(0, 3)}.RAW`);
    const frame = { rows: 512, columns: 512, bitsAllocated: 16 } as const;
    const decoded = await pixelCodecs.decode(codec, read(`htj2k_codestreams/${name}`), frame);
    expect(Buffer.compare(decoded, raw)).toBe(0);
  });

  it('refuses retired JPEG processes, and frames of 12 bit JPEG, by name', () => {
    for (const [part, name] of [
      ['CT0012', 'The frames are lossy JPEG of 12 bits'],
      ['JPEGProcess6_8', 'JPEG Spectral Selection'],
      ['JPEGProcess10_12', 'JPEG Full Progression'],
    ] as const) {
      const folderName = 'cornerstone_ct_transfer_syntaxes';
      const file = readdirSync(path.join(folder, 'dicom', folderName)).find((one) => one.includes(part));
      expect(inWords(parseSliceHeader(read(`${folderName}/${file}`))), part).toMatchObject({
        kind: 'unsupported',
        reason: expect.stringContaining(name),
      });
    }
  });

  it('keeps non-square pixels and oblique axes', async () => {
    const [series] = (await scanDicomFolder(path.join(folder, 'dicom/seg/rt_utils/oriented_data'))).series;
    const grid = series?.geometry.kind === 'regular' ? series.geometry.grid : undefined;
    expect(grid?.sizeIjk).toEqual([100, 50, 3]);
    expect(grid?.spacingMm[0]).toBe(2.5);
    expect(grid?.spacingMm[1]).toBe(3.5);
    expect(grid?.spacingMm[2]).toBeCloseTo(4.5, 5);
    expect(grid?.directions[0][0]).toBeCloseTo(0.9541666, 6);
  });

  it('tags every file, broken ones included, and never throws', () => {
    const visit = (directory: string): string[] =>
      readdirSync(directory).flatMap((name) => {
        const entry = path.join(directory, name);
        return statSync(entry).isDirectory() ? visit(entry) : [entry];
      });
    const kinds = new Map<string, string>();
    for (const file of visit(path.join(folder, 'dicom'))) {
      kinds.set(path.basename(file), parseSliceHeader(readFileSync(file)).kind);
    }
    expect(Object.fromEntries(kinds)).toMatchObject({
      'CT_small.dcm': 'slice',
      'MR_truncated.dcm': 'damaged',
      'rtplan_truncated.dcm': 'damaged',
      'ExplVR_LitEndNoMeta.dcm': 'notImage',
      'ExplVR_BigEndNoMeta.dcm': 'notImage',
      'no_meta_group_length.dcm': 'notImage',
      'badVR.dcm': 'notImage',
      'zipMR.gz': 'notDicom',
      'no-pixel-data.dcm': 'notImage',
      'no-pixel-spacing.dcm': 'notImage',
      'CT0012.explicit_little_endian.dcm': 'frames',
    });
  });
});
