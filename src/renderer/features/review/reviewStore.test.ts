import { describe, expect, it, vi } from 'vitest';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { UserError } from '#shared/errors.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import type { Timer } from '../../jobs/debounce.ts';
import type { Stroke } from '../../viewer/types.ts';
import type { ReviewCase } from './reviewCase.ts';
import { createReview } from './reviewStore.ts';
import { exampleAppendage, exampleReviewCase } from './testing/exampleCase.ts';

const plane = (z: number): OstiumPlane => ({ pointLpsMm: [0, 0, z], normal: [0, 0, 1] });
const grid = {
  sizeIjk: [12, 12, 12],
  originLpsMm: [0, 0, 0],
  spacingMm: [1, 1, 1],
  directions: LPS_AXES,
} as const;

/** A block of 4 × 4 × 4 labels in a crop of air. */
function exampleCase(): ReviewCase {
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

/** Meshing that answers when the test says so, with a surface of its own each time. */
function build() {
  const calls: {
    kind: 'recut' | 'fromLabels';
    plane: OstiumPlane | null;
    voxels: number;
    answer: () => MeasuredAppendage;
    /** Nothing is at the plane: a surface that ends where the network's own does. */
    answerWithOwnEnd: () => MeasuredAppendage;
    fail: (message: string) => void;
  }[] = [];
  const wait = (kind: 'recut' | 'fromLabels', at: OstiumPlane | null, voxels: number) =>
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
        fail: (message) => reject(new UserError(message)),
      });
    });
  const meshing: Meshing = {
    recut: (params) => wait('recut', params.plane, 0),
    fromLabels: (params) =>
      wait(
        'fromLabels',
        params.plane,
        params.labels.data.reduce((a, b) => a + b, 0),
      ),
  };
  let waiting: (() => void) | null = null;
  const timer: Timer = {
    set: (action) => {
      waiting = action;
    },
    clear: () => {
      waiting = null;
    },
  };
  const passTime = (): void => {
    const action = waiting;
    waiting = null;
    action?.();
  };
  const problems: string[] = [];
  const onTouched = vi.fn();
  const host = {
    client: { meshing },
    onTouched,
    onRegion: vi.fn(),
    onProblem: (message: string) => problems.push(message),
    onNothingChanged: (message: string) => problems.push(message),
    timer,
  };
  const review = createReview(host);
  const reviewCase = exampleCase();
  review.start(reviewCase);
  const state = review.store.getState;
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
  return { calls, review, reviewCase, state, passTime, turn, problems, onTouched, host };
}

const dot = (
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

const count = ({ labels }: ReviewCase): number => labels.data.reduce((a, b) => a + b, 0);

describe('review', () => {
  it('begins with the network’s own surface, nothing to undo, not reviewed', () => {
    const { state, reviewCase } = build();
    expect(state()).toMatchObject({ steps: [], position: 0, verdict: 'not reviewed', isRemaking: false });
    expect(state().appendage).toBe(reviewCase.original);
  });

  it('makes one step of a stroke and one surface of it, after a moment', async () => {
    const { review, reviewCase, state, calls, passTime, turn, onTouched } = build();
    review.stroke(dot('brush', [9, 5, 5], 'start'), 0.5);
    review.stroke(dot('brush', [10, 5, 5], 'move'), 0.5);
    expect(state()).toMatchObject({ steps: [], isRemaking: false });
    review.stroke(dot('brush', [10, 5, 5], 'end'), 0.5);
    expect(count(reviewCase)).toBe(64 + 2);
    expect(onTouched).toHaveBeenCalled();
    expect(state()).toMatchObject({ steps: ['Brush'], position: 1, edits: ['Brush'], isRemaking: true });
    expect(calls).toEqual([]);
    passTime();
    expect(calls).toMatchObject([{ kind: 'fromLabels', voxels: 66, plane: plane(4) }]);
    const surface = calls[0]!.answer();
    await turn();
    expect(state()).toMatchObject({ isRemaking: false });
    expect(state().appendage).toBe(surface);
  });

  it('undoes to the original surface at once, and redoes to the edited one without asking again', async () => {
    const { review, reviewCase, state, calls, passTime, turn } = build();
    review.stroke(dot('eraser', [4, 4, 4], 'start'), 0.5);
    review.stroke(dot('eraser', [4, 4, 4], 'end'), 0.5);
    passTime();
    const surface = calls[0]!.answer();
    await turn();
    review.undo();
    expect(count(reviewCase)).toBe(64);
    expect(state()).toMatchObject({ position: 0, steps: ['Eraser'], edits: [] });
    expect(state().appendage).toBe(reviewCase.original);
    review.redo();
    expect(count(reviewCase)).toBe(63);
    expect(state().appendage).toBe(surface);
    expect(calls).toHaveLength(1);
  });

  it('follows the handle with the newest plane only, and makes one step when it is let go', async () => {
    const { review, state, calls, turn } = build();
    for (const z of [5, 6, 7]) review.movePlane(plane(z), false);
    expect(calls).toMatchObject([{ kind: 'recut', plane: plane(5) }]);
    expect(state()).toMatchObject({ plane: plane(7), steps: [] });
    const preview = calls[0]!.answer();
    await turn();
    expect(state().appendage).toBe(preview);
    expect(calls[1]).toMatchObject({ plane: plane(7) });
    review.movePlane(plane(8), true);
    expect(state()).toMatchObject({ steps: ['Move ostium plane'], isRemaking: true });
    calls[1]!.answer();
    await turn();
    // The last preview is of a plane that is no more.
    expect(state().appendage).toBe(preview);
    const final = calls[2]!.answer();
    await turn();
    expect(state().appendage).toBe(final);
    review.undo();
    expect(state()).toMatchObject({ plane: plane(4), isRemaking: false });
  });

  it('keeps the last surface while the plane is where nothing is segmented, and says so', async () => {
    const { review, reviewCase, state, calls, turn } = build();
    review.movePlane(plane(5), false);
    const good = calls[0]!.answer();
    await turn();
    review.movePlane(plane(1), false);
    calls[1]!.answerWithOwnEnd();
    await turn();
    expect(state()).toMatchObject({ planeHint: 'Nothing is segmented here.', plane: plane(1) });
    expect(state().appendage).toBe(good);
    review.movePlane(plane(11), false);
    calls[2]!.fail('Nothing of the appendage lies beyond this plane.');
    await turn();
    expect(state().planeHint).toBe('It cannot be cut here.');
    expect(state().appendage).toBe(good);
    review.movePlane(plane(6), false);
    const better = calls[3]!.answer();
    await turn();
    expect(state()).toMatchObject({ planeHint: null, problem: null });
    expect(state().appendage).toBe(better);
    // Let go where it was taken: nothing has happened.
    review.movePlane(plane(4), true);
    expect(state()).toMatchObject({ steps: [], isRemaking: false });
    expect(state().appendage).toBe(reviewCase.original);
  });

  it('does not judge a plane beyond a painted surface before it is let go: a preview has not what was painted', async () => {
    const { review, state, calls, passTime, turn } = build();
    review.stroke(dot('brush', [5, 5, 2], 'start'), 0.5);
    review.stroke(dot('brush', [5, 5, 2], 'end'), 0.5);
    passTime();
    calls[0]!.answer();
    await turn();
    review.movePlane(plane(2), false);
    calls[1]!.answerWithOwnEnd();
    await turn();
    expect(state().planeHint).toBe('Follows when let go.');
    review.movePlane(plane(2), true);
    expect(calls[2]).toMatchObject({ kind: 'fromLabels', plane: plane(2) });
    const painted = calls[2]!.answer();
    await turn();
    expect(state()).toMatchObject({
      plane: plane(2),
      planeHint: null,
      steps: ['Brush', 'Move ostium plane'],
    });
    expect(state().appendage).toBe(painted);
  });

  it('puts the plane back where it was let go and nothing is segmented, as if it had never moved', async () => {
    const { review, reviewCase, state, calls, turn, problems } = build();
    review.movePlane(plane(6), true);
    calls[0]!.answer();
    await turn();
    review.undo();
    review.judge('accepted');
    const { steps } = state();
    review.undo();
    expect(steps).toEqual(['Accept']);
    expect(state()).toMatchObject({ steps: ['Accept'], position: 0 });
    review.redo();
    review.movePlane(plane(2), false);
    calls[1]!.answerWithOwnEnd();
    await turn();
    review.movePlane(plane(1), true);
    expect(state()).toMatchObject({
      planeHint: null,
      isRemaking: true,
      steps: ['Accept', 'Move ostium plane'],
      verdict: 'not reviewed',
    });
    calls[2]!.answerWithOwnEnd();
    await turn();
    expect(state()).toMatchObject({
      plane: plane(4),
      steps: ['Accept'],
      position: 1,
      verdict: 'accepted',
      isRemaking: false,
      problem: null,
    });
    expect(state().appendage).toBe(reviewCase.original);
    expect(problems).toEqual([expect.stringContaining('put back: nothing is segmented where it was moved')]);
  });

  it('does not put the plane back over a later step: then the surface’s own end is shown', async () => {
    const { review, state, calls, turn, problems } = build();
    review.movePlane(plane(1), true);
    review.judge('rejected');
    const own = calls[0]!.answerWithOwnEnd();
    await turn();
    expect(state()).toMatchObject({ plane: plane(1), steps: ['Move ostium plane', 'Reject'] });
    expect(state().appendage).toBe(own);
    expect(problems).toEqual([]);
  });

  it('says why a surface cannot follow, and recovers by undo', async () => {
    const { review, state, calls, passTime, turn, problems, reviewCase } = build();
    review.stroke(dot('brush', [10, 5, 5], 'start'), 0.5);
    review.stroke(dot('brush', [10, 5, 5], 'end'), 0.5);
    passTime();
    calls[0]!.fail('The label map is empty.');
    await turn();
    expect(problems).toEqual(['The label map is empty.']);
    expect(state()).toMatchObject({ problem: 'The label map is empty.', isRemaking: false });
    expect(review.saved()).toMatchObject({ isStale: true });
    review.undo();
    expect(state().problem).toBeNull();
    expect(state().appendage).toBe(reviewCase.original);
  });

  it('ends a verdict with the next edit; undo brings it back', () => {
    const { review, state } = build();
    review.judge('accepted');
    expect(state()).toMatchObject({ verdict: 'accepted', steps: ['Accept'], edits: [] });
    review.stroke(dot('brush', [10, 5, 5], 'start'), 0.5);
    review.stroke(dot('brush', [10, 5, 5], 'end'), 0.5);
    expect(state()).toMatchObject({ verdict: 'not reviewed', steps: ['Accept', 'Brush'], edits: ['Brush'] });
    review.undo();
    expect(state().verdict).toBe('accepted');
    review.undo();
    expect(state().verdict).toBe('not reviewed');
  });

  it('tells of an operation that changes nothing, and makes no step of it', () => {
    const { review, state, problems } = build();
    review.operate('keepLargest');
    expect(problems).toEqual(['Keep largest piece: there was nothing to change.']);
    expect(state().steps).toEqual([]);
  });

  it('goes on from what was saved: surface, plane, verdict, and every undo', async () => {
    const { review, reviewCase, calls, passTime, turn, host } = build();
    review.stroke(dot('brush', [10, 5, 5], 'start'), 0.5);
    review.stroke(dot('brush', [10, 5, 5], 'end'), 0.5);
    passTime();
    const surface = calls[0]!.answer();
    await turn();
    review.judge('accepted');
    const saved = review.saved()!;
    const again = createReview(host);
    again.restore({ ...reviewCase }, saved);
    expect(again.store.getState()).toMatchObject({
      steps: ['Brush', 'Accept'],
      position: 2,
      verdict: 'accepted',
      revision: 0,
    });
    expect(again.store.getState().appendage).toBe(surface);
    again.goTo(0);
    expect(count(reviewCase)).toBe(64);
    expect(again.store.getState().appendage).toBe(reviewCase.original);
  });
});
