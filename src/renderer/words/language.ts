import { createStore } from 'zustand/vanilla';
import type { LanguageCode } from '#shared/words/words.ts';

/** The language in which the page speaks; files stay English whatever it is. */
export const pageLanguage = createStore<{ readonly language: LanguageCode }>(() => ({ language: 'en' }));

/**
 * The language for a setting; `automatic` is the first of the browser's languages that the page speaks, else English.
 *
 * Example: `languageFor('automatic', ['da', 'de-CH', 'en'])` is `de`.
 */
export function languageFor(
  setting: LanguageCode | 'automatic',
  preferred?: readonly string[],
): LanguageCode {
  if (setting !== 'automatic') return setting;
  const known = (preferred ?? navigator.languages).map((tag) => tag.slice(0, 2).toLowerCase());
  return known.find((code) => code === 'de' || code === 'en') ?? 'en';
}

/** Makes the page speak a language, at once. */
export function speak(language: LanguageCode): void {
  if (pageLanguage.getState().language !== language) pageLanguage.setState({ language });
  if (typeof document !== 'undefined') document.documentElement.lang = language;
}
