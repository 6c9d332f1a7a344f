import { createStore, type StoreApi } from 'zustand/vanilla';
import { CancelledError, failureOf } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { JobOptions, Progress } from '#shared/progress.ts';
import type { Catalogue } from '../words/index.ts';
import type { Alerts } from './alertStore.ts';

/** The kinds of long work, by the words that the page has for them. */
export type JobKind = keyof Catalogue['jobs'];

/** Long work that is under way. */
export interface Job {
  readonly id: number;
  readonly kind: JobKind;
  /** Without a stage until one is reported. */
  readonly progress: Progress;
  /** Background work is shown in the status bar only, and Esc leaves it alone. */
  readonly isBackground: boolean;
}

export interface JobState {
  readonly jobs: readonly Job[];
}

export type JobOutcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface RunOptions {
  readonly isBackground?: boolean;
  /** Failures become alerts unless the caller shows them itself. */
  readonly isQuiet?: boolean;
}

export interface Jobs {
  readonly store: StoreApi<JobState>;
  /** Runs work that can be cancelled; never rejects. */
  run<T>(
    kind: JobKind,
    work: (job: Required<JobOptions>) => Promise<T>,
    options?: RunOptions,
  ): Promise<JobOutcome<T>>;
  cancel(id: number): void;
  /** Cancels the newest job in the foreground. @returns whether there was one */
  cancelNewest(): boolean;
  cancelAll(): void;
}

/** Owns what runs: its progress, its cancelling, and the alert when it fails. */
export function createJobs(alerts: Alerts): Jobs {
  const store = createStore<JobState>(() => ({ jobs: [] }));
  const controllers = new Map<number, AbortController>();
  let lastId = 0;

  const remove = (id: number): void => {
    controllers.delete(id);
    store.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) }));
  };
  const cancel = (id: number): void => {
    controllers.get(id)?.abort();
    // Gone at once for the person, whenever the work itself lets go.
    remove(id);
  };

  return {
    store,
    async run(kind, work, options = {}) {
      lastId += 1;
      const id = lastId;
      const controller = new AbortController();
      controllers.set(id, controller);
      const job: Job = {
        id,
        kind,
        progress: { stage: '', fraction: 0 },
        isBackground: options.isBackground ?? false,
      };
      store.setState(({ jobs }) => ({ jobs: [...jobs, job] }));
      const onProgress = (progress: Progress): void =>
        store.setState(({ jobs }) => ({
          jobs: jobs.map((other) => (other.id === id ? { ...other, progress } : other)),
        }));
      try {
        const value = await work({ signal: controller.signal, onProgress });
        return controller.signal.aborted ? { kind: 'cancelled' } : { kind: 'done', value };
      } catch (thrown) {
        if (controller.signal.aborted || thrown instanceof CancelledError) return { kind: 'cancelled' };
        const failure = failureOf(thrown);
        if (!options.isQuiet) alerts.error(failure);
        return { kind: 'failed', failure };
      } finally {
        remove(id);
      }
    },
    cancel,
    cancelNewest() {
      const newest = store.getState().jobs.findLast((job) => !job.isBackground);
      if (newest) cancel(newest.id);
      return newest !== undefined;
    },
    cancelAll() {
      for (const id of [...controllers.keys()]) cancel(id);
    },
  };
}
