import { describe, expect, it, vi } from 'vitest';
import { CancelledError, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';
import { createAlerts } from '../../jobs/alertStore.ts';
import { createJobs } from '../../jobs/jobStore.ts';
import { createStudies } from './studiesStore.ts';
import type { LoadedSeries, OpenedStudy, SeriesEntry, StudyReader } from './types.ts';

const entry = (id: string, parts: Partial<SeriesEntry> = {}): SeriesEntry => ({
  id,
  seriesInstanceUid: `1.2.${id}`,
  studyInstanceUid: '1.2',
  description: id,
  details: '',
  sliceCount: 100,
  spacingMm: [0.4, 0.4, 0.5],
  patient: { name: '', id: '', birthDate: '', sex: '', studyDate: '', studyDescription: '' },
  refusal: null,
  warnings: [],
  canResample: false,
  isPreselected: false,
  phase: null,
  ...parts,
});

const study = (...series: SeriesEntry[]): OpenedStudy => ({ series, skippedFiles: 0, problems: [] });

const volume = {
  grid: { sizeIjk: [1, 1, 1], originLpsMm: [0, 0, 0], spacingMm: [1, 1, 1], directions: LPS_AXES },
  data: new Int16Array(1),
} as const;

const coarseOf = () => Promise.resolve(volume);

const loadedSeries = (of: SeriesEntry): LoadedSeries => ({
  entry: of,
  volume,
  coarse: coarseOf,
  sourceSeries: { attributes: {}, instances: [] },
  source: {
    seriesInstanceUid: of.seriesInstanceUid,
    frameOfReferenceUid: '',
    seriesDescription: '',
    sizeIjk: [1, 1, 1],
    spacingMm: [1, 1, 1],
    slices: 1,
    skippedFiles: 0,
    otherSeries: [],
  },
  warnings: [],
});

/** A reader whose loads end when the test says so. */
function build(opened: OpenedStudy) {
  const loads: { id: string; signal: AbortSignal; arrive: () => void; finish: () => void }[] = [];
  let nowMs = 0;
  const reader: StudyReader = {
    open: vi.fn(async () => opened),
    files: () => Promise.resolve([]),
    resample: vi.fn((id) => opened.series.map((one) => (one.id === id ? { ...one, refusal: null } : one))),
    thumbnail: vi.fn(() => Promise.reject(new UserError(failure('studies.series-closed')))),
    load: (id, { signal }, onSlices) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new CancelledError()));
        onSlices?.(volume);
        const of = opened.series.find((series) => series.id === id)!;
        loads.push({
          id,
          signal: signal!,
          arrive: () => onSlices?.(volume),
          finish: () => resolve(loadedSeries(of)),
        });
      }),
    close: vi.fn(),
  };
  const alerts = createAlerts();
  const events = {
    onFirstSlices: vi.fn(),
    onMoreSlices: vi.fn(),
    onLoaded: vi.fn(),
    onLoadStopped: vi.fn(),
  };
  const jobs = createJobs(alerts);
  const studies = createStudies(reader, jobs, alerts, events, () => nowMs);
  /** Runs everything that is already queued. */
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { loads, reader, alerts, events, jobs, studies, turn, pass };
}

describe('studies', () => {
  it('loads the preselected series and reports its slices as they arrive', async () => {
    const best = entry('b', { isPreselected: true });
    const { studies, loads, events, turn, pass } = build(study(entry('a'), best));
    const opening = studies.open([], true);
    await turn();
    expect(loads.map(({ id }) => id)).toEqual(['b']);
    expect(events.onFirstSlices).toHaveBeenCalledExactlyOnceWith(volume, best, true);
    // Not for every few slices: drawing would slow down decoding.
    const shownMs: number[] = [];
    for (let ms = 100; ms <= 4000; ms += 100) {
      pass(100);
      loads[0]!.arrive();
      if (events.onMoreSlices.mock.calls.length > shownMs.length) shownMs.push(ms);
    }
    expect(shownMs).toEqual([300, 800, 1800, 2800, 3800]);
    loads[0]!.finish();
    expect(await opening).toBe(true);
    expect(events.onLoaded).toHaveBeenCalledExactlyOnceWith(loadedSeries(best), true);
    expect(studies.store.getState()).toMatchObject({ selectedId: 'b', isSample: true });
    expect(studies.store.getState().thumbnails).toEqual({ a: 'failed', b: 'failed' });
  });

  it('cancels a load for another one, and reports the last only', async () => {
    const { studies, loads, events, turn } = build(study(entry('a', { isPreselected: true }), entry('b')));
    const opening = studies.open([], false);
    await turn();
    const selecting = studies.select('b');
    expect(loads[0]!.signal.aborted).toBe(true);
    loads[1]!.finish();
    await Promise.all([opening, selecting]);
    expect(events.onLoaded).toHaveBeenCalledOnce();
    expect(events.onLoaded.mock.calls[0]![0].entry.id).toBe('b');
    expect(events.onLoadStopped).not.toHaveBeenCalled();
  });

  it('says that loading stopped when a person cancels it', async () => {
    const { studies, jobs, events, turn } = build(study(entry('a')));
    const opening = studies.open([], false);
    await turn();
    expect(jobs.cancelNewest()).toBe(true);
    await opening;
    expect(events.onLoadStopped).toHaveBeenCalledOnce();
    expect(studies.store.getState()).toMatchObject({ selectedId: null, loaded: null });
  });

  it('never loads a refused series: it says the reason', async () => {
    const refusal = failure('series.localiser');
    const { studies, loads, alerts, turn } = build(study(entry('a', { refusal })));
    await studies.open([], false);
    await studies.select('a');
    await turn();
    expect(loads).toEqual([]);
    expect(alerts.store.getState().alerts.map(({ message }) => message)).toContain(
      'The series is a localiser, not a volume.',
    );
  });

  it('loads an unevenly spaced series when a person asks for it to be resampled', async () => {
    const uneven = entry('a', { refusal: failure('series.localiser'), canResample: true });
    const { studies, reader, loads, turn } = build(study(uneven));
    await studies.open([], false);
    expect(loads).toEqual([]);
    void studies.resample('a');
    await turn();
    expect(reader.resample).toHaveBeenCalledExactlyOnceWith('a');
    expect(loads.map(({ id }) => id)).toEqual(['a']);
    expect(studies.store.getState().study?.series[0]?.refusal).toBeNull();
  });

  it('keeps what is open when other files cannot be opened', async () => {
    const { studies, reader, alerts } = build(study(entry('a', { refusal: failure('series.localiser') })));
    await studies.open([], false);
    vi.mocked(reader.open).mockRejectedValueOnce(new UserError(failure('studies.nothing-opened')));
    expect(await studies.open([], false)).toBe(false);
    expect(studies.store.getState().study?.series).toHaveLength(1);
    expect(alerts.store.getState().alerts.at(-1)).toMatchObject({
      message: 'There are no files in what was opened.',
    });
  });

  it('frees the reader and forgets everything on closing', async () => {
    const { studies, reader } = build(study(entry('a', { refusal: failure('series.localiser') })));
    await studies.open([], false);
    studies.close();
    expect(reader.close).toHaveBeenCalledOnce();
    expect(studies.store.getState()).toMatchObject({ study: null, thumbnails: {}, selectedId: null });
  });
});
