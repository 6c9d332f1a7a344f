import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { PlanningState } from '../../features/planning/index.ts';
import { dot, plane, reviewInMemory } from '../../features/review/testing/reviewInMemory.ts';
import { createGuide, type GuideStep } from './guideStore.ts';

function opened() {
  const { review } = reviewInMemory();
  const planning = createStore<PlanningState>(() => ({
    profile: null,
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
    shown: null,
  }));
  const shown: GuideStep[] = [];
  const guide = createGuide({ review: review.store, planning, onStep: (step) => shown.push(step) });
  const statuses = (): string =>
    (['region', 'appendage', 'ostium', 'landingZone', 'device', 'cArm', 'report'] as const)
      .map(guide.status)
      .join(' ');
  return { review, planning, guide, shown, statuses };
}

describe('the steps of planning', () => {
  it('show what serves each, and lead to the next that is not reviewed', () => {
    const { guide, shown } = opened();
    guide.go('region');
    expect(guide.store.getState()).toMatchObject({ step: 'region', tab: 'edit' });
    guide.toggle('ostium');
    expect(guide.store.getState()).toMatchObject({ step: 'landingZone', tab: 'plan' });
    guide.toggle('appendage');
    // The ostium is reviewed already.
    expect(shown).toEqual(['region', 'landingZone', 'landingZone']);
    expect(guide.reviewedNow()).toEqual(['appendage', 'ostium']);
    guide.toggle('ostium');
    expect(guide.reviewedNow()).toEqual(['appendage']);
    guide.leave();
    expect(guide.store.getState().step).toBeNull();
  });

  it('are unreviewed again where what they show has changed, and reviewed where that is undone', () => {
    const { review, planning, guide, statuses } = opened();
    for (const step of ['region', 'appendage', 'ostium', 'landingZone', 'device', 'cArm'] as const)
      guide.toggle(step);
    guide.reported();
    const all = Array(7).fill('reviewed').join(' ');
    expect(statuses()).toBe(all);
    planning.setState({ landingZoneMm: 12 });
    expect(statuses()).toBe('reviewed reviewed reviewed changed changed reviewed changed');
    planning.setState({ landingZoneMm: null });
    review.store.setState({ device: { table: 'A', size: '24 mm', depthMm: 10, tiltDegrees: [0, 0] } });
    expect(statuses()).toBe('reviewed reviewed reviewed reviewed changed reviewed changed');
    review.store.setState({ device: null });
    const { marks } = review.store.getState();
    const outline = { at: 'ostium' as const, plane: plane(5), pointsLpsMm: [], outlineLpsMm: [] };
    review.store.setState({ marks: { ...marks, outlines: [outline] } });
    expect(statuses()).toBe('reviewed reviewed changed changed changed reviewed changed');
    review.store.setState({ marks });
    review.movePlane(plane(5), true);
    expect(statuses()).toBe('reviewed reviewed changed changed changed changed changed');
    review.undo();
    expect(statuses()).toBe(all);
    review.stroke(dot('brush', [9, 5, 5], 'start'), 0.5);
    review.stroke(dot('brush', [9, 5, 5], 'end'), 0.5);
    expect(statuses()).toBe('reviewed changed changed changed changed changed changed');
    // Another stroke of the same size is another shape.
    review.undo();
    guide.toggle('appendage');
    guide.toggle('appendage');
    review.stroke(dot('brush', [9, 6, 5], 'start'), 0.5);
    review.stroke(dot('brush', [9, 6, 5], 'end'), 0.5);
    expect(guide.status('appendage')).toBe('changed');
  });

  it('begin anew with another case, and come back with saved work', () => {
    const { review, guide, statuses } = opened();
    guide.toggle('region');
    guide.toggle('appendage');
    const { reviewed, revision } = guide.store.getState();
    expect(revision).toBe(2);
    review.clear();
    expect(guide.store.getState()).toMatchObject({ reviewed: {}, step: null, tab: 'measures' });
    const again = opened();
    again.guide.restore(reviewed);
    expect(again.statuses()).toBe('reviewed reviewed open open open open open');
    expect(again.guide.store.getState().revision).toBe(0);
    expect(statuses()).toBe(Array(7).fill('open').join(' '));
  });
});
