import { vi } from 'vitest';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { words } from '#shared/words/words.ts';
import { manualTimer } from '../../../jobs/testing/manualTimer.ts';
import type { Stroke } from '../../../viewer/types.ts';
import type { ReviewCase } from '../reviewCase.ts';
import { createReview } from '../reviewStore.ts';
import { exampleAppendage, exampleReviewCase } from './exampleCase.ts';

/** An axial plane at this height, mm. */
export const plane = (z: number): OstiumPlane => ({ pointLpsMm: [0, 0, z], normal: [0, 0, 1] });
const grid = {
  sizeIjk: [12, 12, 12],
  originLpsMm: [0, 0, 0],
  spacingMm: [1, 1, 1],
  directions: LPS_AXES,
} as const;

/** A block of 4 × 4 × 4 labels in a crop of air. */
function blockCase(): ReviewCase {
  const data = new Uint8Array(12 ** 3);
  for (let k = 4; k < 8; k++) {
    for (let j = 4; j < 8; j++) data.fill(1, 4 + 12 * (j + 12 * k), 8 + 12 * (j + 12 * k));
  }
  const original = exampleAppendage({ ostiumPlane: plane(4) });
  return exampleReviewCase(
    { crop: { grid, data: new Int16Array(12 ** 3) }, labels: { grid, data } },
    { original },
  );
}

type Meshing = AuricleClient['meshing'];

/** A review of the block; meshing answers when the test says so, with a new surface each time. */
export function reviewInMemory() {
  const calls: {
    kind: 'recut' | 'afterEdits';
    plane: OstiumPlane | null;
    voxels: number;
    answer: () => MeasuredAppendage;
    /** Nothing is at the plane: a surface that ends where the network's own does. */
    answerWithOwnEnd: () => MeasuredAppendage;
    fail: (why: string | Failure) => void;
  }[] = [];
  const wait = (kind: 'recut' | 'afterEdits', at: OstiumPlane | null, voxels: number) =>
    new Promise<MeasuredAppendage>((resolve, reject) => {
      const answer = (end: OstiumPlane | null): MeasuredAppendage => {
        const surface = exampleAppendage({ ostiumPlane: end });
        resolve(surface);
        return surface;
      };
      calls.push({
        kind,
        plane: at,
        voxels,
        answer: () => answer(at),
        answerWithOwnEnd: () => answer(plane(4)),
        fail: (why) =>
          reject(
            new UserError(typeof why === 'string' ? failure('stored.sentence', { sentence: why }) : why),
          ),
      });
    });
  const meshing: Meshing = {
    recut: (params) => wait('recut', params.plane, 0),
    afterEdits: (params) =>
      wait(
        'afterEdits',
        params.plane,
        params.labels.data.reduce((a, b) => a + b, 0),
      ),
    labelSurfaces: () => Promise.reject(new Error('Not asked for.')),
    distances: () => Promise.reject(new Error('Not asked for.')),
  };
  const { timer, pass: passTime } = manualTimer();
  const problems: string[] = [];
  const warnings: string[] = [];
  const onTouched = vi.fn();
  const host = {
    client: { meshing },
    onTouched,
    onRegion: vi.fn(),
    onProblem: (why: Failure) => problems.push(words().sentence(why)),
    onNothingChanged: (why: Failure) => problems.push(words().sentence(why)),
    onWarning: (why: Failure) => warnings.push(words().sentence(why)),
    onPlaneMoves: vi.fn(),
    nameOfSeries: (uid: string) => (uid === '1.6' ? 'Lung 2 mm' : undefined),
    timer,
  };
  const review = createReview(host);
  const reviewCase = blockCase();
  review.start(reviewCase);
  const state = review.store.getState;
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
  return { calls, review, reviewCase, state, passTime, turn, problems, warnings, onTouched, host };
}

/** One event of the pen at a point. */
export const dot = (
  tool: Stroke['tool'],
  at: readonly [number, number, number],
  phase: Stroke['phase'],
): Stroke => ({
  tool,
  phase,
  plane: 'axial',
  planeNormal: [0, 0, 1],
  pointsLpsMm: [at],
});

/** How many voxels are labelled. */
export const count = ({ labels }: ReviewCase): number => labels.data.reduce((a, b) => a + b, 0);
