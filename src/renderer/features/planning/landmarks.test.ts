import { describe, expect, it, vi } from 'vitest';
import type { Failure } from '#shared/failures/failure.ts';
import { reportedLandmarks } from '#shared/planning/landmarkPlane.ts';
import { reviewInMemory } from '../review/testing/reviewInMemory.ts';
import { createLandmarks } from './landmarks.ts';

/** The block's centre line runs along z from its ostium at z = 4. */
function opened() {
  const work = reviewInMemory();
  const centreLine = vi.fn(() =>
    Promise.resolve({ pointsLpsMm: [4, 5, 6, 7, 8].map((z): [number, number, number] => [6, 6, z]) }),
  );
  const problems: Failure[] = [];
  const landmarks = createLandmarks({
    client: {
      planning: {
        centreLine,
        profile: () => Promise.reject(new Error('Not asked for.')),
        deviceTables: () => Promise.reject(new Error('Not asked for.')),
        replaceDeviceTables: () => Promise.reject(new Error('Not asked for.')),
      },
    },
    review: work.review,
    onProblem: (why) => problems.push(why),
  });
  return { ...work, landmarks, centreLine, refusals: problems };
}

describe('landmarks', () => {
  it('are set one after the other, and the second one lays the plane through both', async () => {
    const { landmarks, state, calls, turn, centreLine } = opened();
    landmarks.place('ridge');
    landmarks.setAt([2, 6, 5]);
    expect(landmarks.store.getState().placing).toBe('circumflex');
    expect(state()).toMatchObject({ steps: ['Set left upper ridge'], edits: ['Set left upper ridge'] });
    expect(calls).toHaveLength(0);
    landmarks.setAt([10, 6, 6]);
    expect(landmarks.store.getState().placing).toBeNull();
    await turn();
    expect(state().steps).toEqual(['Set left upper ridge', 'Set circumflex artery']);
    const { plane, marks } = state();
    const { ridgeFromPlaneMm, circumflexFromPlaneMm } = reportedLandmarks(marks, plane);
    expect(Math.abs(ridgeFromPlaneMm!)).toBeLessThan(1e-6);
    expect(Math.abs(circumflexFromPlaneMm!)).toBeLessThan(1e-6);
    expect(plane!.normal[2]).toBeGreaterThan(0.9);
    expect(calls).toMatchObject([{ kind: 'recut', plane }]);
    calls[0]!.answer();
    await turn();
    // Dragged: the plane follows live, and all of it is one step.
    landmarks.move('ridge', [2, 6, 5.5], false);
    expect(state().steps).toHaveLength(2);
    expect(state().plane).not.toEqual(plane);
    landmarks.move('ridge', [2, 6, 6], true);
    expect(state().steps.at(-1)).toBe('Move left upper ridge');
    expect(centreLine).toHaveBeenCalledTimes(1);
  });

  it('are waited for, the second one too, where its button is pressed after the first was set', () => {
    const { landmarks } = opened();
    const placing = () => landmarks.store.getState().placing;
    landmarks.press('ridge');
    landmarks.setAt([2, 6, 5]);
    landmarks.press('circumflex');
    expect(placing()).toBe('circumflex');
    landmarks.press('circumflex');
    expect(placing()).toBeNull();
    landmarks.press('circumflex');
    landmarks.press('ridge');
    expect(placing()).toBe('ridge');
    landmarks.press('ridge');
    expect(placing()).toBeNull();
  });

  it('are taken back by undo with the plane, and done again by redo', async () => {
    const { landmarks, review, state, calls, turn } = opened();
    const before = state().plane;
    landmarks.place('circumflex');
    landmarks.setAt([10, 6, 6]);
    landmarks.setAt([2, 6, 5]);
    await turn();
    calls[0]!.answer();
    await turn();
    const after = state();
    review.undo();
    expect(state()).toMatchObject({ plane: before, marks: { landmarks: { ridge: null } } });
    review.undo();
    expect(state().marks.landmarks).toEqual({ ridge: null, circumflex: null });
    expect(state().appendage).toBe(state().current?.original);
    review.redo();
    review.redo();
    expect(state()).toMatchObject({ plane: after.plane, marks: after.marks, appendage: after.appendage });
    landmarks.remove();
    expect(state()).toMatchObject({
      plane: after.plane,
      marks: { landmarks: { ridge: null, circumflex: null } },
    });
  });

  it('that wait for their plane go with an undo, and come back with nothing', async () => {
    const { landmarks, review, state, turn } = opened();
    const before = state();
    landmarks.place('ridge');
    landmarks.setAt([2, 6, 5]);
    landmarks.setAt([10, 6, 6]);
    expect(state().marks.landmarks.circumflex).not.toBeNull();
    review.undo();
    await turn();
    expect(state()).toMatchObject({ position: 0, plane: before.plane, edits: [] });
    expect(state().marks.landmarks).toEqual({ ridge: null, circumflex: null });
    // The next one begins from what is there now.
    landmarks.place('circumflex');
    landmarks.setAt([10, 6, 6]);
    review.undo();
    expect(state().marks.landmarks).toEqual({ ridge: null, circumflex: null });
  });

  it('go back where their plane cuts nothing, with the plane, without a step', async () => {
    const { landmarks, state, calls, turn, problems } = opened();
    const before = state().plane;
    landmarks.place('ridge');
    landmarks.setAt([2, 6, 5]);
    landmarks.setAt([10, 6, 6]);
    await turn();
    calls[0]!.answerWithOwnEnd();
    await turn();
    expect(state()).toMatchObject({
      steps: ['Set left upper ridge'],
      plane: before,
      marks: { landmarks: { ridge: [2, 6, 5], circumflex: null } },
    });
    expect(problems.join()).toContain('does not cut the segmented lumen');
  });

  it('are refused where they give no plane, and saved with the work', async () => {
    const { landmarks, review, reviewCase, state, turn, refusals } = opened();
    landmarks.place('ridge');
    landmarks.setAt([2, 6, 5]);
    landmarks.setAt([2, 6, 7]);
    await turn();
    expect(refusals.map(({ code }) => code)).toEqual(['planning.landmarks-no-plane']);
    expect(state().marks.landmarks).toEqual({ ridge: [2, 6, 5], circumflex: null });
    const saved = review.saved()!;
    review.clear();
    expect(state().marks.landmarks.ridge).toBeNull();
    review.restore(reviewCase, saved);
    expect(state().marks.landmarks.ridge).toEqual([2, 6, 5]);
    review.undo();
    expect(state().marks.landmarks.ridge).toBeNull();
  });

  it('end a verdict, which was given without them', () => {
    const { landmarks, review, state } = opened();
    review.judge('accepted', null);
    landmarks.place('ridge');
    landmarks.setAt([2, 6, 5]);
    expect(state().verdict).toBe('not reviewed');
    review.undo();
    expect(state().verdict).toBe('accepted');
  });
});
