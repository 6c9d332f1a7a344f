import { describe, expect, it } from 'vitest';
import { textDecoder } from './characterSet.ts';

const ESC = '\x1b';
/** One byte for each letter. */
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const decode = (characterSet: string, text: string): string => textDecoder(characterSet)(bytes(text));

describe('textDecoder', () => {
  it.each([
    ['ISO_IR 100', 'M\xfcller', 'Müller'],
    ['ISO_IR 101', 'Wa\xb3\xeasa', 'Wałęsa'],
    ['ISO_IR 109', '\xa6', 'Ĥ'],
    ['ISO_IR 110', '\xa2', 'ĸ'],
    ['ISO_IR 144', '\xb8\xd2\xd0\xdd', 'Иван'],
    ['ISO_IR 127', '\xc7\xc8', 'اب'],
    ['ISO_IR 126', '\xc4\xe9\xef', 'Διο'],
    ['ISO_IR 138', '\xf9\xec', 'של'],
    ['ISO_IR 148', '\xd0\xfd', 'Ğı'],
    ['ISO_IR 203', '\xa4', '€'],
    ['ISO_IR 166', '\xa1', 'ก'],
    ['ISO_IR 13', '\xd4\xcf\xc0\xde', 'ﾔﾏﾀﾞ'],
    ['ISO_IR 13', '\x8eR\x93c', '山田'],
    ['ISO_IR 192', 'M\xc3\xbcller', 'Müller'],
    ['ISO_IR 192', 'M\xfcller', 'Müller'],
    ['GB18030', 'Wang\xcd\xf5', 'Wang王'],
    ['GBK', '\xcd\xf5', '王'],
    ['', 'M\xfcller', 'Müller'],
    ['', 'M\xc3\xbcller', 'Müller'],
    ['NO SUCH SET', 'A', 'A'],
  ])('reads %s without code extensions', (characterSet, text, expected) => {
    expect(decode(characterSet, text)).toBe(expected);
  });

  // PS3.5 annexes H to K.
  it.each([
    [
      '\\ISO 2022 IR 87',
      `Yamada^Tarou=${ESC}$B;3ED${ESC}(B^${ESC}$BB@O:${ESC}(B=${ESC}$B$d$^$@${ESC}(B^${ESC}$B$?$m$&${ESC}(B`,
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
    ],
    [
      'ISO 2022 IR 13\\ISO 2022 IR 87',
      `\xd4\xcf\xc0\xde^\xc0\xdb\xb3=${ESC}$B;3ED${ESC}(J^${ESC}$BB@O:${ESC}(J`,
      'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎',
    ],
    ['\\ISO 2022 IR 159', `${ESC}$(D0!${ESC}(B`, '丂'],
    [
      '\\ISO 2022 IR 149',
      `Hong^Gildong=${ESC}$)C\xfb\xf3^${ESC}$)C\xd1\xce\xd4\xd7=${ESC}$)C\xc8\xab^${ESC}$)C\xb1\xe6\xb5\xbf`,
      'Hong^Gildong=洪^吉洞=홍^길동',
    ],
    [
      '\\ISO 2022 IR 58',
      `Wang^XiaoDong=${ESC}$)A\xcd\xf5^${ESC}$)A\xd0\xa1\xb6\xab`,
      'Wang^XiaoDong=王^小东',
    ],
    [
      'ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126',
      `B\xfcc^\xfc=${ESC}-L\xbb\xee\xda\xe1^\xe4=${ESC}-F\xc4\xe9`,
      'Büc^ü=Люкс^ä=Δι',
    ],
  ])('reads the name of %s, its sets beginning anew at delimiters', (characterSet, text, expected) => {
    expect(decode(characterSet, text)).toBe(expected);
  });

  it('changes sets in the middle of a component, and takes delimiters within wide letters for letters', () => {
    expect(decode('\\ISO 2022 IR 87', `Dr ${ESC}$B;3${ESC}(BX${ESC}$BED${ESC}(B!`)).toBe('Dr 山X田!');
    // The second byte of て is that of a backslash plus 24; of 米 (4A46) and 表 (493D) that of =.
    expect(decode('\\ISO 2022 IR 87', `${ESC}$BI=${ESC}(B=A`)).toBe('表=A');
  });

  it('reads sets that are named but not announced by an escape sequence', () => {
    expect(decode('ISO 2022 IR 6\\ISO 2022 IR 144', '\xb8\xd2')).toBe('Ив');
    expect(decode('\\ISO 2022 IR 149', '\xb1\xe8')).toBe('김');
  });

  it('reads escape sequences of sets that are not named', () => {
    expect(decode('', `${ESC}$B;3${ESC}(B`)).toBe('山');
  });

  it.each([
    ['ISO IR 101', '\xb3', 'ł'],
    ['ISO_IR_101', '\xb3', 'ł'],
    ['ISO-IR 101', '\xb3', 'ł'],
    ['iso_ir 101', '\xb3', 'ł'],
    ['ISOIR101', '\xb3', 'ł'],
    ['IR 101', '\xb3', 'ł'],
    ['ISO 2022 IR 101', '\xb3', 'ł'],
    ['ISO8859-2', '\xb3', 'ł'],
    ['ISO 8859-2', '\xb3', 'ł'],
    ['ISO-8859-2', '\xb3', 'ł'],
    ['LATIN2', '\xb3', 'ł'],
    ['windows-1250', '\x9c', 'ś'],
    ['UTF-8', '\xc5\x82', 'ł'],
    ['UTF8', '\xc5\x82', 'ł'],
    ['ISO 2022 IR 192', '\xc5\x82', 'ł'],
    ['ISO IR 192', '\xc5\x82', 'ł'],
    ['ISO_IR 192\\ISO_IR 100', '\xc5\x82', 'ł'],
    ['GB 18030', '\xcd\xf5', '王'],
    ['GB2312', '\xcd\xf5', '王'],
    ['ISO 2022 GBK', '\xcd\xf5', '王'],
    ['ISO_IR 58', '\xcd\xf5', '王'],
    ['SHIFT_JIS', '\x8e\x52', '山'],
    ['EUC-KR', '\xb1\xe8', '김'],
  ])('understands “%s”', (characterSet, text, expected) => {
    expect(decode(characterSet, text)).toBe(expected);
  });

  it('never throws, whatever the escape sequences', () => {
    for (const text of [ESC, `${ESC}$`, `${ESC}$B1`, `${ESC}zz`, `${ESC}$)C\xb1`, `${ESC}$(D`]) {
      expect(decode('\\ISO 2022 IR 87', text)).toEqual(expect.any(String));
    }
  });
});
