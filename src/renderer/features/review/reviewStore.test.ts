import { describe, expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { createReview } from './reviewStore.ts';
import { count, dot, plane, reviewInMemory } from './testing/reviewInMemory.ts';

describe('review', () => {
  it('begins with the network’s own surface, nothing to undo, not reviewed', () => {
    const { state, reviewCase } = reviewInMemory();
    expect(state()).toMatchObject({ steps: [], position: 0, verdict: 'not reviewed', isRemaking: false });
    expect(state().appendage).toBe(reviewCase.original);
  });

  it('makes one step of a stroke and one surface of it, after a moment', async () => {
    const { review, reviewCase, state, calls, passTime, turn, onTouched } = reviewInMemory();
    review.stroke(dot('brush', [9, 5, 5], 'start'), 0.5);
    review.stroke(dot('brush', [10, 5, 5], 'move'), 0.5);
    expect(state()).toMatchObject({ steps: [], isRemaking: false });
    review.stroke(dot('brush', [10, 5, 5], 'end'), 0.5);
    expect(count(reviewCase)).toBe(64 + 2);
    expect(onTouched).toHaveBeenCalled();
    expect(state()).toMatchObject({
      steps: ['Brush'],
      position: 1,
      edits: ['Brush < 0.01 mL'],
      isRemaking: true,
    });
    expect(calls).toEqual([]);
    passTime();
    expect(calls).toMatchObject([{ kind: 'afterEdits', voxels: 66, plane: plane(4) }]);
    const surface = calls[0]!.answer();
    await turn();
    expect(state()).toMatchObject({ isRemaking: false });
    expect(state().appendage).toBe(surface);
  });

  it('undoes to the original surface at once, and redoes to the edited one without asking again', async () => {
    const { review, reviewCase, state, calls, passTime, turn } = reviewInMemory();
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

  it('follows the handle with the newest plane only, and makes one step when it is released', async () => {
    const { review, state, calls, turn } = reviewInMemory();
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
    const { review, reviewCase, state, calls, turn } = reviewInMemory();
    review.movePlane(plane(5), false);
    const good = calls[0]!.answer();
    await turn();
    review.movePlane(plane(1), false);
    calls[1]!.answerWithOwnEnd();
    await turn();
    expect(state()).toMatchObject({ planeHint: failure('review.nothing-here'), plane: plane(1) });
    expect(state().appendage).toBe(good);
    review.movePlane(plane(11), false);
    calls[2]!.fail('Nothing of the appendage lies beyond this plane.');
    await turn();
    expect(state().planeHint).toEqual(failure('review.uncuttable-here'));
    expect(state().appendage).toBe(good);
    review.movePlane(plane(6), false);
    const better = calls[3]!.answer();
    await turn();
    expect(state()).toMatchObject({ planeHint: null, problem: null });
    expect(state().appendage).toBe(better);
    // Released where it was grabbed: nothing has changed.
    review.movePlane(plane(4), true);
    expect(state()).toMatchObject({ steps: [], isRemaking: false });
    expect(state().appendage).toBe(reviewCase.original);
  });

  it('does not refuse a plane beyond a painted surface before it is released: a preview lacks what was painted', async () => {
    const { review, state, calls, passTime, turn } = reviewInMemory();
    review.stroke(dot('brush', [5, 5, 2], 'start'), 0.5);
    review.stroke(dot('brush', [5, 5, 2], 'end'), 0.5);
    passTime();
    calls[0]!.answer();
    await turn();
    review.movePlane(plane(2), false);
    calls[1]!.answerWithOwnEnd();
    await turn();
    expect(state().planeHint).toEqual(failure('review.follows-on-release'));
    review.movePlane(plane(2), true);
    expect(calls[2]).toMatchObject({ kind: 'afterEdits', plane: plane(2) });
    const painted = calls[2]!.answer();
    await turn();
    expect(state()).toMatchObject({
      plane: plane(2),
      planeHint: null,
      steps: ['Brush', 'Move ostium plane'],
    });
    expect(state().appendage).toBe(painted);
  });

  it('puts the plane back where it was released and nothing is segmented, as if it had never moved', async () => {
    const { review, reviewCase, state, calls, turn, problems, host } = reviewInMemory();
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
    expect(problems).toEqual([expect.stringContaining('put back: nothing is segmented at its new position')]);
    // With the next move that is past.
    host.onPlaneMoves.mockClear();
    review.movePlane(plane(3), false);
    review.movePlane(plane(2), false);
    expect(host.onPlaneMoves).toHaveBeenCalledTimes(1);
  });

  it('puts the plane back where the atrium is against it, with the reason', async () => {
    const { review, state, calls, turn, problems, reviewCase } = reviewInMemory();
    const before = state().plane;
    review.movePlane(plane(1), true);
    calls[0]!.fail(failure('meshing.too-far-into-atrium', { mostMm: 10 }));
    await turn();
    expect(state()).toMatchObject({ plane: before, steps: [], isRemaking: false, problem: null });
    expect(state().appendage).toBe(reviewCase.original);
    expect(problems).toEqual([
      'The ostial plane was put back. The ostial plane lies more than 10 mm beyond the ostium that was found. Only so far the atrium is followed.',
    ]);
  });

  it('does not put the plane back over a later step: then the surface’s own end is shown', async () => {
    const { review, state, calls, turn, problems } = reviewInMemory();
    review.movePlane(plane(1), true);
    review.judge('rejected');
    const own = calls[0]!.answerWithOwnEnd();
    await turn();
    expect(state()).toMatchObject({ plane: plane(1), steps: ['Move ostium plane', 'Reject'] });
    expect(state().appendage).toBe(own);
    expect(problems).toEqual([]);
  });

  it('says why a surface cannot follow, and recovers by undo', async () => {
    const { review, state, calls, passTime, turn, problems, reviewCase } = reviewInMemory();
    review.stroke(dot('brush', [10, 5, 5], 'start'), 0.5);
    review.stroke(dot('brush', [10, 5, 5], 'end'), 0.5);
    passTime();
    calls[0]!.fail('The label map is empty.');
    await turn();
    expect(problems).toEqual(['The label map is empty.']);
    expect(state()).toMatchObject({
      problem: failure('stored.sentence', { sentence: 'The label map is empty.' }),
      isRemaking: false,
    });
    expect(review.saved()).toMatchObject({ isStale: true });
    review.undo();
    expect(state().problem).toBeNull();
    expect(state().appendage).toBe(reviewCase.original);
  });

  it('ends a verdict with the next edit; undo brings it back', () => {
    const { review, state } = reviewInMemory();
    review.judge('accepted');
    expect(state()).toMatchObject({ verdict: 'accepted', steps: ['Accept'], edits: [] });
    review.stroke(dot('brush', [10, 5, 5], 'start'), 0.5);
    review.stroke(dot('brush', [10, 5, 5], 'end'), 0.5);
    expect(state()).toMatchObject({
      verdict: 'not reviewed',
      steps: ['Accept', 'Brush'],
      edits: ['Brush < 0.01 mL'],
    });
    review.undo();
    expect(state().verdict).toBe('accepted');
    review.undo();
    expect(state().verdict).toBe('not reviewed');
  });

  it('says that an operation changed nothing, and makes no step of it', () => {
    const { review, state, problems } = reviewInMemory();
    review.operate('keepLargest');
    expect(problems).toEqual(['Keep largest component: nothing to change.']);
    expect(state().steps).toEqual([]);
  });

  it('goes on from what was saved: surface, plane, verdict, and every undo', async () => {
    const { review, reviewCase, calls, passTime, turn, host } = reviewInMemory();
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
