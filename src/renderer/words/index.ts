export { languageFor, pageLanguage, speak } from './language.ts';
export { type Catalogue, type PageWords, words, wordsIn } from './words.ts';
