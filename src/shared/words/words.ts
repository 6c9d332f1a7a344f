import { createWords, type Language, type Words } from './catalogue.ts';
import { english } from './english/index.ts';
import { german } from './german/index.ts';

export type { Words } from './catalogue.ts';

const languages = { en: english, de: german } satisfies Record<string, Language>;

export type LanguageCode = keyof typeof languages;

const inWords = { en: createWords(languages.en), de: createWords(languages.de) } satisfies Record<
  LanguageCode,
  Words
>;

/** What people read of a failure: `words('en').sentence(failure)`. */
export const words = (language: LanguageCode = 'en'): Words => inWords[language];
