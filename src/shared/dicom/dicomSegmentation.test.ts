import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cubeGridLps, type GridLps, ijkToLps } from '#shared/geometry/gridLps.ts';
import { encodeTree, parseTree, type TreeElement } from '../deidentify/dataSetTree.ts';
import { isDicomSegmentation, readDicomSegmentation } from './dicomSegmentation.ts';
import { findFileEncoding } from './fileEncoding.ts';
import { chosenMask } from './labelImage.ts';
import { encapsulatedElement, joined } from './testing/compressedFixtures.ts';
import { BIG_ENDIAN, EXPLICIT } from './testing/rawElements.ts';
import { dicomSegmentation } from './testing/segmentationFixtures.ts';

// 5 × 3 pixels: frames do not end at whole bytes.
const grid: GridLps = {
  ...cubeGridLps([10, -20, 30], 6, 2),
  sizeIjk: [5, 3, 4],
  spacingMm: [0.5, 0.75, 2],
};
const pattern = (shift: number) => Array.from({ length: 15 }, (_, n) => ((n * 7 + shift) % 3 === 0 ? 1 : 0));
const labels = { 1: 'Appendage', 2: 'Atrium' };
/** Out of order, of two segments, slice 1 without a frame of segment 1. */
const frames = [
  { segment: 2, slice: 1, values: pattern(0) },
  { segment: 1, slice: 3, values: pattern(1) },
  { segment: 1, slice: 0, values: pattern(2) },
  { segment: 2, slice: 3, values: pattern(3) },
];
const expected = (slices: Readonly<Record<number, number[]>>) =>
  Uint8Array.from([0, 1, 2, 3].flatMap((slice) => slices[slice] ?? new Array<number>(15).fill(0)));

describe('readDicomSegmentation', () => {
  it('puts binary frames where they belong, whatever their order, missing ones empty', () => {
    const file = dicomSegmentation({ type: 'BINARY', grid, frames, labels });
    expect(isDicomSegmentation(file.subarray(0, 400))).toBe(true);
    const image = readDicomSegmentation(file, 'seg.dcm');
    expect(image.grid.sizeIjk).toEqual([5, 3, 4]);
    expect(image.grid.spacingMm).toEqual([0.5, 0.75, 2]);
    for (const voxel of [
      [0, 0, 0],
      [4, 2, 3],
    ] as const) {
      const [found, wanted] = [ijkToLps(image.grid, voxel), ijkToLps(grid, voxel)];
      found.forEach((value, axis) => {
        expect(value).toBeCloseTo(wanted[axis]!, 9);
      });
    }
    expect(image.labels).toEqual([
      { value: 1, name: 'Appendage' },
      { value: 2, name: 'Atrium' },
    ]);
    expect(image.frameOfReferenceUid).toBe('1.2.3');
    expect(image.mask(1)).toEqual(expected({ 0: pattern(2), 3: pattern(1) }));
    expect(image.mask(2)).toEqual(expected({ 1: pattern(0), 3: pattern(3) }));
  });

  it('takes fractions from one half of the largest on, and label maps by their values', () => {
    const fractions = pattern(0).map((value, n) => (value === 1 ? 100 + n : 99));
    const fractional = dicomSegmentation({
      type: 'FRACTIONAL',
      grid,
      frames: [{ segment: 1, slice: 0, values: fractions }],
      labels: { 1: 'Appendage' },
    });
    // A single frame has one slice.
    expect(readDicomSegmentation(fractional, 'seg.dcm').mask(1)).toEqual(Uint8Array.from(pattern(0)));
    const map = dicomSegmentation({
      type: 'LABELMAP',
      grid,
      frames: [0, 2].map((slice) => ({
        segment: 0,
        slice,
        values: pattern(slice).map((value) => 2 * value),
      })),
      labels: { 0: 'Background', 2: 'Atrium' },
    });
    const image = readDicomSegmentation(map, 'seg.dcm');
    expect(image.labels.map(({ value }) => value)).toEqual([2]);
    expect(image.mask(2)).toEqual(expected({ 0: pattern(0), 2: pattern(2) }).subarray(0, 45));
  });

  it('lists segments that the file holds without describing them', () => {
    const undescribed = [2];
    const binary = dicomSegmentation({ type: 'BINARY', grid, frames, labels, undescribed });
    const found = readDicomSegmentation(binary, 'seg.dcm');
    expect(found.labels).toEqual([
      { value: 1, name: 'Appendage' },
      { value: 2, name: '' },
    ]);
    expect(found.mask(2)).toEqual(expected({ 1: pattern(0), 3: pattern(3) }));
    const values = pattern(0).map((value) => 3 * value);
    const map = dicomSegmentation({
      type: 'LABELMAP',
      grid,
      frames: [{ segment: 0, slice: 0, values }],
      labels: {},
    });
    expect(readDicomSegmentation(map, 'seg.dcm').labels).toEqual([{ value: 3, name: '' }]);
  });

  it('takes frames without a number for the only segment, and refuses them where there are several', () => {
    const parts = { type: 'BINARY', grid, frames: frames.slice(1, 3), isNumbered: false } as const;
    const one = readDicomSegmentation(dicomSegmentation({ ...parts, labels: { 5: 'Appendage' } }), 'seg.dcm');
    expect(one.mask(5).includes(1)).toBe(true);
    expect(() => readDicomSegmentation(dicomSegmentation({ ...parts, labels }), 'seg.dcm')).toThrow(
      'a frame does not say which segment it shows',
    );
  });

  it('reads frames in run lengths, and refuses other compressions by name', () => {
    const values = [2, 2, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0];
    const map = dicomSegmentation({
      type: 'LABELMAP',
      grid,
      frames: [0, 1].map((slice) => ({ segment: 0, slice, values })),
      labels: { 2: 'Atrium' },
    });
    const plain = readDicomSegmentation(map, 'seg.dcm').mask(2);
    // One segment of bytes: three times 2, four times 0, once 2, seven times 0; padded to an even length.
    const runs = Uint8Array.of(254, 2, 253, 0, 0, 2, 250, 0);
    const header = new Uint8Array(64);
    header.set([1, 0, 0, 0, 64]);
    const stream = joined([header, runs]);
    const pixelsAt = map.length - 12 - 30;
    const rle = joined([map.subarray(0, pixelsAt), encapsulatedElement([stream, stream])]);
    const withSyntax = (file: Uint8Array, uid: string): Uint8Array => {
      const text = Buffer.from(file).toString('latin1');
      return Uint8Array.from(Buffer.from(text.replace('1.2.840.10008.1.2.1\0', `${uid}\0`), 'latin1'));
    };
    expect(readDicomSegmentation(withSyntax(rle, '1.2.840.10008.1.2.5'), 'seg.dcm').mask(2)).toEqual(plain);
    const cut = withSyntax(rle.subarray(0, -20), '1.2.840.10008.1.2.5');
    expect(() => readDicomSegmentation(cut, 'seg.dcm')).toThrow('damaged or cut short');
    expect(() => readDicomSegmentation(withSyntax(rle, '1.2.840.10008.1.2.9'), 'seg.dcm')).toThrow(
      '1.2.840.10008.1.2.9',
    );
  });

  it('reads words in big endian', () => {
    const isWord = (vr: string | undefined): boolean => vr === 'US' || vr === 'OW';
    const swapped = (element: TreeElement): TreeElement => {
      const { value, vr } = element;
      if (value instanceof Uint8Array)
        return isWord(vr) ? { ...element, value: value.map((_, at) => value[at ^ 1]!) } : element;
      return {
        ...element,
        value: value.map((item) => ({ encoding: BIG_ENDIAN, elements: item.elements.map(swapped) })),
      };
    };
    const inWords = (element: TreeElement): TreeElement =>
      element.tag === 0x7fe00010 ? { ...element, vr: 'OW' } : element;
    const file = dicomSegmentation({ type: 'BINARY', grid, frames, labels });
    const encoding = findFileEncoding(file);
    if (encoding.kind !== 'dicom') throw new Error(encoding.kind);
    const tree = parseTree(file, encoding.dataSetOffset, EXPLICIT).map(inWords).map(swapped);
    const bigEndian = readDicomSegmentation(encodeTree(tree, BIG_ENDIAN), 'seg.dcm');
    expect(bigEndian.mask(1)).toEqual(expected({ 0: pattern(2), 3: pattern(1) }));
    expect(bigEndian.mask(2)).toEqual(expected({ 1: pattern(0), 3: pattern(3) }));
  });

  it('says which segment is empty, and which there are', () => {
    const image = readDicomSegmentation(
      dicomSegmentation({ type: 'BINARY', grid, frames, labels }),
      'seg.dcm',
    );
    expect(() => chosenMask(image, undefined, 'seg.dcm')).toThrow(
      '"seg.dcm" holds several labels: 1 (Appendage), 2 (Atrium); say which is the appendage (--label).',
    );
    expect(() => chosenMask(image, 3, 'seg.dcm')).toThrow('has no voxel of label 3; it holds 1 (Appendage)');
  });

  it('refuses frames off the lattice, and files that were cut, in one sentence each', () => {
    const uneven = dicomSegmentation({
      type: 'BINARY',
      grid,
      frames: [0, 1, 2.4].map((slice) => ({ segment: 1, slice, values: pattern(0) })),
      labels,
    });
    expect(() => readDicomSegmentation(uneven, 'seg.dcm')).toThrow(
      'The segmentation "seg.dcm" cannot be read: its frames do not lie on one lattice.',
    );
    const whole = dicomSegmentation({ type: 'BINARY', grid, frames, labels });
    for (let length = 0; length < whole.length; length += 13) {
      expect(() => readDicomSegmentation(whole.subarray(0, length), 'seg.dcm'), `${length} bytes`).toThrow(
        'The segmentation "seg.dcm" cannot be read:',
      );
    }
  });
});

const SHARED = path.resolve(import.meta.dirname, '../../../../../shared/data');
const present = existsSync(path.join(SHARED, 'dicom.tar.xz'));

describe.skipIf(!present)(
  `segmentations of highdicom${present ? '' : ' (skipped: the reference data is not there)'}`,
  () => {
    it('reads binary, fractional and overlapping segments on the grid of their CT', () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'auricle-seg-'));
      try {
        execFileSync('tar', [
          '-xJf',
          path.join(SHARED, 'dicom.tar.xz'),
          '-C',
          folder,
          '--wildcards',
          '*highdicom*',
        ]);
        const [root] = execFileSync('find', [folder, '-name', 'highdicom'], { encoding: 'utf8' }).split('\n');
        const read = (name: string) => readDicomSegmentation(readFileSync(path.join(root!, name)), name);
        const binary = read('seg_image_ct_binary.dcm');
        const [first] = binary.labels;
        const count = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0);
        expect(binary.grid.sizeIjk.slice(0, 2)).toEqual([16, 16]);
        expect(count(binary.mask(first!.value))).toBeGreaterThan(0);
        // The same segment, stored in other ways.
        const fractional = read('seg_image_ct_binary_fractional.dcm');
        expect(fractional.mask(first!.value)).toEqual(binary.mask(first!.value));
        expect(fractional.grid).toEqual(binary.grid);
        const overlapping = read('seg_image_ct_binary_overlap.dcm');
        const [a, b] = overlapping.labels.map(({ value }) => overlapping.mask(value));
        expect(a!.some((value, voxel) => value === 1 && b![voxel] === 1)).toBe(true);
        expect(count(read('seg_image_ct_true_fractional.dcm').mask(1))).toBeGreaterThan(0);
        expect(read('seg_image_ct_binary_single_frame.dcm').grid.sizeIjk[2]).toBe(1);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
