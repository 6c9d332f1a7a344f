import { type ElementEncoding, UNDEFINED_LENGTH } from '../elementHeader.ts';
import { joined } from './compressedFixtures.ts';

/** Elements byte by byte, as odd writers put them: any representation, any length, items with and without delimiters. */

export const EXPLICIT: ElementEncoding = { explicitVr: true, bigEndian: false };
export const IMPLICIT: ElementEncoding = { explicitVr: false, bigEndian: false };
export const BIG_ENDIAN: ElementEncoding = { explicitVr: true, bigEndian: true };

const LONG_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

export const ascii = (text: string): Uint8Array =>
  Uint8Array.from(text + (text.length % 2 === 1 ? ' ' : ''), (letter) => letter.charCodeAt(0));

/** The bytes of an element; `length` replaces the value's own where a test wants a false or an undefined one. */
export function rawElement(
  tag: number,
  vr: string,
  value: Uint8Array,
  { explicitVr, bigEndian }: ElementEncoding = EXPLICIT,
  length = value.length,
): Uint8Array {
  const isLong = explicitVr && LONG_VRS.has(vr);
  const header = new Uint8Array(isLong ? 12 : 8);
  const view = new DataView(header.buffer);
  view.setUint16(0, Math.floor(tag / 0x10000), !bigEndian);
  view.setUint16(2, tag % 0x10000, !bigEndian);
  if (explicitVr && vr !== '') {
    header.set(ascii(vr), 4);
    if (isLong) view.setUint32(8, length, !bigEndian);
    else view.setUint16(6, length, !bigEndian);
  } else view.setUint32(4, length, !bigEndian);
  return joined([header, value]);
}

const delimiter = (element: number, { bigEndian }: ElementEncoding): Uint8Array =>
  rawElement(0xfffe0000 + element, '', new Uint8Array(0), { explicitVr: false, bigEndian });

/** A sequence of one item; `open`: both end with delimiters. `item` is the encoding of the item's own header. */
export function rawSequence(
  tag: number,
  vr: string,
  content: Uint8Array,
  options: {
    readonly outer?: ElementEncoding;
    readonly item?: ElementEncoding;
    readonly open?: boolean;
  } = {},
): Uint8Array {
  const { outer = EXPLICIT, open = false } = options;
  const { item = outer } = options;
  const head = rawElement(
    0xfffee000,
    '',
    content,
    { ...item, explicitVr: false },
    open ? UNDEFINED_LENGTH : content.length,
  );
  if (!open) return rawElement(tag, vr, head, outer);
  const value = joined([head, delimiter(0xe00d, item), delimiter(0xe0dd, item)]);
  return rawElement(tag, vr, value, outer, UNDEFINED_LENGTH);
}
