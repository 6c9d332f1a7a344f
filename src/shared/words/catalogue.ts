import type { Failure, FailureCode, Failures } from '../failures/failure.ts';

/**
 * One failure in one language: a sentence with its full stop. Where its form inside another sentence does not follow
 * the language's rule (it begins with a name, say), that form stands beside it, without full stop.
 */
export type Wording = string | { readonly sentence: string; readonly clause: string };

/** The words of a language for one code; `words` for the failures that its fields hold. */
export type WordingOf<C extends FailureCode> = (fields: Failures[C], words: Words) => Wording;

/** A language's words for some codes. */
export type WordsFor<C extends FailureCode> = { readonly [K in C]: WordingOf<K> };

/** A language: words for every code, and its rule for a sentence inside another one. */
export interface Language {
  readonly wordings: WordsFor<FailureCode>;
  /** "The file ends early." → "the file ends early" */
  clauseOf(sentence: string): string;
}

/** Failures in words. */
export interface Words {
  /** A whole sentence: "The pixel data ends early." */
  sentence(failure: Failure): string;
  /** The part of a sentence, without full stop: "the pixel data ends early". */
  clause(failure: Failure): string;
}

export function createWords({ wordings, clauseOf }: Language): Words {
  const word = ({ code, fields }: Failure): Wording => {
    // `code` chooses the wording whose fields these are; the compiler does not follow the choice.
    const wording = wordings[code] as WordingOf<FailureCode>;
    return wording(fields as never, words);
  };
  const words: Words = {
    sentence(failure) {
      const wording = word(failure);
      return typeof wording === 'string' ? wording : wording.sentence;
    },
    clause(failure) {
      const wording = word(failure);
      return typeof wording === 'string' ? clauseOf(wording) : wording.clause;
    },
  };
  return words;
}
