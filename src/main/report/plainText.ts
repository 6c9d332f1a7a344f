/** Spellings of characters that a smaller character set lacks. */
const SPELLED: Readonly<Record<string, string>> = {
  '²': '^2',
  '³': '^3',
  '√': 'sqrt',
  π: 'pi',
  α: 'alpha',
  β: 'beta',
  κ: 'kappa',
  '·': '*',
  '×': 'x',
  '−': '-',
  '–': '-',
  '—': '-',
  '≤': '<=',
  '≥': '>=',
  '→': '->',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '…': '...',
  '°': ' degrees',
  ß: 'ss',
  æ: 'ae',
  Æ: 'Ae',
  œ: 'oe',
  Œ: 'Oe',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
};

/** Russian letters from а to я in the English spelling, meant for names. */
const CYRILLIC = 'a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch " y \' e yu ya'.split(' ');

/** What takes the place of a character that cannot be spelled. */
export const UNKNOWN_CHARACTER = '?';

/**
 * The text with every character that a character set lacks spelled with those it has: without its accents, by name, or
 * as "?". Line breaks and control characters become blanks.
 */
export function plainText(text: string, has: (codePoint: number) => boolean): string {
  let plain = '';
  for (const character of text.normalize('NFC')) {
    const codePoint = character.codePointAt(0)!;
    if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) plain += ' ';
    else if (has(codePoint)) plain += character;
    else plain += spelled(character, has);
  }
  return plain;
}

function spelled(character: string, has: (codePoint: number) => boolean): string {
  const known = SPELLED[character] ?? cyrillic(character);
  if (known !== undefined) return known;
  if (/\s/.test(character)) return ' ';
  const bare = character.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  const isWhole = bare !== '' && [...bare].every((part) => has(part.codePointAt(0)!));
  return isWhole ? bare : UNKNOWN_CHARACTER;
}

function cyrillic(character: string): string | undefined {
  const lower = character.toLowerCase();
  const index = lower === 'ё' ? 5 : lower.codePointAt(0)! - 0x430;
  const latin = CYRILLIC[index];
  if (latin === undefined || lower === character) return latin;
  return latin.charAt(0).toUpperCase() + latin.slice(1);
}
