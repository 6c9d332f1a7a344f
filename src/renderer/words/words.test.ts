import { describe, expect, it } from 'vitest';
import { english } from './english/english.ts';
import { german } from './german/german.ts';
import { languageFor } from './language.ts';
import { wordsIn } from './words.ts';

/** The catalogue as `toolbar.invert` → text or function. */
function flat(part: object, path = ''): [string, unknown][] {
  return Object.entries(part).flatMap(([key, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null ? flat(value, `${path}${key}.`) : [[`${path}${key}`, value]],
  );
}

describe('the catalogues', () => {
  const [inEnglish, inGerman] = [new Map(flat(english)), new Map(flat(german))];

  it('have the same keys, and words behind each', () => {
    expect([...inGerman.keys()].sort()).toEqual([...inEnglish.keys()].sort());
    for (const [key, text] of [...inEnglish, ...inGerman])
      if (typeof text === 'string') expect(text.trim(), key).not.toBe('');
  });

  it('take the same parameters', () => {
    for (const [key, worded] of inEnglish)
      if (typeof worded === 'function')
        expect(inGerman.get(key), key).toHaveProperty('length', worded.length);
  });

  it('have no English sentence left in German', () => {
    const sentences = [...inGerman].filter(([, text]) => typeof text === 'string' && text.includes(' '));
    expect(sentences.length).toBeGreaterThan(200);
    const same = sentences.filter(([key, text]) => inEnglish.get(key) === text).map(([key]) => key);
    // Names of programs and formats, and keys.
    expect(same.filter((key) => !/^(engines|keyNames|slab|exportChoices)\./.test(key))).toEqual([]);
  });
});

describe('numbers', () => {
  const { decimals, plain, count, numbersIn } = wordsIn('de');

  it('have a comma in German and a point in English', () => {
    expect(decimals(12.345, 1)).toBe('12,3');
    expect(plain(1.5)).toBe('1,5');
    expect(count(12_345)).toBe('12.345');
    expect(wordsIn('en').decimals(12.345, 1)).toBe('12.3');
    expect(wordsIn('en').count(12_345)).toBe('12,345');
  });

  it('have no groups where they have decimals, and no minus before nothing', () => {
    expect(decimals(1234.5, 1)).toBe('1234,5');
    expect(decimals(-0.04, 1)).toBe('0,0');
    expect(decimals(-3.2, 1)).toBe('-3,2');
    const differences = [-3.2, -0.04, 0, 0.04, 0.05].map((value) => wordsIn('de').signed(value, 1));
    expect(differences).toEqual(['−3,2', '0,0', '0,0', '0,0', '+0,1']);
  });

  it('are changed within a text where digits stand on both sides', () => {
    expect(numbersIn('S 23.5 mm. 2 of 3.')).toBe('S 23,5 mm. 2 of 3.');
    expect(wordsIn('en').numbersIn('S 23.5 mm')).toBe('S 23.5 mm');
  });
});

it.each([
  ['automatic', ['da', 'de-CH', 'en'], 'de'],
  ['automatic', ['en-GB', 'de'], 'en'],
  ['automatic', ['da'], 'en'],
  ['en', ['de'], 'en'],
  ['de', ['en'], 'de'],
] as const)('the setting %s with a browser of %j is %s', (setting, preferred, language) =>
  expect(languageFor(setting, preferred)).toBe(language),
);
