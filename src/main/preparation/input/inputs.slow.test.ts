import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dicomSegmentation } from '#shared/dicom/testing/segmentationFixtures.ts';
import { defaultCtSeriesMetadata, syntheticUids } from '#shared/dicom/writeCtSlice.ts';
import { cubeGridLps, type GridLps, ijkToLps } from '#shared/geometry/gridLps.ts';
import { cross, distance, normalize, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import { signedVolumeMm3 } from '#shared/mesh/measures.ts';
import { encodeNiftiLabels } from '../../interchange/nifti.ts';
import { encodeNrrd } from '../../interchange/nrrd.ts';
import { findBoundaryLoops } from '../../mesh/topology.ts';
import { writeCtSeries } from '../../phantom/dicomWriter.ts';
import { readCaseMaterial } from '../caseMaterial.ts';
import type { PrepareOptions } from '../caseRequest.ts';
import { readScan } from './readScan.ts';
import { readSegmentation } from './readSegmentation.ts';
import { readVolumeFile } from './volumeFile.ts';

const first = normalize([0.9, 0.3, -0.2]);
const second = perpendicular(first);
const OBLIQUE: GridLps = {
  sizeIjk: [8, 9, 10],
  originLpsMm: [-12, 20, 31],
  spacingMm: [1, 1.5, 2],
  directions: [first, second, cross(first, second)],
};
const counted = Uint8Array.from({ length: 720 }, (_, voxel) => voxel % 7);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-inputs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(name: string, bytes: Uint8Array | string) {
  await writeFile(join(folder, name), bytes);
  return readVolumeFile(join(folder, name), name);
}

/** A MetaImage of the grid; its matrix holds the directions of i, j and k one after the other. */
const metaImage = (
  { sizeIjk, originLpsMm, spacingMm, directions }: GridLps,
  values: Int16Array,
): Uint8Array =>
  Buffer.concat([
    Buffer.from(
      [
        'ObjectType = Image',
        'NDims = 3',
        'BinaryData = True',
        'BinaryDataByteOrderMSB = False',
        `TransformMatrix = ${directions.flat().join(' ')}`,
        `Offset = ${originLpsMm.join(' ')}`,
        `ElementSpacing = ${spacingMm.join(' ')}`,
        `DimSize = ${sizeIjk.join(' ')}`,
        'ElementType = MET_SHORT',
        'ElementDataFile = LOCAL\n',
      ].join('\n'),
    ),
    Buffer.from(values.buffer),
  ]);

const expectSamePlaces = (found: GridLps, wanted: GridLps): void => {
  expect(found.sizeIjk).toEqual(wanted.sizeIjk);
  for (const voxel of [
    [0, 0, 0],
    [7, 0, 0],
    [0, 8, 0],
    [7, 8, 9],
  ] as Vec3[]) {
    ijkToLps(found, voxel).forEach((value, axis) => {
      expect(Math.abs(value - ijkToLps(wanted, voxel)[axis]!)).toBeLessThan(1e-4);
    });
  }
};

// Slow: ITK's programs are started.
describe('readVolumeFile', () => {
  it('reads NIfTI, NRRD and MetaImage in LPS, oblique grids too', async () => {
    const signed = Int16Array.from(counted, (value) => -100 * value);
    const files: [string, Uint8Array, ArrayLike<number>][] = [
      ['a.nii.gz', await encodeNiftiLabels({ grid: OBLIQUE, slices: [counted] }), counted],
      ['a.nrrd', encodeNrrd({ grid: OBLIQUE, data: signed }), signed],
      ['a.mha', metaImage(OBLIQUE, signed), signed],
    ];
    for (const [name, bytes, values] of files) {
      const volume = await read(name, bytes);
      expectSamePlaces(volume.grid, OBLIQUE);
      expect(Array.from(volume.values), name).toEqual(Array.from(values));
    }
  });

  it('refuses what is cut or of another kind in one sentence, and prints nothing', async () => {
    const log = vi.spyOn(console, 'log');
    const error = vi.spyOn(console, 'error');
    const { exitCode } = process;
    const whole = encodeNrrd({ grid: OBLIQUE, data: counted });
    await expect(read('cut.nrrd', whole.subarray(0, whole.length - 40))).rejects.toThrow(
      '"cut.nrrd" cannot be read; it is damaged or of another format.',
    );
    // ITK would fill what these lack with zeros.
    const nifti = await encodeNiftiLabels({ grid: OBLIQUE, slices: [counted] });
    const raw = gunzipSync(nifti);
    for (const [name, bytes] of [
      ['cut.nii', raw.subarray(0, raw.length - 40)],
      ['cut.nii.gz', nifti.subarray(0, nifti.length - 40)],
      ['short.nii.gz', gzipSync(raw.subarray(0, raw.length - 40))],
    ] as const)
      await expect(read(name, bytes)).rejects.toThrow(
        `"${name}" is cut off: it holds fewer voxels than its header says.`,
      );
    const damaged = Uint8Array.from(nifti, (byte, at) => (at === nifti.length - 6 ? byte ^ 1 : byte));
    await expect(read('damaged.nii.gz', damaged)).rejects.toThrow('"damaged.nii.gz" cannot be read');
    const packed = Buffer.from(encodeNrrd({ grid: OBLIQUE, data: counted })).toString('latin1');
    const bzip2 = Buffer.from(packed.replace(/encoding: \w+/, 'encoding: bzip2'), 'latin1');
    await expect(read('bz.nrrd', bzip2)).rejects.toThrow(
      '"bz.nrrd" is compressed by bzip2, which is not read',
    );
    await expect(read('text.nii', 'no scan')).rejects.toThrow('"text.nii" cannot be read');
    await expect(read('empty.mha', '')).rejects.toThrow('"empty.mha" cannot be read');
    expect(process.exitCode).toBe(exitCode);
    expect([log.mock.calls, error.mock.calls]).toEqual([[], []]);
  });
});

describe('DICOM', () => {
  const grid: GridLps = { ...cubeGridLps([0, 0, 0], 48, 24), sizeIjk: [24, 24, 24] };
  const metadata = defaultCtSeriesMetadata(1, grid);
  const ball = Int16Array.from({ length: 24 ** 3 }, (_, voxel) => {
    const point = ijkToLps(grid, [voxel % 24, Math.floor(voxel / 24) % 24, Math.floor(voxel / 576)]);
    return Math.hypot(...point) < 14 ? 3 : 0;
  });
  const options: PrepareOptions = {
    resolutions: [64],
    imageType: 'int16',
    precision: 'float32',
    points: 10,
    dualFieldPoints: 10,
    seed: 1,
    centre: 'segmentation',
    surfaceResolution: 32,
    programVersion: '0.1.0',
  };
  /** Sagittal slices of 1.5 mm, thinner and turned against the scan; the ball above z = −6 mm is the appendage, below the atrium. */
  const sagittal: GridLps = {
    sizeIjk: [22, 22, 24],
    spacingMm: [1.6, 1.6, 1.5],
    directions: [
      [0, 1, 0],
      [0, 0, -1],
      [-1, 0, 0],
    ],
    originLpsMm: [17.25, -16.8, 16.8],
  };
  const framesOf = (segment: number) =>
    Array.from({ length: 24 }, (_, slice) => {
      const values = Uint8Array.from({ length: 22 * 22 }, (_unused, pixel) => {
        const point = ijkToLps(sagittal, [pixel % 22, Math.floor(pixel / 22), slice]);
        return Math.hypot(...point) < 14 && point[2] > -6 === (segment === 1) ? 1 : 0;
      });
      return { segment, slice, values };
    });
  /** As other programs write them: most empty frames left out, one kept, one segment after the other, last slice first. */
  const segmentation = (frameOfReferenceUid: string) =>
    dicomSegmentation({
      type: 'BINARY',
      grid: sagittal,
      frames: [...framesOf(2), ...framesOf(1)]
        .filter(({ values, slice, segment }) => values.includes(1) || (slice === 0 && segment === 1))
        .reverse(),
      labels: { 1: 'Appendage', 2: 'Atrium' },
      frameOfReferenceUid,
    });
  beforeAll(() => writeCtSeries({ volume: { grid, data: ball }, metadata }, join(folder, 'dicom')));

  it('a series of labels is a segmentation as well, and a scan names its frame and patient', async () => {
    const { source, surface } = await readSegmentation({
      kind: 'files',
      image: '',
      segmentation: join(folder, 'dicom'),
      label: 3,
    });
    expect(source).toBe('labels');
    expect(surface.triangles.length).toBeGreaterThan(100);
    const scan = await readScan(join(folder, 'dicom'));
    expect(scan.warnings.map(({ code }) => code)).toContain('series.coverage-short');
    expect(scan).toMatchObject({
      source: 'dicom',
      frameOfReferenceUid: syntheticUids(metadata, grid).frameOfReference,
      patientId: 'AURICLE-PHANTOM-1',
    });
  });

  it('reads a DICOM SEG of unevenly spaced slices on the lattice to which they are resampled, on request alone', async () => {
    const uneven = join(folder, 'uneven');
    await writeCtSeries({ volume: { grid, data: ball }, metadata }, uneven);
    const missing = 12;
    await rm(join(uneven, (await readdir(uneven)).sort()[missing]!));
    await expect(readScan(uneven)).rejects.toThrow('one slice is missing');
    const scan = await readScan(uneven, { resampleUneven: true });
    expect(scan.warnings.map(({ code }) => code)).toContain('series.gaps-interpolated');
    const frames = Array.from({ length: 24 }, (_, slice) => ({
      segment: 1,
      slice,
      values: Uint8Array.from(ball.subarray(576 * slice, 576 * (slice + 1)), (value) => (value > 0 ? 1 : 0)),
    })).filter(({ slice, values }) => slice !== missing && values.includes(1));
    const path = join(folder, 'uneven-seg.dcm');
    await writeFile(path, dicomSegmentation({ type: 'BINARY', grid, frames, labels: { 1: 'LAA' } }));
    const { source, surface } = await readSegmentation(
      { kind: 'files', image: uneven, segmentation: path },
      scan,
    );
    expect(source).toBe('seg');
    // On the smallest lattice of its frames alone the missing slice would be a gap of 2 mm.
    expect(Math.abs(signedVolumeMm3(surface) / ((4 / 3) * Math.PI * 14 ** 3) - 1)).toBeLessThan(0.05);
  });

  it('reads a DICOM SEG of another orientation whose frames are in any order, empty or left out, and refuses another frame of reference', async () => {
    const prepare = async (frame: string) => {
      await writeFile(join(folder, 'seg.dcm'), segmentation(frame));
      return readCaseMaterial(
        {
          name: 'a',
          input: {
            kind: 'files',
            image: join(folder, 'dicom'),
            segmentation: join(folder, 'seg.dcm'),
            label: 1,
            atriumLabel: 2,
          },
        },
        options,
        async () => [0, 0, 0],
        {},
      );
    };
    const own = await prepare(syntheticUids(metadata, grid).frameOfReference);
    expect([own.surfaceSource, own.lumen.openedBy]).toEqual(['seg', 'atrium']);
    const capMm3 = (Math.PI * 20 ** 2 * (3 * 14 - 20)) / 3;
    expect(Math.abs(signedVolumeMm3(own.lumen.closed) / capMm3 - 1)).toBeLessThan(0.05);
    expect(distance(own.centreLpsMm, [0, 0, 4])).toBeLessThan(0.8);
    expect(findBoundaryLoops(own.lumen.wall)).toHaveLength(1);
    expect(own.warnings.map(({ code }) => code)).toContain('series.coverage-short');
    await expect(prepare('1.2.3')).rejects.toThrow(
      'Scan and segmentation are of different frames of reference and do not belong together.',
    );
    expect((await readFile(join(folder, 'seg.dcm'))).length).toBeGreaterThan(0);
  });
});
