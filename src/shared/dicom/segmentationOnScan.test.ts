import { describe, expect, it } from 'vitest';
import { cubeGridLps, type GridLps, ijkToLps } from '../geometry/gridLps.ts';
import { readDicomSegmentation } from './dicomSegmentation.ts';
import { maskOnGrid } from './maskOnGrid.ts';
import { madeOn, segmentationOnScan } from './segmentationOnScan.ts';
import { dicomSegmentation, type SegmentationToWrite } from './testing/segmentationFixtures.ts';

/** A scan of ten slices, 1.25 mm apart. */
const scan: GridLps = {
  ...cubeGridLps([10, -20, 30], 4, 1),
  sizeIjk: [3, 2, 10],
  spacingMm: [0.5, 0.5, 1.25],
};
const images = { seriesInstanceUid: '1.5', sopInstanceUids: new Set(['1.5.1', '1.5.2']) };
const area = 6;
const segmentation = (slices: readonly number[], parts: Partial<SegmentationToWrite> = {}) =>
  readDicomSegmentation(
    dicomSegmentation({
      type: 'BINARY',
      grid: scan,
      frames: slices.map((slice) => ({ segment: 1, slice, values: new Array<number>(area).fill(1) })),
      labels: { 1: 'Appendage' },
      isStepStated: false,
      madeOn: { series: '1.5' },
      ...parts,
    }),
    'seg.dcm',
    { isAnyStack: true },
  );
/** The slices of a grid that hold something once the segmentation is put there, and what is said. */
function put(image: ReturnType<typeof segmentation>, grid = scan) {
  const placed = segmentationOnScan(image, 'seg.dcm', { grid, images });
  const mask = maskOnGrid(placed.image, 1, grid);
  const filled = Array.from({ length: grid.sizeIjk[2] }, (_, k) => k).filter((k) =>
    mask.subarray(k * area, (k + 1) * area).includes(1),
  );
  return {
    filled,
    stepMm: placed.image.grid.spacingMm[2],
    codes: placed.warnings.map(({ code }) => code.replace('objects.segmentation-', '')),
  };
}

describe('a segmentation that does not state the distance of its slices', () => {
  it('has the slices of the scan that it was made on, those without a frame empty', () => {
    const everySecond = segmentation([2, 4, 6]);
    expect(everySecond.grid.spacingMm[2]).toBeCloseTo(2.5, 9);
    expect(put(everySecond)).toEqual({ filled: [2, 4, 6], stepMm: 1.25, codes: ['gaps-empty'] });
    // No smallest step divides the others.
    expect(put(segmentation([1, 3, 6]))).toEqual({ filled: [1, 3, 6], stepMm: 1.25, codes: ['gaps-empty'] });
    expect(put(segmentation([7])).filled).toEqual([7]);
    expect(put(segmentation([2, 3, 5]))).toEqual({ filled: [2, 3, 5], stepMm: 1.25, codes: [] });
  });

  it('is put so on a part of the scan, and on one whose slices run the other way', () => {
    const part: GridLps = { ...scan, sizeIjk: [3, 2, 4], originLpsMm: ijkToLps(scan, [0, 0, 3]) };
    expect(put(segmentation([2, 4, 6]), part).filled).toEqual([1, 3]);
    const [x, y, z] = scan.directions;
    const turned: GridLps = {
      ...scan,
      originLpsMm: ijkToLps(scan, [0, 1, 9]),
      directions: [x, [-y[0], -y[1], -y[2]], [-z[0], -z[1], -z[2]]],
    };
    expect(put(segmentation([2, 4, 6]), turned).filled).toEqual([3, 5, 7]);
  });

  it('keeps the smallest step, and says so, where it lies between the scan’s slices or is of another series', () => {
    const shifted: GridLps = { ...scan, originLpsMm: ijkToLps(scan, [0, 0, 0.4]) };
    expect(put(segmentation([2, 4, 6], { grid: shifted }))).toMatchObject({
      stepMm: 2.5,
      codes: ['step-assumed'],
    });
    expect(put(segmentation([2, 4, 6], { madeOn: { series: '1.6' } }))).toMatchObject({
      stepMm: 2.5,
      codes: ['of-another-series', 'step-assumed'],
    });
  });

  it('is taken at its word where it states the distance', () => {
    const thick: GridLps = { ...scan, sizeIjk: [3, 2, 5], spacingMm: [0.5, 0.5, 2.5] };
    const stated = segmentation([1, 2], { grid: thick, isStepStated: true });
    expect(put(stated)).toMatchObject({ filled: [1, 2, 3, 4], stepMm: 2.5, codes: [] });
  });
});

it('knows on which images a segmentation was made', () => {
  const of = (named: SegmentationToWrite['madeOn']) => {
    const image = segmentation([1, 2], { isStepStated: true, ...(named && { madeOn: named }) });
    const { warnings } = segmentationOnScan(image, 'seg.dcm', {
      grid: scan,
      images,
      nameOfSeries: (uid) => (uid === '1.6' ? 'Lung 2 mm' : undefined),
    });
    return [madeOn(image, images), ...warnings.map(({ fields }) => fields)];
  };
  const name = 'seg.dcm';
  expect(of({ series: '1.5', images: ['1.5.9', '1.5.2'] })).toEqual(['these images']);
  expect(of({ series: '1.5' })).toEqual(['these images']);
  expect(of({ series: '1.5', images: ['1.5.9'] })).toEqual(['other images', { name }]);
  expect(of({ series: '1.6', images: ['1.6.1'] })).toEqual(['another series', { name, series: 'Lung 2 mm' }]);
  expect(of({ series: '1.7' })).toEqual(['another series', { name, series: '1.7' }]);
  expect(of({})).toEqual(['unknown', { name }]);
});
