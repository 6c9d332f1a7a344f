import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { handlesOf } from '#shared/anatomy/correctedLine.ts';
import { lumenProfile } from '#shared/contract/testing/values.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { exampleAppendage } from '../review/testing/exampleCase.ts';
import { plane, reviewInMemory } from '../review/testing/reviewInMemory.ts';
import { createLineCorrection, linePointOf, linePoints } from './lineCorrection.ts';
import type { PlanningState } from './planningState.ts';

/** A ball of 12 mm radius; its line runs along z from its bottom at z = −2 to its top. */
function opened() {
  const work = reviewInMemory();
  const line = Array.from({ length: 25 }, (_, at): [number, number, number] => [0, 0, at - 2]);
  const closed = icosphere([0, 0, 10], 12, 3);
  work.review.store.setState({
    appendage: exampleAppendage({
      closed: {
        positionsLpsMm: Float32Array.from(closed.positionsLpsMm),
        triangles: Uint32Array.from(closed.triangles),
      },
      ostiumPlane: plane(-2),
    }),
  });
  const store = createStore<PlanningState>(() => ({
    profile: { ...lumenProfile, centreLineLpsMm: line },
    numbers: null,
    followedLineLpsMm: null,
    lineHandlesLpsMm: handlesOf(line),
    problem: null,
    tables: [],
    origin: 'bundled',
    tablesProblem: null,
    landingZoneMm: null,
    revision: 0,
    sectionMm: null,
    shown: { centreLineLpsMm: line, section: null, landingZone: null, ostium: null, edited: null },
  }));
  // As the planning store does.
  work.review.store.subscribe(({ marks }) =>
    store.setState({ lineHandlesLpsMm: marks.centreLine ?? handlesOf(line) }),
  );
  const refusals: Failure[] = [];
  const correction = createLineCorrection({
    review: work.review,
    planning: { store },
    onProblem: (why) => refusals.push(why),
  });
  const points = (): readonly Vec3[] | null => work.state().marks.centreLine;
  return { ...work, correction, points, refusals, store, line };
}

describe('the centre line’s points', () => {
  it('are dragged live, and the drag is one step that undo takes back', () => {
    const { correction, points, state, review } = opened();
    correction.move(1, [2, 0, 8], false);
    expect(points()?.[1]).toEqual([2, 0, 8]);
    expect(state().steps).toEqual([]);
    correction.move(1, [3, 0, 8], true);
    expect(state()).toMatchObject({ steps: ['Move point of the centre line'], edits: state().steps });
    review.undo();
    expect(points()).toBeNull();
    review.redo();
    expect(points()?.[1]).toEqual([3, 0, 8]);
    correction.asComputed();
    expect(points()).toBeNull();
    expect(state().steps.at(-1)).toBe('Centre line as computed');
    review.undo();
    expect(points()?.[1]).toEqual([3, 0, 8]);
  });

  it('go back where the line would leave the lumen, with the reason and without a step', () => {
    const { correction, points, state, refusals } = opened();
    correction.move(1, [15, 0, 8], false);
    correction.move(1, [15, 0, 8], true);
    expect(points()).toBeNull();
    expect(state().steps).toEqual([]);
    expect(refusals.map(({ code }) => code)).toEqual(['planning.line-leaves-lumen']);
  });

  it('are refused nearer than 1.5 mm to another, with the reason', () => {
    const { correction, points, refusals, line } = opened();
    const [first] = handlesOf(line);
    correction.add([first![0], first![1], first![2] + 1.4]);
    expect(points()).toBeNull();
    expect(refusals.map(({ code }) => code)).toEqual(['planning.point-too-near']);
    correction.add([first![0], first![1], first![2] + 1.6]);
    expect(points()).toHaveLength(handlesOf(line).length + 1);
  });

  it('are added where they belong on the line, and removed all but the tip', () => {
    const { correction, points, refusals, line, state } = opened();
    const before = handlesOf(line);
    correction.add([0, 0, 10.5]);
    expect(points()).toEqual([...before.slice(0, 2), [0, 0, 10.5], ...before.slice(2)]);
    correction.removeNearest([0, 0, 10.4]);
    expect(points()).toEqual(before);
    correction.remove(before.length - 1);
    expect(refusals.map(({ code }) => code)).toEqual(['planning.line-needs-tip']);
    expect(state().steps).toHaveLength(2);
  });

  it('have ids of their own among what the viewer shows', () => {
    const { store } = opened();
    const shown = linePoints(store.getState());
    expect(shown.map(({ id }) => linePointOf(id))).toEqual(shown.map((_, at) => at));
    expect(linePointOf('ridge')).toBeNull();
  });
});
