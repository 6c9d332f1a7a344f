import { createStore, type StoreApi } from 'zustand/vanilla';
import { reportOfSurface } from '#shared/contract/reportOfSurface.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { PhaseResult, SavedPhase } from '#shared/contract/services/phases.ts';
import type { Region } from '#shared/contract/services/segmentation.ts';
import { CancelledError, isFailedWith, UserError } from '#shared/errors.ts';
import { withoutAwaited } from '#shared/planning/awaitedSurroundings.ts';
import type { JobOptions } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { Jobs } from '../../jobs/jobStore.ts';
import type { ReviewCase } from '../review/index.ts';
import type { LoadedSeries, SeriesEntry, Studies, StudyReader } from '../studies/index.ts';
import { type Cine, type CineHost, createCine, SPEEDS } from './cine.ts';
import { type KeptCase, keepCase } from './keptCase.ts';
import { isSameResult, type PhaseEntry, type PhasesState, resultsInOrder, uidOf } from './phasesState.ts';

export interface Phases extends Pick<Cine, 'togglePlay' | 'step' | 'stop' | 'setSpeed'> {
  readonly store: StoreApi<PhasesState>;
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
  /** Whether there is saved work of this id. */
  readonly hasWork?: (id: string) => boolean;
  /** One of all phases is segmented. */
  readonly onSegmented?: (entry: PhaseEntry, reviewCase: ReviewCase) => void;
  readonly timer?: CineHost['timer'];
}

const NOTHING: Omit<PhasesState, 'framesPerSecond' | 'away' | 'revision'> = {
  phases: [],
  results: {},
  selectedId: null,
  frame: null,
  isPlaying: false,
};

/** Of the sizes of a phase: to what surrounds it no distances are given. */
const warningsOf = (reviewCase: ReviewCase, appendage: MeasuredAppendage) =>
  withoutAwaited(reportOfSurface(reviewCase, appendage).warnings);

const isPhase = (entry: SeriesEntry): entry is PhaseEntry => entry.phase !== null;

/** The phases of the open heart: their results, the work on them, and their cine. */
export function createPhases(host: PhasesHost): Phases {
  const { studies, reader, jobs, region, segment, onSegmented = () => {} } = host;
  const { hasWork = () => false } = host;
  const store = createStore<PhasesState>(() => ({
    ...NOTHING,
    away: [],
    revision: 0,
    framesPerSecond: SPEEDS.usual,
  }));
  /** By the ids of their series. */
  let cases = new Map<string, KeptCase>();
  /** Work on phases whose surfaces are not here, as other work names it. */
  let savedIds = new Map<string, string>();
  const cine = createCine({
    store,
    reader,
    jobs,
    appendageOf: (seriesId) => cases.get(seriesId)?.appendage ?? null,
    ...withoutUndefined({ timer: host.timer }),
  });

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
    cine.endTicks();
    if (isSameHeart) {
      store.setState({ selectedId, phases, frame: null, isPlaying: false });
      return;
    }
    // Between two series nothing is selected for a moment.
    if (selectedId === null && studies.store.getState().study !== null) return;
    cine.clear();
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
    cases.set(entry.id, keepCase(reviewCase, appendage, cases.get(entry.id)));
    const warnings = warningsOf(reviewCase, appendage);
    noteResult(entry, { refusal: null, measurements: appendage.measurements, warnings });
  };

  /** The numbers of work whose heart is not open changed. */
  const noteAway = (reviewCase: ReviewCase, appendage: MeasuredAppendage): void => {
    const { away, revision } = store.getState();
    const own = away.find(({ caseId }) => caseId === reviewCase.id);
    if (!own) return;
    const warnings = warningsOf(reviewCase, appendage);
    const result = { ...own.result, measurements: appendage.measurements, warnings };
    if (isSameResult(own.result, result)) return;
    store.setState({
      away: away.map((one) => (one === own ? { ...own, result } : one)),
      revision: revision + 1,
    });
  };

  const { togglePlay, step, stop, setSpeed } = cine;
  return {
    store,
    togglePlay,
    step,
    stop,
    setSpeed,
    async choose(seriesId) {
      stop();
      if (seriesId !== store.getState().selectedId) await studies.select(seriesId);
    },
    async segmentAll() {
      stop();
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
