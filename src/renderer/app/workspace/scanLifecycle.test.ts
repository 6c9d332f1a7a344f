import { describe, expect, it } from 'vitest';
import { arrowsOf } from '#shared/lifecycle/testing/arrows.ts';
import { createAnnotations } from '../../features/annotations/index.ts';
import { createRegions } from '../../features/region/index.ts';
import { createReview } from '../../features/review/index.ts';
import { exampleReport } from '../../features/review/testing/exampleCase.ts';
import type { SeriesEntry } from '../../features/studies/index.ts';
import { createAlerts } from '../../jobs/alertStore.ts';
import { createJobs } from '../../jobs/jobStore.ts';
import { exampleSession } from '../sessions/testing/exampleSession.ts';
import { createScanFlow } from './scanFlow.ts';
import { type ScanEvent, type ScanExtent, scanLifecycle } from './scanLifecycle.ts';
import { createScanStore } from './scanStore.ts';
import { createView } from './viewStore.ts';

const unused = () => Promise.reject(new Error('Not asked for here.'));
const { reviewCase } = exampleSession();
const volume = { grid: { ...reviewCase.crop.grid, sizeIjk: [2, 2, 2] }, data: new Int16Array(8) } as const;
const entry: SeriesEntry = {
  id: 'a',
  seriesInstanceUid: '9.9',
  studyInstanceUid: '9',
  description: '',
  details: '',
  sliceCount: 2,
  spacingMm: null,
  patient: reviewCase.patient,
  refusal: null,
  warnings: [],
  canResample: false,
  isPreselected: true,
  phase: null,
};
const loaded = {
  entry,
  volume,
  coarse: () => Promise.resolve(volume),
  source: exampleReport().source,
  sourceSeries: { attributes: {}, instances: [] },
  warnings: [],
};

function build() {
  const alerts = createAlerts();
  const scan = createScanStore();
  const flow = createScanFlow({
    view: createView(),
    scan,
    regions: createRegions(
      { segmentation: { findRegion: unused, segment: unused, surroundings: unused } },
      createJobs(alerts),
    ),
    review: createReview({
      client: { meshing: { recut: unused, afterEdits: unused, labelSurfaces: unused, distances: unused } },
      onTouched: () => {},
      onRegion: () => {},
      onProblem: () => {},
      onNothingChanged: () => {},
    }),
    planning: { restore: () => {} },
    annotations: createAnnotations({ volume: () => null, record: () => {} }),
    guide: { restore: () => {} },
    sessions: { flush: () => Promise.resolve(), close: () => {}, drawings: () => Promise.resolve(null) },
    alerts,
    phases: { caseIdOf: () => null, caseOf: () => null, restore: () => {} },
    onRestore: () => false,
    onOpened: () => {},
    onVolumeGrew: () => {},
    onCleared: () => {},
    onFrame: () => {},
  });
  const cause: Record<ScanEvent, () => void> = {
    firstSlices: () => flow.studiesEvents.onFirstSlices(volume, entry, false),
    loaded: () => flow.studiesEvents.onLoaded(loaded, false),
    loadStopped: () => flow.studiesEvents.onLoadStopped(),
    partRestored: () => flow.showSession(exampleSession()),
    closed: () => flow.clear(),
  };
  return { cause, flow, extent: () => scan.getState().scan?.extent ?? 'none' };
}

const reach: Record<ScanExtent | 'none', readonly ScanEvent[]> = {
  none: [],
  arriving: ['firstSlices'],
  whole: ['firstSlices', 'loaded'],
  crop: ['partRestored'],
};

describe('every arrow of the scan on the screen', () => {
  it.each(arrowsOf(scanLifecycle))('%s, %s → %s', (from, event, to) => {
    const { cause, extent } = build();
    for (const before of reach[from]) cause[before]();
    expect(extent()).toBe(from);
    cause[event]();
    expect(extent()).toBe(to);
  });

  it('restoring saved work of the open scan leaves the scan whole', () => {
    const { cause, extent, flow } = build();
    flow.studiesEvents.onLoaded(
      {
        ...loaded,
        entry: { ...entry, seriesInstanceUid: reviewCase.seriesInstanceUid },
        volume: reviewCase.crop,
      },
      false,
    );
    cause.partRestored();
    expect(extent()).toBe('whole');
  });

  it('restoring saved work of another phase of the open series shows its part, not the open phase', () => {
    const { extent, flow } = build();
    const atPhase = (label: string) => ({
      heartPhase: {
        label,
        percent: null,
        place: 1,
        unit: 'place' as const,
        attribute: 'Temporal Position Index',
        isByOrder: true,
      },
    });
    const entryOfWork = { ...entry, seriesInstanceUid: reviewCase.seriesInstanceUid };
    const source = { ...loaded.source, ...atPhase('phase 1') };
    flow.studiesEvents.onLoaded({ ...loaded, entry: entryOfWork, volume: reviewCase.crop, source }, false);
    const session = exampleSession();
    const { report } = session.reviewCase;
    flow.showSession({
      ...session,
      reviewCase: {
        ...session.reviewCase,
        report: { ...report, source: { ...report.source, ...atPhase('phase 2') } },
      },
    });
    expect(extent()).toBe('crop');
  });
});
