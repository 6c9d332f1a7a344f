import { expect, it } from 'vitest';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { manualTimer } from '../../jobs/testing/manualTimer.ts';
import { beyondColours, createComparison, rangeFor } from './comparisonStore.ts';
import { exampleAppendage } from './testing/exampleCase.ts';
import { reviewInMemory } from './testing/reviewInMemory.ts';

const { reviewCase } = reviewInMemory();
const { frameOfReferenceUid } = reviewCase.report.source;
const ball = icosphere([0, 0, 0], 5, 1);
const closed = {
  positionsLpsMm: new Float32Array(ball.positionsLpsMm),
  triangles: new Uint32Array(ball.triangles),
};

function comparisonInMemory(frame = frameOfReferenceUid) {
  const inMemory = reviewInMemory();
  const { timer, pass } = manualTimer();
  let asked = 0;
  const comparison = createComparison({
    client: {
      comparison: {
        surfaces: ({ first }) => {
          asked++;
          const signedMm = new Float32Array(first.positionsLpsMm.length / 3);
          return Promise.resolve({ dice: 0.9, meanMm: 0.2, percentile95Mm: 0.7, largestMm: 2, signedMm });
        },
        readResult: ({ files }) => {
          if (files.length < 2) {
            return Promise.reject(
              new UserError(failure('objects.not-a-result', { folder: 'a', fileName: 'report.json' })),
            );
          }
          const measures = { ...exampleAppendage().measurements, volumeMl: 3 };
          return Promise.resolve({ closed, measures, frameOfReferenceUid: frame });
        },
      },
    },
    review: inMemory.review.store,
    loadSession: () =>
      Promise.resolve({
        reviewCase: inMemory.reviewCase,
        saved: { appendage: exampleAppendage({ closed }) },
      }),
    timer,
  });
  return { ...inMemory, comparison, state2: comparison.store.getState, pass, asked: () => asked };
}

const FILES = ['laa-closed.stl', 'report.json'].map((name) => ({ name, bytes: new Uint8Array(1) }));

it('compares with a results folder: numbers, a range for the colours, the difference of every measure', async () => {
  const { comparison, review, state, state2 } = comparisonInMemory();
  const mine = state().appendage!;
  review.store.setState({
    appendage: { ...mine, measurements: { ...mine.measurements, volumeMl: 5 } },
  });
  await comparison.withFolder('reader', FILES);
  const { other, result, problem } = state2();
  expect(problem).toBeNull();
  expect(other).toMatchObject({ name: 'reader', closed });
  expect(result).toMatchObject({ dice: 0.9, rangeMm: 0.7, of: state().appendage!.closed });
  const volume = result!.measures.find(({ key }) => key === 'volumeMl')!;
  expect(volume).toMatchObject({ first: 5, second: 3, difference: 2 });
  comparison.stop();
  expect(state2()).toMatchObject({ other: null, result: null });
});

it('refuses a result of another frame of reference, and says why a folder is none', async () => {
  const elsewhere = comparisonInMemory('9.9');
  await elsewhere.comparison.withFolder('other', FILES);
  expect(elsewhere.state2()).toMatchObject({ other: null, problem: { code: 'evaluation.other-frame' } });
  const { comparison, state2 } = comparisonInMemory();
  await comparison.withFolder('empty', []);
  expect(state2()).toMatchObject({ other: null, problem: { code: 'objects.not-a-result' } });
});

it('follows the work under review, with saved work or what was first segmented', async () => {
  const { comparison, review, state2, pass, asked, turn } = comparisonInMemory();
  await comparison.withSession('id', 'Follow-up');
  expect(state2().other!.name).toBe('Follow-up');
  await comparison.withOriginal();
  expect(state2().other!.closed).toBe(review.store.getState().current!.original.closed);
  const before = asked();
  const changed = exampleAppendage();
  review.store.setState({ appendage: changed });
  pass();
  await turn();
  expect(asked()).toBe(before + 1);
  expect(state2().result!.of).toBe(changed.closed);
});

it('keeps a result that was chosen while an edit was waiting to be compared', async () => {
  const { comparison, review, state2, pass } = comparisonInMemory();
  await comparison.withOriginal();
  review.store.setState({ appendage: exampleAppendage() });
  const chosen = comparison.withSession('id', 'Follow-up');
  pass();
  await chosen;
  expect(state2()).toMatchObject({ other: { name: 'Follow-up' }, result: { dice: 0.9 } });
});

it('drops a result that was read for a study which is no longer open', async () => {
  const { comparison, review, state, state2 } = comparisonInMemory();
  const chosen = comparison.withFolder('reader', FILES);
  review.store.setState({ current: { ...state().current!, seriesInstanceUid: '1.2.77' } });
  await chosen;
  expect(state2()).toMatchObject({ other: null, result: null });
});

it('ends a comparison with what was first segmented once that is another surface', async () => {
  const { comparison, review, state, state2 } = comparisonInMemory();
  await comparison.withOriginal();
  const original = exampleAppendage({ closed });
  review.store.setState({ current: { ...state().current!, original }, appendage: original });
  expect(state2()).toMatchObject({ other: null, result: null });
});

it('spans 95 % of the distances with a round number', () => {
  expect([0, 0.15, 0.5, 0.6, 4, 30.5].map(rangeFor)).toEqual([0.1, 0.2, 0.5, 0.7, 5, 40]);
});

it('says what lies beyond the ends of the colours, and on which side', () => {
  const signedMm = Float32Array.of(-1.5, -0.5, 0, 0.5);
  expect(beyondColours(signedMm, 0.5)).toEqual({ share: 0.25, insideMm: 1.5, outsideMm: null });
  expect(beyondColours(signedMm, 2)).toEqual({ share: 0, insideMm: null, outsideMm: null });
});
