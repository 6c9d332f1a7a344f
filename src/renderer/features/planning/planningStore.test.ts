import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { LumenProfile, ProfilePoint } from '#shared/contract/planning.ts';
import { NO_MARKS } from '#shared/contract/readerMarks.ts';
import { deviceTable, lumenProfile, measured } from '#shared/contract/testing/values.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { addScaled, cross, perpendicular } from '#shared/geometry/vec3.ts';
import { outlineOf } from '#shared/planning/readerOutline.ts';
import { LOOK, NOTHING, type ReviewState } from '../review/reviewState.ts';
import { correctedNumbers, isPlanStale, planOf } from './planningState.ts';
import { createPlanning } from './planningStore.ts';

function opened(
  profile: () => Promise<LumenProfile> = () => Promise.resolve(lumenProfile),
  corrected: Pick<typeof measured, 'measurements' | 'warnings'> | null = null,
) {
  const review = createStore<ReviewState>(() => ({ ...LOOK, ...NOTHING, revision: 0 }));
  const shown: ProfilePoint[] = [];
  const planning = createPlanning({
    client: {
      planning: {
        profile: async () => ({ profile: await profile(), corrected }),
        centreLine: () => Promise.resolve({ pointsLpsMm: [] }),
        deviceTables: () => Promise.resolve({ tables: [deviceTable], origin: 'bundled' }),
        replaceDeviceTables: ({ files }) =>
          files.length > 1
            ? Promise.reject(new UserError(failure('planning.no-device-tables')))
            : Promise.resolve({ tables: [{ ...deviceTable, name: 'Own' }], origin: 'own' }),
      },
    },
    review,
    onSection: (section) => shown.push(section),
    timer: { set: (action) => action(), clear: () => {} },
  });
  return { review, planning, shown, state: planning.store.getState };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('planning', () => {
  it('follows the surface while somebody plans, and draws nothing else', async () => {
    const ask = vi.fn(() => Promise.resolve(lumenProfile));
    const { review, planning, state } = opened(ask);
    review.setState({ appendage: { ...measured } });
    expect(ask).not.toHaveBeenCalled();
    const close = planning.open();
    await settle();
    expect(state()).toMatchObject({ profile: lumenProfile, tables: [deviceTable] });
    expect(state().shown?.centreLineLpsMm).toEqual(lumenProfile.centreLineLpsMm);
    // Another surface: the old sizes are gone at once.
    review.setState({ appendage: { ...measured } });
    expect(state()).toMatchObject({ profile: null, shown: null });
    await settle();
    expect(ask).toHaveBeenCalledTimes(2);
    close();
    expect(state()).toMatchObject({ profile: lumenProfile, shown: null });
  });

  it('moves the section in steps within the line, and turns the planes to it', async () => {
    const { review, planning, shown, state } = opened();
    review.setState({ appendage: { ...measured } });
    planning.open();
    await settle();
    planning.moveSection(10.2);
    expect(state().sectionMm).toBe(10);
    planning.moveSection(999);
    planning.moveSection(-1);
    expect(shown.map(({ distanceMm }) => distanceMm)).toEqual([10, 32.5, 0]);
    expect(state().shown?.section?.plane.pointLpsMm).toEqual(lumenProfile.points[0]?.pointLpsMm);
    planning.moveSection(null);
    expect(state().shown?.section).toBeNull();
  });

  it('has the sizes of an outline that a reader draws at once, without another profile', async () => {
    const ask = vi.fn(() => Promise.resolve(lumenProfile));
    const { review, planning, state } = opened(ask);
    review.setState({ appendage: { ...measured } });
    planning.open();
    await settle();
    const { pointLpsMm, normal } = lumenProfile.points[20]!;
    const u = perpendicular(normal);
    const v = cross(normal, u);
    const rim = Array.from({ length: 60 }, (_, at) => {
      const angle = (2 * Math.PI * at) / 60;
      return addScaled(addScaled(pointLpsMm, u, 9 * Math.cos(angle)), v, 9 * Math.sin(angle));
    });
    review.setState({ marks: { ...NO_MARKS, outlines: [outlineOf(10, { pointLpsMm, normal }, rim)] } });
    expect(state().profile?.points[20]?.maxDiameterMm).toBeCloseTo(18, 1);
    expect(state().numbers?.measurements.landingZones[0]?.maxDiameterMm).toBeCloseTo(18, 1);
    expect(planOf(state(), review.getState())?.devices[0]?.measuredMm).toBeCloseTo(18, 1);
    expect(state().shown?.landingZone).toMatchObject({ isCorrected: true });
    expect((await planning.settledNumbers())?.warnings[0]?.code).toBe('planning.section-outline-corrected');
    review.setState({ marks: NO_MARKS });
    expect(state()).toMatchObject({ profile: lumenProfile, numbers: null });
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('plans devices at the reader’s landing zone, or at each table’s own', async () => {
    const { review, planning, state } = opened();
    review.setState({ appendage: { ...measured } });
    const plan = await planning.settledPlan();
    expect(plan?.devices[0]).toMatchObject({ landingZoneMm: 10, measuredMm: 20 });
    planning.setLandingZone(20.1);
    expect(planOf(state(), review.getState())?.devices[0]).toMatchObject({
      landingZoneMm: 20,
      measuredMm: 17,
    });
    expect(state().revision).toBe(1);
    planning.setLandingZone(20);
    expect(state().revision).toBe(1);
    planning.setLandingZone(null);
    expect(planOf(state(), review.getState())?.devices[0]).toMatchObject({ landingZoneMm: 10 });
  });

  it('takes the landing zone of saved work over without asking for it to be saved again', () => {
    const { planning, state } = opened();
    planning.restore(13.5);
    expect(state()).toMatchObject({ landingZoneMm: 13.5, revision: 0 });
  });

  it('says why where no profile could be made, and plans nothing', async () => {
    const why = failure('meshing.stopped');
    const { review, planning, state } = opened(() => Promise.reject(new UserError(why)));
    review.setState({ appendage: { ...measured } });
    expect(await planning.settledPlan()).toBeNull();
    expect(state().problem).toEqual(why);
  });

  it('plans the surface as it is after an edit, whether its profile was asked for or not', async () => {
    const wider: LumenProfile = {
      ...lumenProfile,
      points: lumenProfile.points.map((point) => ({
        ...point,
        maxDiameterMm: point.maxDiameterMm && point.maxDiameterMm + 1,
      })),
    };
    const profile = vi.fn(() => Promise.resolve(wider)).mockResolvedValueOnce(lumenProfile);
    const { review, planning } = opened(profile);
    review.setState({ appendage: { ...measured } });
    expect((await planning.settledPlan())?.devices[0]?.measuredMm).toBe(20);
    review.setState({ appendage: { ...measured } });
    expect((await planning.settledPlan())?.devices[0]?.measuredMm).toBe(21);
  });

  it('measures anew what a reader corrected, with the panel closed too, and forgets it with the correction', async () => {
    const corrected = { measurements: { ...measured.measurements, depthMm: 41 }, warnings: [] };
    const { review, planning, state } = opened(undefined, corrected);
    review.setState({ appendage: { ...measured } });
    const centreLine = [[1, 2, 3]] as const;
    review.setState({ marks: { ...NO_MARKS, centreLine } });
    expect((await planning.settledNumbers())?.measurements.depthMm).toBe(41);
    expect(state().numbers?.closed).toBe(review.getState().appendage?.closed);
    // Another surface: its numbers have to be made first.
    review.setState({ appendage: { ...measured } });
    expect(state().numbers).toBeNull();
    expect((await planning.settledNumbers())?.measurements.depthMm).toBe(41);
    review.setState({ marks: NO_MARKS });
    expect(state()).toMatchObject({ numbers: null, profile: null });
    expect(await planning.settledNumbers()).toBe(review.getState().appendage);
  });

  it('gives the surface’s own numbers once a correction is taken back, before it is measured again', async () => {
    const corrected = { measurements: { ...measured.measurements, depthMm: 41 }, warnings: [] };
    const { review, planning } = opened(undefined, corrected);
    review.setState({ appendage: { ...measured }, marks: { ...NO_MARKS, centreLine: [[1, 2, 3]] } });
    planning.open();
    expect((await planning.settledNumbers())?.measurements.depthMm).toBe(41);
    review.setState({ marks: NO_MARKS });
    expect(await planning.settledNumbers()).toBe(review.getState().appendage);
  });

  it('tells numbers of an earlier correction from those of the present one, and shows none once it is taken back', async () => {
    const corrected = { measurements: { ...measured.measurements, depthMm: 41 }, warnings: [] };
    const { review, planning, state } = opened(undefined, corrected);
    const shown = () => {
      const { appendage, isStale } = correctedNumbers(state(), review.getState());
      return { depthMm: appendage?.measurements.depthMm, isStale };
    };
    review.setState({ appendage: { ...measured }, marks: { ...NO_MARKS, centreLine: [[1, 2, 3]] } });
    expect(shown().isStale).toBe(true);
    planning.open();
    await settle();
    expect(shown()).toEqual({ depthMm: 41, isStale: false });
    review.setState({ marks: { ...NO_MARKS, centreLine: [[1, 2, 4]] } });
    expect(shown()).toEqual({ depthMm: 41, isStale: true });
    expect(isPlanStale(state(), review.getState())).toBe(true);
    await settle();
    expect(shown()).toEqual({ depthMm: 41, isStale: false });
    expect(isPlanStale(state(), review.getState())).toBe(false);
    review.setState({ marks: NO_MARKS });
    expect(shown()).toEqual({ depthMm: measured.measurements.depthMm, isStale: false });
    // The plan shows sizes along the corrected line until those of the computed one are there.
    expect(isPlanStale(state(), review.getState())).toBe(true);
    await settle();
    expect(isPlanStale(state(), review.getState())).toBe(false);
  });

  it('gives no numbers where what a reader corrected cannot be measured', async () => {
    const corrected = { measurements: { ...measured.measurements, depthMm: 41 }, warnings: [] };
    const why = failure('meshing.stopped');
    const profile = vi.fn(() => Promise.resolve(lumenProfile));
    const { review, planning, state } = opened(profile, corrected);
    review.setState({ appendage: { ...measured }, marks: { ...NO_MARKS, centreLine: [[1, 2, 3]] } });
    expect((await planning.settledNumbers())?.measurements.depthMm).toBe(41);
    profile.mockRejectedValue(new UserError(why));
    review.setState({ marks: { ...NO_MARKS, centreLine: [[1, 2, 4]] } });
    await expect(planning.settledNumbers()).rejects.toMatchObject({ failure: why });
    expect(state()).toMatchObject({ numbers: null, profile: null });
  });

  it('keeps the tables where others are refused', async () => {
    const { planning, state } = opened();
    await planning.loadTables();
    const file = { name: 'a.json', bytes: new Uint8Array(1) };
    expect(await planning.replaceTables([file, file])).toEqual(failure('planning.no-device-tables'));
    expect(state().tables).toEqual([deviceTable]);
    expect(await planning.replaceTables([file])).toBeNull();
    expect(state()).toMatchObject({ origin: 'own', tables: [{ name: 'Own' }] });
  });
});
