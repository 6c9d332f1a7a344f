import { createStore, type StoreApi } from 'zustand/vanilla';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { type PhaseResult, phaseResultSchema, type SavedPhase } from '#shared/contract/services/phases.ts';
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
  /** Of the heart of the work under review, where that heart is not open: as they were saved with the work. */
  readonly away: readonly SavedPhase[];
  /** Grows with every result that is to be saved. */
  readonly revision: number;
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
  /** The id of the work on a phase, made here or saved before; null where there is none. */
  caseIdOf(seriesId: string): string | null;
  /** The segmentation of a phase, where `segmentAll` has made it, on its whole scan. */
  caseOf(loaded: LoadedSeries): ReviewCase | null;
  /** All phases of the heart of a case, to be saved with it. */
  saved(reviewCase: Pick<ReviewCase, 'seriesInstanceUid'>): readonly SavedPhase[];
  /** What was saved with the work that is shown now; none where other work is. */
  restore(saved: readonly SavedPhase[]): void;
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
  /** Whether there is saved work of this id. */
  readonly hasWork?: (id: string) => boolean;
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

/** By their values: saved ones are read anew, with their parts in another order perhaps. */
const isSameResult = (one: PhaseResult | undefined, other: PhaseResult): boolean =>
  one !== undefined &&
  canonicalJson(phaseResultSchema.parse(one)) === canonicalJson(phaseResultSchema.parse(other));

const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

const NOTHING: Omit<PhasesState, 'framesPerSecond' | 'away' | 'revision'> = {
  phases: [],
  results: {},
  selectedId: null,
  frame: null,
  isPlaying: false,
};

/** The results in the order of the cycle, for tables and curves. */
export const resultsInOrder = ({ phases, results }: Pick<PhasesState, 'phases' | 'results'>): PhaseResult[] =>
  phases.flatMap(({ id }) => results[id] ?? []);

/** Parts of one series have its UID with #2, #3, … */
const uidOf = ({ seriesId }: Pick<PhaseResult, 'seriesId'>): string | undefined => seriesId.split('#')[0];

/**
 * The results of the heart that a series shows, in the order of the cycle: of the open one, or as they were saved with the
 * work under review.
 */
export function resultsBeside(state: PhasesState, seriesInstanceUid: string): readonly PhaseResult[] {
  if (state.phases.some((entry) => entry.seriesInstanceUid === seriesInstanceUid))
    return resultsInOrder(state);
  const away = state.away.map(({ result }) => result);
  if (!away.some((result) => uidOf(result) === seriesInstanceUid)) return [];
  return away.sort((a, b) => a.phase.place - b.phase.place);
}

const isPhase = (entry: SeriesEntry): entry is PhaseEntry => entry.phase !== null;

/**
 * The phases of the open heart. Memory: of each phase the cine keeps the scan averaged to voxels of about 1 mm, 8 million
 * at the most, so 320 MB for twenty; whole scans are read one after the other and dropped.
 */
export function createPhases(host: PhasesHost): Phases {
  const { studies, reader, jobs, region, segment, onSegmented = () => {}, timer = windowTimer } = host;
  const { hasWork = () => false } = host;
  const store = createStore<PhasesState>(() => ({
    ...NOTHING,
    away: [],
    revision: 0,
    framesPerSecond: SPEEDS.usual,
  }));
  /** By the ids of their series. */
  let volumes = new Map<string, ViewedVolume>();
  let cases = new Map<string, KeptCase>();
  /** Work on phases whose surfaces are not here, as other work names it. */
  let savedIds = new Map<string, string>();
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
    savedIds = new Map();
    // What runs is of the heart before: its results have no place among those of this one.
    for (const { id, kind } of jobs.store.getState().jobs)
      if (kind === 'segmentPhases' || kind === 'readPhases') jobs.cancel(id);
    store.setState({ ...NOTHING, phases, selectedId });
    adopt(before.away);
  };

  const caseIdOf = (seriesId: string): string | null =>
    cases.get(seriesId)?.id ?? savedIds.get(seriesId) ?? null;

  /** Takes what was saved of phases of the open heart, unless they were segmented since. */
  const adopt = (saved: readonly SavedPhase[]): void => {
    const { phases, results } = store.getState();
    const adopted = { ...results };
    for (const { result, caseId } of saved) {
      const { seriesId } = result;
      if (cases.has(seriesId) || !phases.some(({ id }) => id === seriesId)) continue;
      adopted[seriesId] = result;
      if (caseId !== null) savedIds.set(seriesId, caseId);
    }
    store.setState({ results: adopted });
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
    store.setState(({ results, revision }) => ({
      results: { ...results, [entry.id]: result },
      // What comes from saved work needs no saving.
      revision: isSameResult(results[entry.id], result) ? revision : revision + 1,
    }));
  };

  const keep = (entry: PhaseEntry, reviewCase: ReviewCase, appendage: MeasuredAppendage): void => {
    const { warnings } = reportOfSurface(reviewCase, appendage);
    cases.set(entry.id, keepCase(reviewCase, appendage, cases.get(entry.id)));
    noteResult(entry, { refusal: null, measurements: appendage.measurements, warnings });
  };

  /** The numbers of work whose heart is not open changed. */
  const noteAway = (reviewCase: ReviewCase, appendage: MeasuredAppendage): void => {
    const { away, revision } = store.getState();
    const own = away.find(({ caseId }) => caseId === reviewCase.id);
    if (!own) return;
    const { warnings } = reportOfSurface(reviewCase, appendage);
    const result = { ...own.result, measurements: appendage.measurements, warnings };
    if (isSameResult(own.result, result)) return;
    store.setState({
      away: away.map((one) => (one === own ? { ...own, result } : one)),
      revision: revision + 1,
    });
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
          const savedId = savedIds.get(entry.id);
          if (cases.has(entry.id) || (savedId !== undefined && hasWork(savedId))) continue;
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
    caseIdOf,
    caseOf: ({ entry, volume }) => cases.get(entry.id)?.on(volume) ?? null,
    saved({ seriesInstanceUid }) {
      const state = store.getState();
      const isOpen = state.phases.some((entry) => entry.seriesInstanceUid === seriesInstanceUid);
      if (!isOpen)
        return state.away.some(({ result }) => uidOf(result) === seriesInstanceUid) ? state.away : [];
      return resultsInOrder(state).map((result) => ({ result, caseId: caseIdOf(result.seriesId) }));
    },
    restore(saved) {
      adopt(saved);
      const isOpen = saved.some(({ result }) =>
        store.getState().phases.some(({ id }) => id === result.seriesId),
      );
      store.setState({ away: isOpen ? [] : saved });
    },
    note(reviewCase, appendage) {
      const { phases, selectedId, results } = store.getState();
      const entry = phases.find(({ id }) => id === selectedId);
      if (!entry || entry.seriesInstanceUid !== reviewCase.seriesInstanceUid) {
        noteAway(reviewCase, appendage);
        return;
      }
      const heartPhase = reviewCase.report.source.heartPhase;
      if (heartPhase && heartPhase.label !== entry.phase.label) return;
      const isKept = cases.get(entry.id)?.id === reviewCase.id;
      if (isKept && results[entry.id]?.measurements === appendage.measurements) return;
      keep(entry, reviewCase, appendage);
    },
  };
}
