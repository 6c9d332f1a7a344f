import { setImmediate } from 'node:timers/promises';

/** A file that is in the system's memory is read in a tenth of this on average, ms; one on a network seldom is. */
const QUICK_MS = 2;
/** Calls whose average counts. */
const CALLS = 16;
/** Slow calls that are handed over until one is tried here again. */
const HANDED_OVER = 64;
/** How long this thread works without room for cancelling and progress, ms. */
const STRETCH_MS = 50;

/** How files are reached: in this thread where that is quicker, else handed to others, several at once. */
export interface DiskAccess {
  /**
   * Does the same in one of two ways: `now` as long as answers are quick, `later` where they are slow. Handing a call to
   * another thread takes longer than to read a file that is in the system's memory.
   */
  call<T>(now: () => T, later: () => Promise<T>): T | Promise<T>;
  /** To be awaited between calls: lets the thread do other things where it has had no time for them. */
  pause(): Promise<void> | undefined;
}

/** @param stretchMs how long the thread works without room for other things */
export function createDiskAccess(
  clock: () => number = () => performance.now(),
  stretchMs = STRETCH_MS,
): DiskAccess {
  let averageMs = 0;
  let toHandOver = 0;
  let pausedAt = clock();
  return {
    call(now, later) {
      if (toHandOver > 0) {
        toHandOver--;
        return later();
      }
      const since = clock();
      try {
        return now();
      } finally {
        averageMs += (clock() - since - averageMs) / CALLS;
        if (averageMs > QUICK_MS) [averageMs, toHandOver] = [QUICK_MS, HANDED_OVER];
      }
    },
    pause() {
      if (clock() - pausedAt < stretchMs) return undefined;
      return setImmediate().then(() => {
        pausedAt = clock();
      });
    },
  };
}
