import { type Words as FailureWords, words as failureWords, type LanguageCode } from '#shared/words/words.ts';
import { english } from './english/english.ts';
import { german } from './german/german.ts';
import { recordedInGerman } from './german/recorded.ts';
import { pageLanguage } from './language.ts';
import { createNumbers, type Numbers } from './numbers.ts';

/** The page's own words in every language: English is the source, the others have the same keys and parameters. */
export type Catalogue = typeof english;

export interface PageWords extends Catalogue, FailureWords, Numbers {
  /**
   * A text that files hold too, and hold in English: a step's name, a stage of long work, a measure's label. What no
   * catalogue knows (text of a person, of a model, of an earlier version) stays as it is.
   */
  recorded(text: string): string;
}

const inLanguage = {
  en: { ...english, ...failureWords('en'), ...createNumbers('en'), recorded: (text: string) => text },
  de: { ...german, ...failureWords('de'), ...createNumbers('de'), recorded: recordedInGerman },
} satisfies Record<LanguageCode, PageWords>;

/** The words of one language, for pictures that are drawn in another than the page's. */
export const wordsIn = (language: LanguageCode): PageWords => inLanguage[language];

/** What people read, in the page's language as it is now: `words().toolbar.invert`. Called while drawing, never kept. */
export const words = (): PageWords => inLanguage[pageLanguage.getState().language];
