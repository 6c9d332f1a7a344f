import { createStore, type StoreApi } from 'zustand/vanilla';
import { failure } from '#shared/failures/failure.ts';
import type { Alerts } from '../../jobs/alertStore.ts';
import type { Jobs } from '../../jobs/jobStore.ts';
import type { ViewedVolume } from '../../viewer/types.ts';
import { words } from '../../words/index.ts';
import type { LoadedSeries, OpenedFile, OpenedStudy, SeriesEntry, StudyReader } from './types.ts';

export type Thumbnail = ImageData | 'failed';

export interface StudiesState {
  readonly study: OpenedStudy | null;
  /** The study is the sample that comes with the program. */
  readonly isSample: boolean;
  readonly thumbnails: Readonly<Record<string, Thumbnail>>;
  /** What is being loaded or is loaded. */
  readonly selectedId: string | null;
  readonly loaded: LoadedSeries | null;
}

export interface StudiesEvents {
  /** Slices arrive; called with the volume that fills up, once at its first slice. */
  readonly onFirstSlices: (volume: ViewedVolume, entry: SeriesEntry, isSample: boolean) => void;
  /** More slices arrived in the volume that is shown. */
  readonly onMoreSlices: (volume: ViewedVolume) => void;
  readonly onLoaded: (loaded: LoadedSeries, isSample: boolean) => void;
  /** Loading ended without a volume: what was shown before is gone. */
  readonly onLoadStopped: () => void;
}

export interface Studies {
  readonly store: StoreApi<StudiesState>;
  /** Opens the files that a person chose, then loads the preselected series. @returns whether a study is open now */
  open(files: readonly OpenedFile[], isSample: boolean): Promise<boolean>;
  /** Loads a series of the open study; another one that is being loaded is cancelled. */
  select(seriesId: string): Promise<void>;
  /** Resamples an unevenly spaced series of the open study, and loads it. */
  resample(seriesId: string): Promise<void>;
  close(): void;
}

/**
 * While slices arrive they are shown after the first of these times, then more and more rarely: drawing slows down
 * decoding, and the whole scan would arrive later. The last slices are shown when all have arrived.
 */
const SHOWN_EVERY_MS = { first: 250, most: 1000 };

const NOTHING: StudiesState = {
  study: null,
  isSample: false,
  thumbnails: {},
  selectedId: null,
  loaded: null,
};

/** The open study, its list of series, and the one that is loaded. */
export function createStudies(
  reader: StudyReader,
  jobs: Jobs,
  alerts: Alerts,
  events: StudiesEvents,
  nowMs: () => number = () => performance.now(),
): Studies {
  const store = createStore<StudiesState>(() => NOTHING);
  /** Grows with every study and every selection: what belongs to an older one is dropped. */
  let studyNumber = 0;
  let selectionNumber = 0;
  let stopLoading: AbortController | undefined;

  const showThumbnails = async (study: OpenedStudy, ofStudy: number): Promise<void> => {
    for (const { id } of study.series) {
      const thumbnail = await reader.thumbnail(id).catch((): Thumbnail => 'failed');
      if (studyNumber !== ofStudy) return;
      store.setState(({ thumbnails }) => ({ thumbnails: { ...thumbnails, [id]: thumbnail } }));
    }
  };

  const select = async (seriesId: string): Promise<void> => {
    const { study, isSample } = store.getState();
    const entry = study?.series.find(({ id }) => id === seriesId);
    if (!entry) return;
    if (entry.refusal !== null) {
      alerts.notice(words().sentence(entry.refusal));
      return;
    }
    stopLoading?.abort();
    const stop = new AbortController();
    stopLoading = stop;
    selectionNumber += 1;
    const ofSelection = selectionNumber;
    const isCurrent = (): boolean => selectionNumber === ofSelection;
    store.setState({ selectedId: seriesId, loaded: null });
    let isFirst = true;
    let shownMs = 0;
    let waitMs = SHOWN_EVERY_MS.first;
    const outcome = await jobs.run('loadSeries', ({ signal, onProgress }) =>
      reader.load(seriesId, { signal: AbortSignal.any([signal, stop.signal]), onProgress }, (volume) => {
        if (!isCurrent() || signal.aborted) return;
        if (isFirst) events.onFirstSlices(volume, entry, isSample);
        else if (nowMs() - shownMs < waitMs) return;
        else {
          events.onMoreSlices(volume);
          waitMs = Math.min(2 * waitMs, SHOWN_EVERY_MS.most);
        }
        isFirst = false;
        shownMs = nowMs();
      }),
    );
    if (!isCurrent()) return;
    if (outcome.kind === 'done') {
      store.setState({ loaded: outcome.value });
      events.onLoaded(outcome.value, isSample);
    } else {
      store.setState({ selectedId: null });
      events.onLoadStopped();
    }
  };

  return {
    store,
    async open(files, isSample) {
      const outcome = await jobs.run('readFiles', (job) => reader.open(files, job));
      if (outcome.kind !== 'done') return false;
      stopLoading?.abort();
      studyNumber += 1;
      selectionNumber += 1;
      const study = outcome.value;
      store.setState({ ...NOTHING, study, isSample });
      const preselected =
        study.series.find(({ isPreselected }) => isPreselected) ??
        study.series.find(({ refusal }) => refusal === null);
      // It is asked for before the pictures of the list.
      const loading = preselected && select(preselected.id);
      void showThumbnails(study, studyNumber);
      if (loading) await loading;
      else alerts.notice(words().sentence(failure('studies.none-can-be-segmented')));
      return true;
    },
    select,
    async resample(seriesId) {
      const { study } = store.getState();
      if (!study) return;
      store.setState({ study: { ...study, series: reader.resample(seriesId) } });
      await select(seriesId);
    },
    close() {
      stopLoading?.abort();
      studyNumber += 1;
      selectionNumber += 1;
      reader.close();
      store.setState(NOTHING, true);
    },
  };
}
