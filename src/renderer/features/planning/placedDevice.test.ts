import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { DeviceTable } from '#shared/contract/planning.ts';
import { deviceTable, lumenProfile, measured } from '#shared/contract/testing/values.ts';
import { failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { box } from '#shared/mesh/testing/primitives.ts';
import { meshWithOwnBuffers } from '../../jobs/ownBuffer.ts';
import { manualTimer } from '../../jobs/testing/manualTimer.ts';
import { exampleAppendage } from '../review/testing/exampleCase.ts';
import { reviewInMemory } from '../review/testing/reviewInMemory.ts';
import { createPlacedDevice } from './placedDevice.ts';
import type { PlanningState } from './planningState.ts';

const cup: DeviceTable = {
  ...deviceTable,
  shape: {
    kind: 'cup',
    source: 'Schematic.',
    length: [{ timesSize: 0.5, plusMm: 0 }],
    faceDiameter: [{ timesSize: 0.8, plusMm: 0 }],
    shoulder: [{ timesSize: 0.1, plusMm: 0 }],
    endDiameter: [{ timesSize: 0.5, plusMm: 0 }],
  },
};
const { shape: _shape, ...flat } = cup;

/** A line of 32 mm towards the head from the ostium, in a block 22 mm wide. */
function opened(tables: readonly DeviceTable[] = [cup]) {
  const work = reviewInMemory();
  const profile = {
    ...lumenProfile,
    centreLineLpsMm: Array.from({ length: 33 }, (_, z): [number, number, number] => [0, 0, z]),
  };
  const planning = createStore<PlanningState>(() => ({
    profile: null,
    numbers: null,
    followedLineLpsMm: null,
    lineHandlesLpsMm: [],
    problem: null,
    tables: [...tables],
    origin: 'bundled',
    tablesProblem: null,
    landingZoneMm: null,
    revision: 0,
    sectionMm: null,
    shown: null,
  }));
  const { timer, pass } = manualTimer();
  const looked: Vec3[] = [];
  const device = createPlacedDevice({
    planning,
    review: work.review,
    onLook: ({ centreLpsMm }) => looked.push(centreLpsMm),
    timer,
  });
  const appendage = exampleAppendage({
    closed: meshWithOwnBuffers(box([-11, -11, 0], [11, 11, 40])),
    ostiumPlane: { pointLpsMm: [0, 0, 0], normal: [0, 0, 1] },
  });
  work.review.store.setState({ appendage });
  planning.setState({ profile });
  const place = () => device.choose({ table: 'Example occluder', size: '24 mm' });
  return { ...work, planning, device, looked, measure: pass, place, now: device.store.getState };
}

describe('a placed device', () => {
  it('lies at its landing zone, is shown at once and measured a moment later', () => {
    const { place, now, measure, state, device, looked } = opened();
    place();
    expect(state()).toMatchObject({
      device: { depthMm: 10, tiltDegrees: [0, 0] },
      steps: ['Place device'],
      amounts: ['Example occluder 24 mm'],
    });
    expect(now().shown).toMatchObject({ centreLpsMm: [0, 0, 10], axis: [0, 0, 1], radiusMm: 12 });
    expect(now().measured).toBeNull();
    measure();
    // A square of 22 mm: 31.1 mm from corner to corner.
    expect(now().measured).toMatchObject({ lumenDiametersMm: { maximum: 31.1, minimum: 22 }, overlapMm: 1 });
    // Its table sizes by numbers that this surface does not have.
    expect(now().shown?.fits).toBe(false);
    device.look();
    expect(looked).toEqual([[0, 0, 10]]);
  });

  it('is held against the ostium as a reader corrected it', () => {
    const { place, now, measure, planning, state } = opened();
    const { appendage } = state();
    const { ostium } = measured.measurements;
    const narrow = { ...ostium!, areaDerivedDiameterMm: 5 };
    planning.setState({
      numbers: { ...appendage!, measurements: { ...appendage!.measurements, ostium: narrow } },
    });
    place();
    measure();
    expect(now().measured?.lumenDiametersMm).toEqual({ maximum: null, minimum: null });
  });

  it('follows handles and sliders live; a drag is one step, and undone and redone', () => {
    const { place, device, review, state, now, passTime } = opened();
    place();
    device.drag({ kind: 'move', pointLpsMm: [5, -3, 14.2] }, false);
    // It may be held still for a while.
    passTime();
    expect(state()).toMatchObject({ device: { depthMm: 14.2 }, steps: ['Place device'] });
    device.drag({ kind: 'move', pointLpsMm: [5, -3, 15.26] }, true);
    expect(state()).toMatchObject({
      device: { depthMm: 15.3 },
      amounts: ['Example occluder 24 mm', '5.3 mm'],
    });
    device.drag({ kind: 'aim', axis: [0, -Math.sin(0.2), Math.cos(0.2)] }, true);
    const { tiltDegrees } = state().device!;
    expect(Math.hypot(...tiltDegrees)).toBeCloseTo((0.2 * 180) / Math.PI, 1);
    expect(now().shown?.axis[1]).toBeCloseTo(-Math.sin(0.2), 2);
    expect(state().steps).toEqual(['Place device', 'Move device', 'Tilt device']);
    expect(state().verdict).toBe('not reviewed');
    review.undo();
    review.undo();
    expect(state().device).toMatchObject({ depthMm: 10, tiltDegrees: [0, 0] });
    review.undo();
    expect(state().device).toBeNull();
    expect(now().shown).toBeNull();
    review.redo();
    review.redo();
    expect(state().device).toMatchObject({ depthMm: 15.3 });
    // It changes neither the result nor what is said of it.
    expect(state().edits).toEqual([]);
  });

  it('is moved by keys in one step, within the line and the tilt', () => {
    const { place, device, state, passTime, review } = opened();
    place();
    for (let press = 0; press < 3; press++) device.nudge(0.5, [0, 0]);
    expect(state()).toMatchObject({ device: { depthMm: 11.5 }, steps: ['Place device'] });
    device.nudge(0, [2, 0]);
    expect(state().steps).toEqual(['Place device', 'Move device']);
    passTime();
    expect(state()).toMatchObject({ steps: ['Place device', 'Move device', 'Tilt device'] });
    device.change({ depthMm: 999, tiltDegrees: [-80, 10.04] }, true);
    expect(state().device).toMatchObject({ depthMm: 32, tiltDegrees: [-45, 10] });
    // Undone before the keys' step was complete: it is completed first.
    device.nudge(-1, [0, 0]);
    review.undo();
    expect(state().device).toMatchObject({ depthMm: 32 });
  });

  it('keeps its pose when another size is chosen, is hidden, removed, and saved with the work', () => {
    const { place, device, state, now, review, reviewCase } = opened();
    place();
    device.change({ depthMm: 12.5 }, true);
    device.choose({ table: 'Example occluder', size: '27 mm' });
    expect(state().device).toMatchObject({ size: '27 mm', depthMm: 12.5 });
    device.show(false);
    expect(now()).toMatchObject({ isVisible: false });
    const saved = review.saved()!;
    device.choose(null);
    expect(state()).toMatchObject({ device: null });
    expect(state().steps.at(-1)).toBe('Remove device');
    review.restore(reviewCase, saved);
    expect(state().device).toMatchObject({ size: '27 mm', depthMm: 12.5 });
    review.clear();
    expect(state().device).toBeNull();
  });

  it('says why it cannot be shown, and has no numbers then', () => {
    const { place, now, planning, device } = opened([flat]);
    place();
    expect(now()).toMatchObject({
      shown: null,
      problem: failure('planning.device-without-shape', { name: 'Example occluder' }),
    });
    expect(device.measuredNow()).toBeNull();
    planning.setState({ tables: [cup] });
    expect(now().problem).toBeNull();
    expect(device.measuredNow()).not.toBeNull();
    planning.setState({ profile: null });
    expect(now()).toMatchObject({ shown: null, problem: null });
  });

  it('knows the distance to landmarks that the reader set, before those of a network', () => {
    const { place, device, review, state } = opened();
    place();
    expect(device.measuredNow()?.distancesMm).toMatchObject({ circumflex: null, ridge: null });
    const { marks } = state();
    review.store.setState({ marks: { ...marks, landmarks: { ridge: null, circumflex: [0, 20, 10] } } });
    expect(device.measuredNow()?.distancesMm).toMatchObject({ circumflex: 8, ridge: null });
  });
});
