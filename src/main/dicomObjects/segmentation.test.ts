import { describe, expect, it } from 'vitest';
import { readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { UserError } from '#shared/errors.ts';
import { ijkToLps } from '#shared/geometry/gridLps.ts';
import { firstVoxelOfPart } from '#shared/geometry/partOfGrid.ts';
import type { SliceStack } from '#shared/geometry/sliceStack.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { labelsInSlices, placeOfStack } from '../interchange/gzipSlices.ts';
import { writeSegmentation } from './segmentation.ts';
import { EXAMPLE_CONTEXT, EXAMPLE_GRID, EXAMPLE_MASK } from './testing/exampleResult.ts';

const labels = () => labelsInSlices({ grid: EXAMPLE_GRID, data: EXAMPLE_MASK });

describe('writeSegmentation', () => {
  it.each(['BINARY', 'LABELMAP'] as const)(
    'is read back voxel for voxel where it was, as %s: only slices that hold something',
    (kind) => {
      const image = readDicomSegmentation(writeSegmentation(labels(), EXAMPLE_CONTEXT, kind).bytes, 'seg');
      expect(image.labels).toEqual([{ value: 1, name: 'Left atrial appendage' }]);
      expect(image.frameOfReferenceUid).toBe('2.25.300');
      expect(image.grid.sizeIjk).toEqual([13, 11, 4]);
      expect(firstVoxelOfPart(image.grid, EXAMPLE_GRID)).toEqual([0, 0, 1]);
      expect(image.mask(1)).toEqual(EXAMPLE_MASK.subarray(143, 5 * 143));
    },
  );

  it('gives the same UIDs for the same content and time, and others for anything else', () => {
    const uids = (changes: Partial<typeof EXAMPLE_CONTEXT>, kind?: 'LABELMAP') => {
      const { sopInstanceUid, seriesInstanceUid } = writeSegmentation(
        labels(),
        { ...EXAMPLE_CONTEXT, ...changes },
        kind,
      );
      return [sopInstanceUid, seriesInstanceUid];
    };
    const first = uids({});
    expect(uids({})).toEqual(first);
    const all = [
      ...first,
      ...uids({ madeAt: new Date('2026-03-04T05:06:08Z') }),
      ...uids({ edits: ['Brush'] }),
      ...uids({}, 'LABELMAP'),
    ];
    expect(new Set(all).size).toBe(8);
    for (const uid of all) expect(uid).toMatch(/^2\.25\.[1-9]\d{30,38}$/);
  });

  it('keeps the slices of a tilted, unevenly spaced scan, each with its image, and is read back on them', () => {
    const positionsLpsMm = [0, 1, 2, 4, 5, 6, 8].map(
      (step): Vec3 => ijkToLps(EXAMPLE_GRID, [0.37 * step, -0.8 * step, step]),
    );
    const [columns, rows] = EXAMPLE_GRID.sizeIjk;
    const { spacingMm, directions } = EXAMPLE_GRID;
    const stack: SliceStack = {
      columns,
      rows,
      spacingMm: [spacingMm[0], spacingMm[1]],
      directions,
      positionsLpsMm,
    };
    const { source } = EXAMPLE_CONTEXT;
    const instances = source.instances.map((one, k) => ({ ...one, positionLpsMm: positionsLpsMm[k]! }));
    const { bytes } = writeSegmentation(labelsInSlices({ ...placeOfStack(stack), data: EXAMPLE_MASK }), {
      ...EXAMPLE_CONTEXT,
      source: { ...source, instances },
    });
    expect(() => readDicomSegmentation(bytes, 'seg')).toThrow('on one lattice');
    const image = readDicomSegmentation(bytes, 'seg', { isAnyStack: true });
    expect(image.maskOnSlices(1, stack)).toEqual(EXAMPLE_MASK);
    const moved = positionsLpsMm.map(([x, y, z]): Vec3 => [x + 1, y, z]);
    expect(image.maskOnSlices(1, { ...stack, positionsLpsMm: moved })).toBeNull();
    const text = Buffer.from(bytes).toString('latin1');
    // In the list of the series, and as the image of a frame: slices 1 to 4 hold something.
    expect([0, 1, 2, 3, 4, 5].map((k) => text.split(`2.25.200${k}`).length - 1)).toEqual([1, 2, 2, 2, 2, 1]);
  });

  it('places frames of a resampled scan on its grid, without naming an image that was not there', () => {
    const { source } = EXAMPLE_CONTEXT;
    const instances = source.instances.map((one, k) => ({
      ...one,
      positionLpsMm: ijkToLps(EXAMPLE_GRID, [0, 0, 1.5 * k]),
    }));
    const { bytes } = writeSegmentation(labels(), { ...EXAMPLE_CONTEXT, source: { ...source, instances } });
    const image = readDicomSegmentation(bytes, 'seg');
    expect(firstVoxelOfPart(image.grid, EXAMPLE_GRID)).toEqual([0, 0, 1]);
    const text = Buffer.from(bytes).toString('latin1');
    // Once in the list of the series, and at 3 · 1 = 1.5 · 2 as the image of a frame.
    expect(text.split('2.25.2002').length - 1).toBe(2);
    expect(text.split('2.25.2003').length - 1).toBe(1);
  });

  it('refuses an empty mask', () => {
    const empty = labelsInSlices({ grid: EXAMPLE_GRID, data: new Uint8Array(EXAMPLE_MASK.length) });
    expect(() => writeSegmentation(empty, EXAMPLE_CONTEXT)).toThrow(UserError);
  });
});
