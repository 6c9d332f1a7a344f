import type { StoreApi } from 'zustand/vanilla';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { Jobs } from '../../jobs/jobStore.ts';
import type { ViewedVolume } from '../../viewer/types.ts';
import type { StudyReader } from '../studies/index.ts';
import type { PhasesState } from './phasesState.ts';

export const SPEEDS = { least: 1, most: 20, usual: 8 } as const;

const windowTimer = {
  every(ms: number, tick: () => void): () => void {
    const id = window.setInterval(tick, ms);
    return () => window.clearInterval(id);
  },
};

export interface Cine {
  /** Plays the phases round and round in the images, and stops there again; reads them first where that is to be done. */
  togglePlay(): Promise<void>;
  /** Shows the next or the previous phase in the images. */
  step(by: 1 | -1): Promise<void>;
  /** Shows the loaded series again. */
  stop(): void;
  setSpeed(framesPerSecond: number): void;
  /** Another phase of the same heart was loaded: playing ends, and what was read stays. */
  endTicks(): void;
  /** Another heart is open: what was read is dropped. */
  clear(): void;
}

export interface CineHost {
  readonly store: StoreApi<PhasesState>;
  readonly reader: Pick<StudyReader, 'load'>;
  readonly jobs: Jobs;
  /** The surface of a phase; null where it has not been segmented. */
  readonly appendageOf: (seriesId: string) => MeasuredAppendage | null;
  readonly timer?: { every(ms: number, tick: () => void): () => void };
}

/**
 * The phases of a heart as a film. Memory: of each phase the scan averaged to voxels of about 1 mm, 8 million at the most,
 * so 320 MB for twenty; whole scans are read one after the other and dropped.
 */
export function createCine({ store, reader, jobs, appendageOf, timer = windowTimer }: CineHost): Cine {
  /** By the ids of their series. */
  let volumes = new Map<string, ViewedVolume>();
  let endTimer: (() => void) | null = null;

  const endTicks = (): void => {
    endTimer?.();
    endTimer = null;
  };

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
    store.setState({
      frame: { seriesId, label: entry.phase.label, volume, appendage: appendageOf(seriesId) },
    });
  };

  const move = (by: 1 | -1): void => {
    const { phases, frame, selectedId } = store.getState();
    const shown = phases.filter(({ id }) => volumes.has(id));
    if (shown.length === 0) return;
    const now = shown.findIndex(({ id }) => id === (frame?.seriesId ?? selectedId));
    showFrame(shown[(now + by + shown.length) % shown.length]!.id);
  };

  const startTicks = (): void => {
    endTicks();
    endTimer = timer.every(1000 / store.getState().framesPerSecond, () => move(1));
  };

  return {
    async togglePlay() {
      if (store.getState().isPlaying) {
        endTicks();
        store.setState({ isPlaying: false });
        return;
      }
      if (!(await readAll())) return;
      store.setState({ isPlaying: true });
      move(1);
      startTicks();
    },
    async step(by) {
      endTicks();
      store.setState({ isPlaying: false });
      if (await readAll()) move(by);
    },
    stop() {
      endTicks();
      store.setState({ isPlaying: false, frame: null });
    },
    setSpeed(framesPerSecond) {
      store.setState({ framesPerSecond });
      if (store.getState().isPlaying) startTicks();
    },
    endTicks,
    clear() {
      endTicks();
      volumes = new Map();
    },
  };
}
