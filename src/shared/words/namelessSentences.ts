import type { FieldKind } from '../failures/declaration.ts';
import { type Failure, failureCodes, fieldsOfFailure } from '../failures/failure.ts';
import { words } from './words.ts';

/** Enough to have singular and plural, nothing and fractions. */
const NUMBERS = [0, 1, 2, 1.5];

/** Values of a field that give every form of a sentence; undefined where it may hold anything. */
function valuesOf(kind: FieldKind): readonly unknown[] | undefined {
  switch (kind) {
    case 'number':
      return NUMBERS;
    case 'numberOrNull':
      return [null, ...NUMBERS];
    case 'flag':
      return [true, false];
    case 'text':
    case 'numbers':
    case 'failure':
    case 'failures':
      return undefined;
    default:
      return kind;
  }
}

const withoutNumbers = (sentence: string): string => sentence.replace(/[-−]?\d+(?:\.\d+)?/g, '#');

let patterns: Set<string> | undefined;

function namelessPatterns(): Set<string> {
  const found = new Set<string>();
  for (const code of failureCodes) {
    let variants: Record<string, unknown>[] | undefined = [{}];
    for (const [name, kind] of Object.entries(fieldsOfFailure(code))) {
      const values = valuesOf(kind);
      variants =
        values && variants?.flatMap((fields) => values.map((value) => ({ ...fields, [name]: value })));
      if (variants === undefined) break;
    }
    for (const fields of variants ?? []) {
      // Made by the code's own declaration.
      found.add(withoutNumbers(words('en').sentence({ code, fields } as unknown as Failure)));
    }
  }
  return found;
}

/**
 * Whether a sentence is one of the program's own with nothing but numbers put into it, so that no name of a patient or
 * of a file can be in it. For English sentences as reports hold them; any other sentence is held for one with a name.
 */
export function isNamelessSentence(sentence: string): boolean {
  patterns ??= namelessPatterns();
  return patterns.has(withoutNumbers(sentence));
}
