import { describe, expect, it } from 'vitest';
import type { Region } from '#shared/contract/services/segmentation.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { arrowsOf } from '#shared/lifecycle/testing/arrows.ts';
import { createAlerts } from '../../jobs/alertStore.ts';
import { createJobs } from '../../jobs/jobStore.ts';
import { regionInWords } from './RegionPanel.tsx';
import { type RegionEvent, type RegionStatus, regionLifecycle } from './regionLifecycle.ts';
import { createRegions, type RegionStep } from './regionStore.ts';

const coarse = {
  grid: { sizeIjk: [1, 1, 1], originLpsMm: [0, 0, 0], spacingMm: [1, 1, 1], directions: LPS_AXES },
  data: new Int16Array(1),
} as const;
const coarseOf = () => Promise.resolve(coarse);
/** The coarse copy is there, and the search is asked for. */
const asked = () => new Promise<void>((resolve) => setTimeout(resolve));

const found: Region = { centreLpsMm: [1, 2, 3], edgeMm: 70, confidence: 0.93 };

function build() {
  const searches: {
    finish: (region: Region) => void;
    fail: (message: string) => void;
    signal: AbortSignal;
  }[] = [];
  const alerts = createAlerts();
  const steps: RegionStep[] = [];
  const regions = createRegions(
    {
      segmentation: {
        findRegion: (_, options) =>
          new Promise((resolve, reject) => {
            options!.signal!.addEventListener('abort', () => reject(new CancelledError()));
            searches.push({
              finish: resolve,
              fail: (message) => reject(new UserError(failure('stored.sentence', { sentence: message }))),
              signal: options!.signal!,
            });
          }),
        segment: () => Promise.reject(new Error('not asked for here')),
        surroundings: () => Promise.reject(new Error('not asked for here')),
      },
    },
    createJobs(alerts),
    (step) => steps.push(step),
  );
  return { regions, searches, alerts, steps, state: regions.store.getState };
}

describe('regions', () => {
  it('finds the box in the background; callers that wait for it get it', async () => {
    const { regions, searches, state } = build();
    const done = regions.find(coarseOf);
    await asked();
    expect(state().status).toBe('searching');
    const known = regions.whenKnown();
    searches[0]!.finish(found);
    await done;
    expect(state()).toMatchObject({ status: 'found', region: found });
    expect(await known).toEqual(found);
  });

  it('says calmly where nothing was found, without an alert', async () => {
    const { regions, searches, alerts, state } = build();
    const done = regions.find(coarseOf);
    await asked();
    searches[0]!.fail('The appendage was not found in this scan.');
    await done;
    expect(state()).toMatchObject({ status: 'notFound', region: null, reason: { kind: 'failed' } });
    expect(regionInWords(state())).toBe(
      'The appendage was not found in this scan. Centre the crosshair on the appendage and place the box there.',
    );
    expect(alerts.store.getState().alerts).toEqual([]);
    expect(await regions.whenKnown()).toBeNull();
  });

  it('never replaces the box that a person placed', async () => {
    const { regions, searches, state } = build();
    const done = regions.find(coarseOf);
    await asked();
    regions.placeAt([9, 8, 7]);
    expect(searches[0]!.signal.aborted).toBe(true);
    searches[0]!.finish(found);
    await done;
    expect(state()).toMatchObject({
      status: 'placed',
      region: { centreLpsMm: [9, 8, 7], edgeMm: 70, confidence: null },
    });
  });

  it('keeps the box within the sizes that the network knows', () => {
    const { regions, state } = build();
    regions.change({ centreLpsMm: [0, 0, 0], edgeMm: 5 }, true);
    expect(state().region?.edgeMm).toBe(50);
    regions.change({ centreLpsMm: [0, 0, 0], edgeMm: 500 }, true);
    expect(state().region?.edgeMm).toBe(110);
  });

  it('reports every change as one step, by what changed', async () => {
    const { regions, searches, steps, state } = build();
    const first = regions.find(coarseOf);
    await asked();
    searches[0]!.finish(found);
    await first;
    // Opening a scan is nothing to take back.
    expect(steps).toEqual([]);
    for (const x of [2, 3, 4]) regions.change({ centreLpsMm: [x, 2, 3], edgeMm: 70 }, false);
    regions.change({ centreLpsMm: [4, 2, 3], edgeMm: 70 }, true);
    regions.change({ centreLpsMm: [4, 2, 3], edgeMm: 80 }, true);
    // Grabbed and released where it was.
    regions.change({ centreLpsMm: [4, 2, 3], edgeMm: 80 }, true);
    regions.placeAt([9, 8, 7]);
    const again = regions.find(coarseOf);
    await asked();
    searches[1]!.finish(found);
    await again;
    const by = (centreLpsMm: Region['centreLpsMm'], edgeMm: number): Region => ({
      centreLpsMm,
      edgeMm,
      confidence: null,
    });
    expect(steps).toEqual([
      { name: 'Move region', before: found, after: by([4, 2, 3], 70) },
      { name: 'Resize region', before: by([4, 2, 3], 70), after: by([4, 2, 3], 80) },
      { name: 'Place region', before: by([4, 2, 3], 80), after: by([9, 8, 7], 80) },
      { name: 'Find region', before: by([9, 8, 7], 80), after: found },
    ]);
    regions.restore(null);
    expect(state()).toMatchObject({ status: 'notFound', region: null });
    expect(steps).toHaveLength(4);
  });

  it('drops the answer for a scan that is closed', async () => {
    const { regions, searches, state } = build();
    const done = regions.find(coarseOf);
    await asked();
    regions.clear();
    searches[0]!.finish(found);
    await done;
    expect(state()).toEqual({ status: 'none', region: null, reason: null });
  });
});

describe('every arrow of the region', () => {
  type Built = ReturnType<typeof build>;
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
  const cause: Record<RegionEvent, (built: Built) => void> = {
    search: ({ regions }) => void regions.find(coarseOf),
    found: ({ searches }) => searches.at(-1)!.finish(found),
    missed: ({ searches }) => searches.at(-1)!.fail('The appendage was not found in this scan.'),
    placed: ({ regions }) => regions.placeAt([9, 8, 7]),
    foundRestored: ({ regions }) => regions.restore(found),
    placedRestored: ({ regions }) => regions.restore({ ...found, confidence: null }),
    noneRestored: ({ regions }) => regions.restore(null),
    cleared: ({ regions }) => regions.clear(),
  };
  const reach: Record<RegionStatus, readonly RegionEvent[]> = {
    none: [],
    searching: ['search'],
    found: ['search', 'found'],
    notFound: ['search', 'missed'],
    placed: ['placed'],
  };

  it.each(arrowsOf(regionLifecycle))('%s, %s → %s', async (from, event, to) => {
    const built = build();
    for (const before of reach[from]) {
      cause[before](built);
      await turn();
    }
    expect(built.state().status).toBe(from);
    cause[event](built);
    await turn();
    expect(built.state().status).toBe(to);
  });
});
