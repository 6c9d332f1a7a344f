import { totalmem } from 'node:os';

/** The share of the machine's memory that cases may fill. */
const CACHE_SHARE = 0.25;

/**
 * A reader of cases that keeps them in memory as far as there is room; those read longest ago are dropped first.
 * @param read reads a case by name
 * @param bytesOf how much memory a case takes
 */
export function cachedCases<T>(
  read: (name: string) => Promise<T>,
  bytesOf: (one: T) => number,
  cacheBytes = CACHE_SHARE * totalmem(),
): (name: string) => Promise<T> {
  const kept = new Map<string, T>();
  let bytes = 0;
  return async (name) => {
    const known = kept.get(name);
    if (known) {
      kept.delete(name);
      kept.set(name, known);
      return known;
    }
    const fresh = await read(name);
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
