// TextDecoder belongs to Node and browsers alike, but to no ECMAScript library that types could come from.
declare const TextDecoder: new (
  label: string,
  options?: { readonly fatal: boolean },
) => { decode(bytes: Uint8Array): string };

/** A character set of one or two bytes a letter, as the decoders of the WHATWG Encoding Standard read it. */
interface CharacterSet {
  readonly label: string;
  /** Bits that are set, and a byte that is put before, to make the decoder's code of a set's own. */
  readonly high?: true;
  readonly prefix?: number;
  /** Two bytes make a letter. */
  readonly wide?: true;
}

const ASCII: CharacterSet = { label: 'latin1' };
/** Sets whose letters have the high bit set (G1 of ISO 2022), by their ISO registration number. */
const UPPER_SETS: Readonly<Record<string, CharacterSet>> = {
  100: { label: 'latin1' },
  101: { label: 'iso-8859-2' },
  109: { label: 'iso-8859-3' },
  110: { label: 'iso-8859-4' },
  144: { label: 'iso-8859-5' },
  127: { label: 'iso-8859-6' },
  126: { label: 'iso-8859-7' },
  138: { label: 'iso-8859-8' },
  148: { label: 'windows-1254' },
  203: { label: 'iso-8859-15' },
  166: { label: 'windows-874' },
  13: { label: 'shift_jis' },
  149: { label: 'euc-kr', wide: true },
  58: { label: 'gb18030', wide: true },
};
const KANJI: CharacterSet = { label: 'euc-jp', high: true, wide: true };
const SUPPLEMENTARY_KANJI: CharacterSet = { label: 'euc-jp', high: true, wide: true, prefix: 0x8f };

/** What follows ESC → the set that it makes the lower or the upper one (PS3.3 tables C.12-3 and C.12-4). */
const ESCAPES: readonly (readonly [sequence: string, half: 'lower' | 'upper', set: CharacterSet])[] = [
  ['(B', 'lower', ASCII],
  ['(J', 'lower', ASCII],
  ['$B', 'lower', KANJI],
  ['$@', 'lower', KANJI],
  ['$(B', 'lower', KANJI],
  ['$(D', 'lower', SUPPLEMENTARY_KANJI],
  [')I', 'upper', UPPER_SETS[13]!],
  ['$)C', 'upper', UPPER_SETS[149]!],
  ['$)A', 'upper', UPPER_SETS[58]!],
  ...(
    [
      ['A', 100],
      ['B', 101],
      ['C', 109],
      ['D', 110],
      ['L', 144],
      ['G', 127],
      ['F', 126],
      ['H', 138],
      ['M', 148],
      ['b', 203],
      ['T', 166],
    ] as const
  ).map(([letter, number]) => [`-${letter}`, 'upper', UPPER_SETS[number]!] as const),
];

/** Names that stand for a whole encoding, and what writers put in their place; spaces, dashes and the like left out. */
const WHOLE_ENCODINGS: Readonly<Record<string, string>> = {
  ISOIR192: 'utf-8',
  ISO2022IR192: 'utf-8',
  UTF8: 'utf-8',
  UNICODE: 'utf-8',
  UNICODE11UTF8: 'utf-8',
  GB18030: 'gb18030',
  ISOIRGB18030: 'gb18030',
  GBK: 'gbk',
  GB2312: 'gb18030',
  ISO2022GBK: 'gbk',
  EUCKR: 'euc-kr',
  EUCJP: 'euc-jp',
  SHIFTJIS: 'shift_jis',
  SJIS: 'shift_jis',
  BIG5: 'big5',
};

/** Parts of ISO 8859 by the numbers of their upper halves. */
const ISO_8859_PARTS: Readonly<Record<string, number>> = {
  1: 100,
  2: 101,
  3: 109,
  4: 110,
  5: 144,
  6: 127,
  7: 126,
  8: 138,
  9: 148,
  11: 166,
  15: 203,
};

type Decode = (bytes: Uint8Array) => string;

/** Files of a series name the same set. */
const MOST_KEPT = 64;
const textDecoders = new Map<string, Decode>();

/**
 * The decoder for a file's texts (PS3.5 section 6.1): single-byte sets, UTF-8, GB 18030, and ISO 2022 with its escape
 * sequences. Terms are understood in common misspellings (`ISO IR 100`, `ISO-8859-1`, `UTF-8`); texts in unknown sets,
 * and without any, are read as UTF-8 where they are valid UTF-8, else as Latin 1.
 *
 * @param specificCharacterSet the value of (0008,0005)
 */
export function textDecoder(specificCharacterSet: string): Decode {
  let decode = textDecoders.get(specificCharacterSet);
  if (decode === undefined) {
    decode = createTextDecoder(specificCharacterSet);
    if (textDecoders.size >= MOST_KEPT) textDecoders.clear();
    textDecoders.set(specificCharacterSet, decode);
  }
  return decode;
}

function createTextDecoder(specificCharacterSet: string): Decode {
  const terms = specificCharacterSet.split('\\').map((term) => term.toUpperCase().replace(/[^A-Z0-9]/g, ''));
  const whole = terms.map(wholeEncoding).find((label) => label !== undefined);
  if (whole !== undefined) {
    return (bytes) => {
      if (areAscii(bytes)) return latin1(bytes);
      return whole === 'utf-8' ? unnamed(bytes) : decodeAs(whole, bytes);
    };
  }
  const numbers = terms.map(registration);
  const known = numbers.filter((number) => number !== undefined);
  // Without an escape sequence the first set that has an upper half is meant, also where it is not the first.
  const upper = known.map((number) => UPPER_SETS[number]).find((set) => set !== undefined);
  const isNamed = known.length > 0 && upper !== undefined;
  return (bytes) => {
    if (areAscii(bytes)) return latin1(bytes);
    if (!bytes.includes(ESCAPE)) {
      if (!isNamed) return unnamed(bytes);
      // Shift JIS is its superset, and what Japanese writers mean by it.
      if (upper === UPPER_SETS[13]) return decodeAs('shift_jis', bytes);
    }
    return decodeIso2022(bytes, upper ?? ASCII);
  };
}

function wholeEncoding(term: string): string | undefined {
  if (Object.hasOwn(WHOLE_ENCODINGS, term)) return WHOLE_ENCODINGS[term];
  const windows = /^(?:WINDOWS|CP|WIN)(125\d|874)$/.exec(term)?.[1];
  return windows && `windows-${windows}`;
}

/** "ISO_IR 144", "ISO 2022 IR 144", "ISO-IR-144", "IR 144", "ISO 8859-5" → 144. */
function registration(term: string): string | undefined {
  const part = /^(?:ISO)?(?:IEC)?8859(\d{1,2})$/.exec(term)?.[1];
  if (part !== undefined) return String(ISO_8859_PARTS[part] ?? '');
  const latin = /^LATIN([1-4])$/.exec(term)?.[1];
  if (latin !== undefined) return String(ISO_8859_PARTS[latin]);
  return /^(?:ISO)?(?:2022)?(?:IR)?(\d{1,3})$/.exec(term)?.[1];
}

const ESCAPE = 0x1b;

function areAscii(bytes: Uint8Array, from = 0, to = bytes.length): boolean {
  for (let at = from; at < to; at++) if (bytes[at]! >= 0x80 || bytes[at] === ESCAPE) return false;
  return true;
}

/** Characters at which the sets begin anew: those that end lines, and the delimiters of values, groups and names. */
const RESETS = new Set([0x09, 0x0a, 0x0c, 0x0d, ...Array.from('\\^=', (letter) => letter.charCodeAt(0))]);

function decodeIso2022(bytes: Uint8Array, initialUpper: CharacterSet): string {
  let lower = ASCII;
  let upper = initialUpper;
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === ESCAPE) {
      const found = ESCAPES.find(([sequence]) => startsWith(bytes, at + 1, sequence));
      if (found?.[1] === 'lower') lower = found[2];
      if (found?.[1] === 'upper') upper = found[2];
      at += 1 + (found?.[0].length ?? 0);
      continue;
    }
    const isUpper = byte >= 0x80;
    const set = isUpper ? upper : lower;
    if (RESETS.has(byte) && (set.wide !== true || byte < 0x21)) {
      lower = ASCII;
      upper = initialUpper;
    }
    // Control characters and the space belong to no set.
    const isWide = set.wide === true && byte > 0x20;
    const end = at + (isWide ? 2 : 1);
    text += decodeLetter(isWide || isUpper ? set : ASCII, bytes.subarray(at, end));
    at = end;
  }
  return text;
}

const startsWith = (bytes: Uint8Array, at: number, text: string): boolean =>
  Array.from(text).every((letter, index) => bytes[at + index] === letter.charCodeAt(0));

function decodeLetter({ label, high, prefix }: CharacterSet, letter: Uint8Array): string {
  const coded = high === true ? letter.map((byte) => byte | 0x80) : letter;
  return decodeAs(label, prefix === undefined ? coded : Uint8Array.of(prefix, ...coded));
}

function unnamed(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

/** Texts are decoded letter by letter where sets change: making a decoder for each would take most of the time. */
const decoders = new Map<string, InstanceType<typeof TextDecoder>>();

function decodeAs(label: string, bytes: Uint8Array): string {
  if (label === 'latin1') return latin1(bytes);
  try {
    const decoder = decoders.get(label) ?? new TextDecoder(label);
    decoders.set(label, decoder);
    return decoder.decode(bytes);
  } catch {
    // The host lacks this encoding: partly readable text is better than none.
    return latin1(bytes);
  }
}

/** Bytes `from` to `to` as text, where every character set reads them so, as nearly all texts; else undefined. */
export function asciiText(bytes: Uint8Array, from: number, to: number): string | undefined {
  return areAscii(bytes, from, to) ? latin1(bytes, from, to) : undefined;
}

/** Eight letters at a time: spreading the bytes takes ten times as long, and each step leaves a string behind. */
export function latin1(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = '';
  let at = from;
  for (; at + 8 <= to; at += 8)
    text += String.fromCharCode(
      bytes[at]!,
      bytes[at + 1]!,
      bytes[at + 2]!,
      bytes[at + 3]!,
      bytes[at + 4]!,
      bytes[at + 5]!,
      bytes[at + 6]!,
      bytes[at + 7]!,
    );
  for (; at < to; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}
