import { describe, expect, it } from 'vitest';
import { closed } from '#shared/contract/testing/values.ts';
import { dicomSegmentation } from '#shared/dicom/testing/segmentationFixtures.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { seenApart } from '#shared/planning/testing/seenColours.ts';
import { words } from '#shared/words/words.ts';
import { manualTimer } from '../../jobs/testing/manualTimer.ts';
import { COLOURS } from '../../viewer/colours.ts';
import { BESIDE_COLOURS, createBeside } from './besideStore.ts';
import { reviewInMemory } from './testing/reviewInMemory.ts';

const { reviewCase } = reviewInMemory();
const { frameOfReferenceUid } = reviewCase.report.source;
/** A whole scan round the crop of 12 × 12 × 12: three voxels more on each side. */
const scan: GridLps = { ...reviewCase.labels.grid, sizeIjk: [18, 18, 18], originLpsMm: [-3, -3, -3] };

/**
 * Two segments of the scan: one that shares half of its voxels with the work (columns 9 to 12 of the block at 7 to 10),
 * one that lies outside of the crop.
 */
const file = (frame = frameOfReferenceUid): Uint8Array =>
  dicomSegmentation({
    type: 'BINARY',
    grid: scan,
    labels: { 1: 'LAA', 2: 'Vein' },
    frameOfReferenceUid: frame,
    frames: [1, 2].flatMap((segment) =>
      (segment === 1 ? [7, 8, 9, 10] : [0]).map((slice) => ({
        segment,
        slice,
        values: Array.from({ length: 18 * 18 }, (_, at) => {
          const [i, j] = [at % 18, Math.floor(at / 18)];
          return j >= 7 && j <= 10 && i >= 9 && i <= 12 ? 1 : 0;
        }),
      })),
    ),
  });

function besideInMemory() {
  const inMemory = reviewInMemory();
  const problems: string[] = [];
  const { timer, pass } = manualTimer();
  let distances = 0;
  const beside = createBeside({
    client: {
      meshing: {
        recut: () => Promise.reject(new Error('Not asked for.')),
        afterEdits: () => Promise.reject(new Error('Not asked for.')),
        labelSurfaces: ({ labels }) =>
          labels.data.includes(1)
            ? Promise.resolve({ mesh: closed, piecesLeftOut: 0 })
            : Promise.reject(new UserError(failure('meshing.nothing-labelled'))),
        distances: () => Promise.resolve({ mean: ++distances, percent95: 2 }),
      },
    },
    review: inMemory.review.store,
    onProblem: (why) => problems.push(words().sentence(why)),
    timer,
  });
  const segments = () => beside.store.getState().files.flatMap((one) => one.segments);
  return { ...inMemory, beside, problems, segments, passTime: pass };
}

describe('segmentations beside the work', () => {
  it('are listed with volume, agreement and what lies beyond the region, and change nothing of the work', async () => {
    const { beside, segments, state } = besideInMemory();
    const before = state();
    const voxels = Uint8Array.from(before.current!.labels.data);
    expect(await beside.open(file(), 'other.dcm')).toBe(true);
    expect(beside.store.getState()).toMatchObject({
      ownVolumeMl: 0.064,
      files: [{ warnings: [{ code: 'objects.segmentation-source-unknown' }] }],
    });
    expect(segments()).toMatchObject([
      {
        name: 'LAA',
        isShown: true,
        volumeMl: 0.064,
        shareOutside: 0,
        agreement: { dice: 0.5, distancesMm: { mean: 1, percent95: 2 } },
      },
      { name: 'Vein', volumeMl: 0.016, shareOutside: 1, surface: null, agreement: { dice: 0 } },
    ]);
    expect(segments()[1]?.problem).toEqual({ code: 'meshing.nothing-labelled', fields: {} });
    expect(state()).toEqual(before);
    expect(state().current!.labels.data).toEqual(voxels);
  });

  it('stay through edits, whose agreement follows, are hidden, and go when they are removed', async () => {
    const { beside, segments, review, passTime } = besideInMemory();
    await beside.open(file(), 'other.dcm');
    const [first] = segments();
    beside.show(first!.id, false);
    review.store.setState({ appendage: { ...review.store.getState().appendage! } });
    passTime();
    await expect.poll(() => segments()[0]?.agreement?.distancesMm?.mean).toBe(2);
    expect(segments()[0]).toMatchObject({ isShown: false, surface: closed });
    beside.remove(beside.store.getState().files[0]!.id);
    expect(segments()).toEqual([]);
  });

  it('are refused where they are of another scan, and go with the scan', async () => {
    const { beside, review, segments, problems } = besideInMemory();
    expect(await beside.open(file('1.2.3.4'), 'foreign.dcm')).toBe(false);
    expect(problems).toHaveLength(1);
    expect(segments()).toEqual([]);
    await beside.open(file(), 'other.dcm');
    review.clear();
    expect(segments()).toEqual([]);
  });
});

it('gives each segment a colour that is told apart from the others and the work’s own without red and green', () => {
  const all = [...BESIDE_COLOURS, COLOURS.contour, COLOURS.reference];
  all.forEach((colour, at) => {
    for (const other of all.slice(at + 1))
      expect(seenApart(colour, other), `${colour} ${other}`).toBeGreaterThan(20);
  });
});
