import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { awaitsSurroundings } from '#shared/planning/awaitedSurroundings.ts';
import type { Alerts } from '../../jobs/alertStore.ts';
import type { Jobs } from '../../jobs/jobStore.ts';
import { ownBuffer } from '../../jobs/ownBuffer.ts';
import type { Review, ReviewCase } from '../review/index.ts';

/** What becomes of the look at what surrounds the appendage under review. */
export type SurroundingsState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'looking' }
  /** Asked for again by the reader, or when the work is opened again. */
  | { readonly kind: 'stopped'; readonly failure: Failure | null };

/**
 * Has a network look for what surrounds the appendage, after the surface is shown: in the background, for work that has
 * just been segmented and for work that was closed before it was done.
 */
export interface LookingAround {
  readonly store: StoreApi<SurroundingsState>;
  /** Looks again where it was cancelled or failed. */
  retry(): void;
  /** Resolves when nobody looks any more. */
  settled(): Promise<void>;
}

interface LookingHost {
  readonly client: Pick<AuricleClient, 'segmentation'>;
  readonly review: Pick<Review, 'store' | 'lookedAround'>;
  readonly jobs: Jobs;
  readonly alerts: Pick<Alerts, 'error'>;
}

export function createLookingAround({ client, review, jobs, alerts }: LookingHost): LookingAround {
  const store = createStore<SurroundingsState>(() => ({ kind: 'idle' }));
  let running: { readonly done: Promise<void> } | null = null;

  const cancel = (): void => {
    running = null;
    store.setState({ kind: 'idle' }, true);
    const job = jobs.store.getState().jobs.find(({ kind }) => kind === 'surroundings');
    if (job) jobs.cancel(job.id);
  };

  const look = async ({ id, crop, report, original }: ReviewCase, isWanted: () => boolean): Promise<void> => {
    const outcome = await jobs.run(
      'surroundings',
      async ({ signal }) => {
        const { ostium } = original.measurements;
        return client.segmentation.surroundings(
          {
            crop: { grid: crop.grid, data: ownBuffer(crop.data) },
            centreLpsMm: report.region.centreLpsMm,
            ostiumLpsMm: ostium?.centreLpsMm ?? original.ostiumPlane?.pointLpsMm ?? null,
            rimLpsMm: original.rimLpsMm && Float32Array.from(original.rimLpsMm),
          },
          { signal },
        );
      },
      { isBackground: true, isQuiet: true },
    );
    // Other work is under review by now, or the same was asked for anew.
    if (!isWanted()) return;
    running = null;
    if (outcome.kind === 'done') {
      store.setState({ kind: 'idle' }, true);
      review.lookedAround(id, outcome.value);
      return;
    }
    const reason = outcome.kind === 'failed' ? outcome.failure : null;
    store.setState({ kind: 'stopped', failure: reason }, true);
    if (reason) alerts.error(failure('planning.surroundings-not-found', { reason }));
  };

  const begin = (): void => {
    const { current } = review.store.getState();
    if (!current || running || !awaitsSurroundings(current.report)) return;
    store.setState({ kind: 'looking' }, true);
    // Set before the work begins, which asks for it.
    let finish = (): void => {};
    const own = { done: new Promise<void>((resolve) => (finish = resolve)) };
    running = own;
    void look(current, () => running === own).finally(() => finish());
  };

  review.store.subscribe((after, before) => {
    if (after.current?.id === before.current?.id) return;
    cancel();
    begin();
  });

  return {
    store,
    retry: begin,
    async settled() {
      await running?.done;
    },
  };
}
