import { promisify } from 'node:util';
import { afterEach, expect, it, vi } from 'vitest';
import { pollLessOften } from './softwarePolls.ts';

let undo = () => {};
afterEach(() => {
  undo();
  vi.useRealTimers();
});

it('lets native functions wait some milliseconds, and all others not', () => {
  vi.useFakeTimers();
  const before = globalThis.setImmediate;
  undo = pollLessOften();
  const called: string[] = [];
  // As Dawn's, for its text is that of native code.
  setImmediate(((what: string) => called.push(what)).bind(null, 'native'));
  setImmediate((what: string) => called.push(what), 'own');
  vi.advanceTimersByTime(0);
  expect(called).toEqual(['own']);
  vi.advanceTimersByTime(5);
  expect(called).toEqual(['own', 'native']);
  undo();
  expect(globalThis.setImmediate).toBe(before);
});

it('can be promised still', async () => {
  undo = pollLessOften();
  expect(await promisify(setImmediate)('value')).toBe('value');
});
