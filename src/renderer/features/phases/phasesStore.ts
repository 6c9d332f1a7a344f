import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PhaseResult } from '#shared/contract/phases.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { Region } from '#shared/contract/services/segmentation.ts';
import { CancelledError, isFailedWith, UserError } from '#shared/errors.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { Jobs } from '../../jobs/jobStore.ts';
import type { ViewedVolume } from '../../viewer/types.ts';
import { type ReviewCase, reportOfSurface } from '../review/index.ts';
import type { LoadedSeries, SeriesEntry, Studies, StudyReader } from '../studies/index.ts';
import { type KeptCase, keepCase } from './keptCase.ts';

/** A series that is a phase of a heart cycle. */
export type PhaseEntry = SeriesEntry & { readonly phase: NonNullable<SeriesEntry['phase']> };

/** What the images show in place of the loaded series: a phase of the cine. */
export interface CineFrame {
  readonly seriesId: string;
  readonly label: string;
  /** Averaged to voxels of about 1 mm. */
  readonly volume: ViewedVolume;
  /** null where that phase has not been segmented. */
  readonly appendage: MeasuredAppendage | null;
}

export interface PhasesState {
  /** Of the series that is selected, in the order of the cycle; empty where it is the only one. */
  readonly phases: readonly PhaseEntry[];
  /** What was segmented or refused of them, by the ids of their series. */
  readonly results: Readonly<Record<string, PhaseResult>>;
  readonly selectedId: string | null;
  readonly frame: CineFrame | null;
  readonly isPlaying: boolean;
  readonly framesPerSecond: number;
}

export interface Phases {
  readonly store: StoreApi<PhasesState>;
  /** Plays the phases round and round in the images, and stops there again; reads them first where that is to be done. */
  togglePlay(): Promise<void>;
  /** Shows the next or the previous phase in the images. */
  step(by: 1 | -1): Promise<void>;
  /** Shows the loaded series again. */
  stop(): void;
  setSpeed(framesPerSecond: number): void;
  /** Loads a phase whole, for work on it. */
  choose(seriesId: string): Promise<void>;
  /** Segments every phase that has no result yet; one that is refused does not end the others. */
  segmentAll(): Promise<void>;
  /** The segmentation of a phase, where `segmentAll` has made it, on its whole scan. */
  caseOf(loaded: LoadedSeries): ReviewCase | null;
  /** A case was segmented, or its numbers changed. */
  note(reviewCase: ReviewCase, appendage: MeasuredAppendage): void;
}

export interface PhasesHost {
  readonly studies: Pick<Studies, 'store' | 'select'>;
  readonly reader: Pick<StudyReader, 'load'>;
  readonly jobs: Jobs;
  /** The box of the phase that is shown, once it is known. */
  readonly region: () => Promise<Region | null>;
  readonly segment: (loaded: LoadedSeries, region: Region, job: Required<JobOptions>) => Promise<ReviewCase>;
  /** One of all phases is segmented. */
  readonly onSegmented?: (entry: PhaseEntry, reviewCase: ReviewCase) => void;
  readonly timer?: { every(ms: number, tick: () => void): () => void };
}

export const SPEEDS = { least: 1, most: 20, usual: 8 } as const;

const windowTimer = {
  every(ms: number, tick: () => void): () => void {
    const id = window.setInterval(tick, ms);
    return () => window.clearInterval(id);
  },
};

const NOTHING: Omit<PhasesState, 'framesPerSecond'> = {
  phases: [],
  results: {},
  selectedId: null,
  frame: null,
  isPlaying: false,
};

/** The results in the order of the cycle, for tables and curves. */
export const resultsInOrder = ({ phases, results }: Pick<PhasesState, 'phases' | 'results'>): PhaseResult[] =>
  phases.flatMap(({ id }) => results[id] ?? []);

const isPhase = (entry: SeriesEntry): entry is PhaseEntry => entry.phase !== null;

/**
 * The phases of the open heart. Memory: of each phase the cine keeps the scan averaged to voxels of about 1 mm, 8 million
 * at the most, so 320 MB for twenty; whole scans are read one after the other and dropped.
 */
export function createPhases(host: PhasesHost): Phases {
  const { studies, reader, jobs, region, segment, onSegmented = () => {}, timer = windowTimer } = host;
  const store = createStore<PhasesState>(() => ({ ...NOTHING, framesPerSecond: SPEEDS.usual }));
  /** By the ids of their series. */
  let volumes = new Map<string, ViewedVolume>();
  let cases = new Map<string, KeptCase>();
  let endTicks: (() => void) | null = null;

  const stopTicks = (): void => {
    endTicks?.();
    endTicks = null;
  };

  const phasesOf = (selectedId: string | null): readonly PhaseEntry[] => {
    const series = studies.store.getState().study?.series ?? [];
    const set = series.find(({ id }) => id === selectedId)?.phase?.setId;
    if (set === undefined) return [];
    return series
      .filter(isPhase)
      .filter(({ phase }) => phase.setId === set)
      .sort((a, b) => a.phase.place - b.phase.place);
  };

  const follow = (): void => {
    const { selectedId } = studies.store.getState();
    const before = store.getState();
    if (selectedId === before.selectedId && before.phases.length > 0) return;
    const phases = phasesOf(selectedId);
    const isSameHeart = phases.length > 0 && phases[0]?.phase.setId === before.phases[0]?.phase.setId;
    stopTicks();
    if (isSameHeart) {
      store.setState({ selectedId, phases, frame: null, isPlaying: false });
      return;
    }
    // Between two series nothing is selected for a moment.
    if (selectedId === null && studies.store.getState().study !== null) return;
    volumes = new Map();
    cases = new Map();
    // What runs is of the heart before: its results have no place among those of this one.
    for (const { id, kind } of jobs.store.getState().jobs)
      if (kind === 'segmentPhases' || kind === 'readPhases') jobs.cancel(id);
    store.setState({ ...NOTHING, phases, selectedId });
  };
  studies.store.subscribe(follow);

  /** Reads what the cine lacks. @returns whether all is there */
  const readAll = async (): Promise<boolean> => {
    const usable = store.getState().phases.filter(({ refusal }) => refusal === null);
    const missing = usable.filter(({ id }) => !volumes.has(id));
    if (missing.length === 0) return usable.length > 1;
    const kept = volumes;
    const outcome = await jobs.run('readPhases', async ({ signal, onProgress }) => {
      for (const [at, { id, phase }] of missing.entries()) {
        onProgress({ stage: `Reading ${phase.label}`, fraction: at / missing.length });
        const loaded = await reader.load(id, { signal });
        kept.set(id, { ...(await loaded.coarse()), heart: phase.setId });
      }
    });
    return outcome.kind === 'done' && kept === volumes;
  };

  const showFrame = (seriesId: string): void => {
    const entry = store.getState().phases.find(({ id }) => id === seriesId);
    const volume = volumes.get(seriesId);
    if (!entry || !volume) return;
    const appendage = cases.get(seriesId)?.appendage ?? null;
    store.setState({ frame: { seriesId, label: entry.phase.label, volume, appendage } });
  };

  const move = (by: 1 | -1): void => {
    const { phases, frame, selectedId } = store.getState();
    const shown = phases.filter(({ id }) => volumes.has(id));
    if (shown.length === 0) return;
    const now = shown.findIndex(({ id }) => id === (frame?.seriesId ?? selectedId));
    showFrame(shown[(now + by + shown.length) % shown.length]!.id);
  };

  const startTicks = (): void => {
    stopTicks();
    endTicks = timer.every(1000 / store.getState().framesPerSecond, () => move(1));
  };

  const noteResult = (
    entry: PhaseEntry,
    parts: Pick<PhaseResult, 'refusal' | 'measurements' | 'warnings'>,
  ) => {
    const { setId: _setId, ...phase } = entry.phase;
    const result: PhaseResult = { phase, seriesId: entry.id, description: entry.description, ...parts };
    store.setState(({ results }) => ({ results: { ...results, [entry.id]: result } }));
  };

  const keep = (entry: PhaseEntry, reviewCase: ReviewCase, appendage: MeasuredAppendage): void => {
    const { warnings } = reportOfSurface(reviewCase, appendage);
    noteResult(entry, { refusal: null, measurements: appendage.measurements, warnings });
    cases.set(entry.id, keepCase(reviewCase, appendage, cases.get(entry.id)));
  };

  return {
    store,
    async togglePlay() {
      if (store.getState().isPlaying) {
        stopTicks();
        store.setState({ isPlaying: false });
        return;
      }
      if (!(await readAll())) return;
      store.setState({ isPlaying: true });
      move(1);
      startTicks();
    },
    async step(by) {
      stopTicks();
      store.setState({ isPlaying: false });
      if (await readAll()) move(by);
    },
    stop() {
      stopTicks();
      store.setState({ isPlaying: false, frame: null });
    },
    setSpeed(framesPerSecond) {
      store.setState({ framesPerSecond });
      if (store.getState().isPlaying) startTicks();
    },
    async choose(seriesId) {
      this.stop();
      if (seriesId !== store.getState().selectedId) await studies.select(seriesId);
    },
    async segmentAll() {
      this.stop();
      const { phases, selectedId } = store.getState();
      const first = Math.max(
        0,
        phases.findIndex(({ id }) => id === selectedId),
      );
      const order = [...phases.slice(first), ...phases.slice(0, first)];
      await jobs.run('segmentPhases', async (job) => {
        let followed = await region();
        if (followed === null) return;
        for (const [at, entry] of order.entries()) {
          if (cases.has(entry.id)) continue;
          const onProgress: typeof job.onProgress = ({ stage, fraction }) =>
            job.onProgress({
              stage: `${entry.phase.label} (${at + 1} of ${order.length}): ${stage}`,
              fraction: (at + fraction) / order.length,
            });
          onProgress({ stage: 'Reading', fraction: 0 });
          if (entry.refusal !== null) {
            noteResult(entry, { refusal: entry.refusal, measurements: null, warnings: [] });
            continue;
          }
          try {
            const loaded = await reader.load(entry.id, { signal: job.signal });
            // The confidence of the search is that of the phase that was searched.
            const box = entry.id === selectedId ? followed : { ...followed, confidence: null };
            const found = await segment(loaded, box, { signal: job.signal, onProgress });
            job.signal.throwIfAborted();
            // Another heart was opened meanwhile.
            if (!store.getState().phases.some(({ id }) => id === entry.id)) return;
            // A reader segmented this phase, and may have edited it, while the engine was at it: that one holds.
            if (cases.has(entry.id)) continue;
            keep(entry, found, found.original);
            onSegmented(entry, found);
            followed = { ...followed, centreLpsMm: found.report.region.centreLpsMm };
          } catch (thrown) {
            job.signal.throwIfAborted();
            const isLost = isFailedWith(
              thrown,
              'rpc.connection-lost',
              'rpc.not-connected',
              'pipeline.stopped',
            );
            if (!(thrown instanceof UserError) || thrown instanceof CancelledError || isLost) throw thrown;
            noteResult(entry, { refusal: thrown.failure, measurements: null, warnings: [] });
          }
        }
      });
    },
    caseOf: ({ entry, volume }) => cases.get(entry.id)?.on(volume) ?? null,
    note(reviewCase, appendage) {
      const { phases, selectedId, results } = store.getState();
      const entry = phases.find(({ id }) => id === selectedId);
      if (!entry || entry.seriesInstanceUid !== reviewCase.seriesInstanceUid) return;
      const heartPhase = reviewCase.report.source.heartPhase;
      if (heartPhase && heartPhase.label !== entry.phase.label) return;
      if (results[entry.id]?.measurements === appendage.measurements) return;
      keep(entry, reviewCase, appendage);
    },
  };
}
