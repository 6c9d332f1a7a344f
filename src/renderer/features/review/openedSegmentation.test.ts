import { describe, expect, it } from 'vitest';
import { dicomSegmentation } from '#shared/dicom/testing/segmentationFixtures.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { openedSegmentation, segmentsToChoose } from './openedSegmentation.ts';
import { reviewInMemory } from './testing/reviewInMemory.ts';

const { reviewCase } = reviewInMemory();
const { frameOfReferenceUid } = reviewCase.report.source;
/** A whole scan round the crop of 12 × 12 × 12: three voxels more on each side. */
const scan: GridLps = { ...reviewCase.labels.grid, sizeIjk: [18, 18, 18], originLpsMm: [-3, -3, -3] };

/** One block of the scan's slices 8 and 9, columns 7 to 9, rows 6 to 8; the crop has it at 4…6, 3…5, 5…6. */
const file = (
  parts: { frame?: string; labels?: Record<number, string>; series?: string; slices?: number[] } = {},
): Uint8Array =>
  dicomSegmentation({
    type: 'BINARY',
    grid: scan,
    labels: parts.labels ?? { 1: 'Left atrial appendage' },
    frameOfReferenceUid: parts.frame ?? frameOfReferenceUid,
    madeOn: { series: parts.series ?? reviewCase.report.source.seriesInstanceUid },
    isStepStated: parts.slices === undefined,
    frames: Object.keys(parts.labels ?? { 1: '' }).flatMap((segment) =>
      (parts.slices ?? [8, 9]).map((slice) => ({
        segment: Number(segment),
        slice,
        values: Array.from({ length: 18 * 18 }, (_, at) => {
          const [i, j] = [at % 18, Math.floor(at / 18)];
          return i >= 7 && i <= 9 && j >= 6 && j <= 8 ? 1 : 0;
        }),
      })),
    ),
  });

describe('opening a segmentation in place of the result', () => {
  it('is a step with a name: labels of the scan on the voxels under review, undone and redone', () => {
    const { review, state, calls, passTime } = reviewInMemory();
    const before = Uint8Array.from(state().current!.labels.data);
    review.openSegmentation(file(), 'seg.dcm');
    const { grid, data } = state().current!.labels;
    const labelled = [...data.keys()].filter((at) => data[at] === 1);
    expect(labelled).toHaveLength(18);
    expect(labelled[0]).toBe(4 + 12 * (3 + 12 * 5));
    expect(labelled.at(-1)).toBe(6 + 12 * (5 + 12 * 6));
    expect(grid.sizeIjk).toEqual([12, 12, 12]);
    expect(state()).toMatchObject({
      steps: ['Open segmentation'],
      edits: [expect.stringMatching(/^Open segmentation [0-9.]+ mL$/)],
      labelEdits: 1,
    });
    passTime();
    expect(calls).toMatchObject([{ kind: 'afterEdits', voxels: 18 }]);
    review.undo();
    expect(state().current!.labels.data).toEqual(before);
    review.redo();
    expect(state().current!.labels.data).toEqual(data);
  });

  it('takes the appendage of several, and refuses what is of another scan or not clear', () => {
    const open = (bytes: Uint8Array) => () => openedSegmentation(bytes, 'seg.dcm', reviewCase);
    const two = openedSegmentation(file({ labels: { 1: 'LA', 2: 'LAA' } }), 'seg.dcm', reviewCase);
    expect(two.mask.reduce((sum, value) => sum + value, 0)).toBe(18);
    expect(open(file({ frame: '1.2.3' }))).toThrow('is of another scan');
    expect(open(file({ labels: { 1: 'a', 2: 'b' } }))).toThrow('holds several labels: 1 (a), 2 (b)');
    expect(open(new Uint8Array(500))).toThrow('cannot be read');
  });

  it('asks for the segment where it is not clear, and takes the one that is named', () => {
    const unclear = file({ labels: { 1: 'a', 2: 'b' } });
    expect(segmentsToChoose(unclear, 'seg.dcm')).toEqual([
      { value: 1, name: 'a' },
      { value: 2, name: 'b' },
    ]);
    expect(openedSegmentation(unclear, 'seg.dcm', reviewCase, 2).mask).toHaveLength(12 ** 3);
    for (const clear of [file(), file({ labels: { 1: 'LA', 2: 'LAA' } }), new Uint8Array(500)])
      expect(segmentsToChoose(clear, 'seg.dcm')).toBeUndefined();
  });

  it('says on which series it was made, and leaves slices without a frame empty', () => {
    const { review, state, warnings } = reviewInMemory();
    review.openSegmentation(file(), 'seg.dcm');
    expect(warnings).toEqual([]);
    review.openSegmentation(file({ slices: [7, 9] }), 'gaps.dcm');
    const { data } = state().current!.labels;
    expect([4, 5, 6].map((k) => data.subarray(144 * k, 144 * (k + 1)).includes(1))).toEqual([
      true,
      false,
      true,
    ]);
    review.openSegmentation(file({ slices: [8, 9, 10], series: '1.6' }), 'other.dcm');
    expect(warnings).toEqual([
      'The segmentation "gaps.dcm" does not say how far apart its slices lie; it is read on this scan’s (1.00 mm), and those without an image of it are empty.',
      'The segmentation "other.dcm" was made on another series (Lung 2 mm), not on this one; it is shown where their positions agree.',
      'The segmentation "other.dcm" does not say how far apart its slices lie; the smallest distance between its images, 1.00 mm, is taken.',
    ]);
  });

  it('says where it is what is shown already, or why it cannot be opened, and makes no step of it', () => {
    const { review, state, problems } = reviewInMemory();
    review.openSegmentation(file(), 'seg.dcm');
    review.openSegmentation(file(), 'seg.dcm');
    review.openSegmentation(file({ frame: '1.2.3' }), 'other.dcm');
    expect(state().steps).toEqual(['Open segmentation']);
    expect(problems).toEqual([
      '"seg.dcm" is identical to the current segmentation.',
      'The segmentation "other.dcm" is of another scan: its frame of reference or position differs.',
    ]);
  });
});
