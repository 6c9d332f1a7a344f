import { isFailure } from '../../failures/failure.ts';
import { words } from '../words.ts';

/** A value with every failure in it in words, for tests that read what people read. */
export function inWords(value: unknown): unknown {
  if (isFailure(value)) return words().sentence(value);
  if (Array.isArray(value)) return value.map(inWords);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, inWords(part)]));
}
