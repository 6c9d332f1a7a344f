// TextDecoder belongs to Node and browsers alike, but to no ECMAScript library that types could come from.
declare const TextDecoder: new (label: string) => { decode(bytes: Uint8Array): string };

/** Defined terms of Specific Character Set (PS3.3 C.12.1.1.2) → labels of the WHATWG Encoding Standard. */
const ENCODINGS: Readonly<Record<string, string>> = {
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 13': 'shift_jis',
  'ISO 2022 IR 58': 'gb2312',
  'ISO 2022 IR 149': 'euc-kr',
  'ISO 2022 IR 87': 'iso-2022-jp',
};
/** Escape sequences that announce a set which the decoders for Korean and Chinese know anyway. */
const ANNOUNCEMENTS = ['A', 'C'].map((set) => `${String.fromCharCode(27)}$)${set}`);

/**
 * The decoder for a file's texts. Unknown sets, and the default one, are read as Latin 1.
 *
 * @param specificCharacterSet the value of (0008,0005)
 */
export function textDecoder(specificCharacterSet: string): (bytes: Uint8Array) => string {
  const terms = specificCharacterSet.split('\\').map((term) => term.trim().replace('ISO 2022 IR 6', ''));
  const term = terms.find(
    (candidate) => Object.hasOwn(ENCODINGS, candidate) || Object.hasOwn(ENCODINGS, asSingle(candidate)),
  );
  if (term === undefined) return latin1;
  try {
    const decoder = new TextDecoder(ENCODINGS[term] ?? ENCODINGS[asSingle(term)]!);
    return (bytes) =>
      ANNOUNCEMENTS.reduce((text, announcement) => text.replaceAll(announcement, ''), decoder.decode(bytes));
  } catch {
    // The host lacks this encoding: partly readable text is better than none.
    return latin1;
  }
}

/** "ISO 2022 IR 144", the set with code extensions, is "ISO_IR 144" without. */
const asSingle = (term: string): string => term.replace('ISO 2022 IR', 'ISO_IR');

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
