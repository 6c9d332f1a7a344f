import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { lumenProfile } from '#shared/contract/testing/values.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { exampleAppendage } from '../review/testing/exampleCase.ts';
import { plane, reviewInMemory } from '../review/testing/reviewInMemory.ts';
import { createOutlineCorrection, outlinePointOf, outlinePoints } from './outlineCorrection.ts';
import type { PlanningState } from './planningState.ts';

/** A ball of 12 mm radius round [0, 0, 10]; its line runs along z from −2, so that at 12 mm it is cut through the middle. */
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
  const points = lumenProfile.points.map((point) => ({
    ...point,
    pointLpsMm: [0, 0, point.distanceMm - 2] as [number, number, number],
    normal: [0, 0, 1] as [number, number, number],
  }));
  const store = createStore<PlanningState>(() => ({
    profile: { ...lumenProfile, centreLineLpsMm: line, points },
    numbers: null,
    followedLineLpsMm: null,
    lineHandlesLpsMm: [],
    problem: null,
    tables: [],
    origin: 'bundled',
    tablesProblem: null,
    landingZoneMm: null,
    revision: 0,
    sectionMm: null,
    shown: { centreLineLpsMm: line, section: null, landingZone: null, ostium: null, edited: null },
  }));
  const refusals: Failure[] = [];
  const sections: (number | null)[] = [];
  const correction = createOutlineCorrection({
    review: work.review,
    planning: { store, moveSection: (mm) => sections.push(mm) },
    onProblem: (why) => refusals.push(why),
    onOstium: () => {},
  });
  const outlines = () => work.state().marks.outlines;
  const shown = () => correction.store.getState().outline;
  return { ...work, correction, outlines, shown, refusals, sections, store };
}

const outwards = ([x, y, z]: Vec3, share: number): Vec3 => [x * share, y * share, z];

describe('the outline of a section', () => {
  it('takes no point nearer than 1.5 mm to another, and says why', () => {
    const { correction, outlines, shown, refusals } = opened();
    correction.edit(12);
    const [x, y, z] = shown()!.pointsLpsMm[0]!;
    expect(correction.add([x, y + 0.3, z])).toBe(true);
    expect(outlines()).toEqual([]);
    expect(refusals.map(({ code }) => code)).toEqual(['planning.point-too-near']);
  });

  it('is dragged by its points live, and the drag is one step that undo takes back', () => {
    const { correction, outlines, shown, state, review, sections } = opened();
    correction.edit(12);
    expect(sections).toEqual([12]);
    const before = shown()!.pointsLpsMm;
    expect(before.length).toBeGreaterThan(8);
    expect(outlines()).toEqual([]);
    correction.move(0, outwards(before[0]!, 1.1), false);
    expect(outlines()).toHaveLength(1);
    expect(state().steps).toEqual([]);
    correction.move(0, outwards(before[0]!, 1.2), true);
    expect(shown()?.pointsLpsMm[0]).toEqual(outwards(before[0]!, 1.2));
    expect(state()).toMatchObject({ steps: ['Correct outline at 12.0 mm'], edits: state().steps });
    review.undo();
    expect(outlines()).toEqual([]);
    expect(shown()?.pointsLpsMm).toEqual(before);
    review.redo();
    expect(outlines()[0]?.pointsLpsMm[0]).toEqual(outwards(before[0]!, 1.2));
    correction.asComputed(12);
    expect(outlines()).toEqual([]);
    expect(state().steps.at(-1)).toBe('Take back outline at 12.0 mm');
  });

  it('stays where it was last possible where it would cross itself, and the reason is said once', () => {
    const { correction, outlines, shown, refusals } = opened();
    correction.edit(12);
    const [first] = shown()!.pointsLpsMm;
    correction.move(0, outwards(first!, 1.1), false);
    correction.move(0, outwards(first!, -1.4), false);
    expect(outlines()[0]?.pointsLpsMm[0]).toEqual(outwards(first!, 1.1));
    correction.move(0, outwards(first!, -1.4), true);
    expect(outlines()[0]?.pointsLpsMm[0]).toEqual(outwards(first!, 1.1));
    expect(refusals.map(({ code }) => code)).toEqual(['planning.outline-crosses-itself']);
  });

  it('takes points more and less, and nothing that is not on it', () => {
    const { correction, outlines, shown, refusals } = opened();
    correction.edit(12);
    const { pointsLpsMm: before, outlineLpsMm } = shown()!;
    expect(correction.add([0, 0, 10])).toBe(false);
    expect(correction.add(outlineLpsMm[2]!)).toBe(true);
    expect(outlines()[0]?.pointsLpsMm).toHaveLength(before.length + 1);
    for (let left = before.length + 1; left > 4; left--) correction.remove(0);
    expect(outlines()[0]?.pointsLpsMm).toHaveLength(4);
    correction.remove(0);
    expect(refusals.map(({ code }) => code)).toEqual(['planning.outline-needs-points']);
  });

  it('cannot be corrected where there is none, and its points are drawn in its own plane alone', () => {
    const { correction, refusals } = opened();
    correction.edit(2);
    expect(refusals.map(({ code }) => code)).toEqual(['planning.no-outline-here']);
    correction.edit(12);
    const points = outlinePoints(correction.store.getState());
    expect(points.map(({ id }) => outlinePointOf(id))).toEqual(points.map((_, at) => at));
    expect(points[0]?.plane?.pointLpsMm).toEqual([0, 0, 10]);
    correction.edit(null);
    expect(outlinePoints(correction.store.getState())).toEqual([]);
  });
});
