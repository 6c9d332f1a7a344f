import { expect } from 'vitest';

const isNumbers = (value: unknown): value is ArrayLike<number> & object =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

/**
 * Compares typed arrays number by number, as `toEqual` does, but in a plain loop: its own way, by the keys of both, takes
 * seconds for the voxels of a scan or the weights of a network.
 */
function equalNumbers(a: unknown, b: unknown): boolean | undefined {
  if (!isNumbers(a) || !isNumbers(b)) return undefined;
  if (a.constructor !== b.constructor || a.length !== b.length) return undefined;
  for (let index = 0; index < a.length; index++) if (!Object.is(a[index], b[index])) return false;
  return true;
}

// Once for all files that share a process.
const shared = globalThis as typeof globalThis & { auricleHasQuickEquality?: boolean };
if (!shared.auricleHasQuickEquality) expect.addEqualityTesters([equalNumbers]);
shared.auricleHasQuickEquality = true;
