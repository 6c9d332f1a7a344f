import pLimit from 'p-limit';
import { CancelledError, throwIfCancelled } from '#shared/errors.ts';

/**
 * Runs work now or, where as much as the limit allows is under way, after the work that was called for before it.
 * @throws CancelledError where `signal` fires while the work waits, at once; the work then never begins
 */
export type ConcurrencyLimit = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** p-limit, with waiting that can be cancelled. */
export function createConcurrencyLimit(concurrency: number): ConcurrencyLimit {
  const limit = pLimit(concurrency);
  return (work, signal) =>
    new Promise((resolve, reject) => {
      throwIfCancelled(signal);
      const rejectWaiting = (): void => reject(new CancelledError());
      signal.addEventListener('abort', rejectWaiting, { once: true });
      limit(async () => {
        signal.removeEventListener('abort', rejectWaiting);
        throwIfCancelled(signal);
        return work();
      }).then(resolve, reject);
    });
}
