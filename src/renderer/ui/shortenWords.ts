/** The longest word that stays whole; names of files may be identifiers of 64 characters and more. */
const LONGEST = 32;
const HEAD = 16;
const TAIL = 12;

/** A sentence whose longest words are shortened in the middle: what tells files apart is how they begin and end. */
export const shortenWords = (sentence: string): string =>
  sentence.replace(/\S+/gu, (word) => {
    const letters = [...word];
    return letters.length <= LONGEST
      ? word
      : `${letters.slice(0, HEAD).join('')}…${letters.slice(-TAIL).join('')}`;
  });
