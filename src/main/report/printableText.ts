import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { create, type Font } from 'fontkit';

/** What takes the place of a character that no font has. */
export const UNKNOWN_CHARACTER = '?';

/** The bundled fonts; a character is set in the first that has it. The first has a bold face, the others none. */
export const FONT_NAMES = [
  'NotoSans',
  'NotoSansJP',
  'NotoSansKR',
  'NotoSansSC',
  'NotoSansHebrew',
  'NotoSansArabic',
] as const;

export type FontName = (typeof FONT_NAMES)[number];

/** A part of a text, set in one font. */
export interface TextRun {
  readonly text: string;
  readonly font: FontName;
}

const BUNDLED = join('resources', 'fonts');

/** resources/fonts of the nearest folder above this file that has it: the source tree's, or the installation's. */
export function fontFile(name: FontName, weight: 'Regular' | 'Bold' = 'Regular'): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, BUNDLED)) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, BUNDLED, `${name}-${weight}.ttf`);
}

const opened = new Map<FontName, Font>();

/** Reads a font when the first character asks for it: the large ones only for the few reports that need them. */
function open(name: FontName): Font {
  let font = opened.get(name);
  if (font === undefined) {
    const file = create(readFileSync(fontFile(name)));
    if (!('hasGlyphForCodePoint' in file)) throw new Error(`${name} is a collection of fonts.`);
    font = file;
    opened.set(name, font);
  }
  return font;
}

const fontOf = (character: string): FontName | undefined =>
  FONT_NAMES.find((name) => open(name).hasGlyphForCodePoint(character.codePointAt(0) ?? 0));

/** Joiners and direction marks: they shape their neighbours and show nothing themselves. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

/**
 * Divides a text into runs of one font each. Line breaks and control characters become blanks, what no font has
 * becomes "?". Marks stay with the run before them, so that accents sit on their letters; so do blanks between words
 * that are read from right to left.
 */
export function textRuns(text: string): TextRun[] {
  const runs: { text: string; font: FontName }[] = [];
  for (const character of text.normalize('NFC')) {
    if (INVISIBLE.test(character)) continue;
    const shown = /[\p{Cc}\s]/u.test(character) ? ' ' : character;
    const last = runs.at(-1);
    const staysWithLast =
      last !== undefined && (shown === ' ' ? isRightToLeft(last.font) : hasMark(last.font, shown));
    const known = staysWithLast ? last.font : fontOf(shown);
    const font = known ?? 'NotoSans';
    const printed = known === undefined ? UNKNOWN_CHARACTER : shown;
    if (last?.font === font) last.text += printed;
    else runs.push({ text: printed, font });
  }
  return runs.map(({ text: run, font }) => ({ text: isRightToLeft(font) ? wordsReversed(run) : run, font }));
}

/** How wide a text is in a size, both in points, as it is printed in one line; fonts beside the first are near enough. */
export function textWidth(text: string, size: number): number {
  const known = open('NotoSans');
  let width = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    // Letters of other scripts are at most as wide as they are high.
    width += known.hasGlyphForCodePoint(codePoint)
      ? known.glyphForCodePoint(codePoint).advanceWidth / known.unitsPerEm
      : 1;
  }
  return width * size;
}

/** Bold letters are wider. */
const BOLD = 1.1;

/** Scripts that lines break in between any two characters. */
const BREAKS_ANYWHERE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/**
 * A text of which every word fits a line: a word that is wider is cut into parts, which would otherwise run off the page.
 * @param width of the line, and the size of the letters, in points
 */
export function brokenToFit(text: string, width: number, size: number): string {
  // A word of so few characters fits in any case.
  const fewest = Math.floor(width / (BOLD * size));
  return text
    .split(/(\s+)/)
    .map((word) => {
      if (word.length <= fewest || BREAKS_ANYWHERE.test(word) || BOLD * textWidth(word, size) <= width)
        return word;
      const parts: string[] = [''];
      for (const character of word) {
        const longer = `${parts.at(-1)}${character}`;
        if (BOLD * textWidth(longer, size) <= width || parts.at(-1) === '') parts[parts.length - 1] = longer;
        else parts.push(character);
      }
      return parts.join(' ');
    })
    .join('');
}

const hasMark = (font: FontName, character: string): boolean =>
  /\p{M}/u.test(character) && open(font).hasGlyphForCodePoint(character.codePointAt(0) ?? 0);

/** Whether textRuns puts more "?" than the text itself has. */
export const hasUnknown = (text: string): boolean => {
  const count = (each: string): number => each.split(UNKNOWN_CHARACTER).length;
  return (
    count(
      textRuns(text)
        .map((run) => run.text)
        .join(''),
    ) > count(text)
  );
};

const isRightToLeft = (font: FontName): boolean => font === 'NotoSansHebrew' || font === 'NotoSansArabic';

/**
 * The PDF's text engine joins the letters of a word and sets them from right to left, but sets words from left to
 * right. "محمد علي " becomes "علي محمد ": the blank after the run stays after it.
 */
function wordsReversed(text: string): string {
  const words = text.trimEnd();
  return words.split(' ').reverse().join(' ') + text.slice(words.length);
}
