import { totalmem } from 'node:os';
import type { JobOptions } from '#shared/progress.ts';

/** The share of the machine's memory that cases may fill. */
const CACHE_SHARE = 0.25;

/**
 * A reader of cases that keeps them in memory as far as there is room; those read longest ago are dropped first.
 * @param read reads a case by name
 * @param bytesOf how much memory a case takes
 */
export function cachedCases<T>(
  read: (name: string, job?: JobOptions) => Promise<T>,
  bytesOf: (one: T) => number,
  cacheBytes = CACHE_SHARE * totalmem(),
): (name: string, job?: JobOptions) => Promise<T> {
  const kept = new Map<string, T>();
  let bytes = 0;
  return async (name, job) => {
    const known = kept.get(name);
    if (known) {
      kept.delete(name);
      kept.set(name, known);
      return known;
    }
    const fresh = await read(name, job);
    if (kept.has(name)) return fresh;
    bytes += bytesOf(fresh);
    kept.set(name, fresh);
    for (const [oldest, dropped] of kept) {
      if (bytes <= cacheBytes) break;
      kept.delete(oldest);
      bytes -= bytesOf(dropped);
    }
    return fresh;
  };
}

/** The values in memory of their own, so that they can be handed to another thread; a part of a file's bytes is copied. */
export const owned = <T extends Int16Array | Float32Array>(values: T): T =>
  // A typed array's slice is of its own type.
  values.byteLength === values.buffer.byteLength ? values : (values.slice() as T);
