import { asciiText, latin1, textDecoder } from './characterSet.ts';
import {
  type ElementEncoding,
  hasVr,
  ITEM_DELIMITER_TAG,
  ITEM_TAG,
  readElementHeader,
  SEQUENCE_DELIMITER_TAG,
  UNDEFINED_LENGTH,
} from './elementHeader.ts';

const PIXEL_DATA_TAG = 0x7fe00010;

/**
 * The elements of a data set up to and including the pixel data's header, with typed access to their values. Tags are
 * written as x, group, element: `x00280010`.
 */
export interface DataElements {
  /** First bytes of the values as text, trailing padding removed; '' where the element is absent or empty. */
  readonly text: (tag: string) => string;
  /** The backslash-separated values of a text element; empty where absent. */
  readonly texts: (tag: string) => string[];
  /**
   * The finite numbers of a DS or IS element; NaN stands where a value is not a number. Where writers put
   * floating-point numbers and say so (FD, FL), these are read.
   */
  readonly decimals: (tag: string) => number[];
  /** The first unsigned 16 bit value (US). */
  readonly uint16: (tag: string) => number | undefined;
  /** The first value of a US or SS element, read as `signed` says. */
  readonly int16: (tag: string, signed: boolean) => number | undefined;
  /** The first unsigned 32 bit value (UL). */
  readonly uint32: (tag: string) => number | undefined;
  /** The unsigned 32 bit values of an UL element; empty where absent. */
  readonly uint32s: (tag: string) => number[];
  /** The first floating-point value, of 64 or 32 bits (FD, FL). */
  readonly float: (tag: string) => number | undefined;
  /** The unsigned 64 bit values of an OV element; empty where absent. */
  readonly uint64s: (tag: string) => number[];
  /** The items of a sequence; empty where absent. */
  readonly items: (tag: string) => DataElements[];
  readonly has: (tag: string) => boolean;
  /** Whether the element is there more than once, with values that differ. */
  readonly contradictsItself: (tag: string) => boolean;
  /** Where the pixel data's value begins and the length that its header claims. */
  readonly pixelData: PixelDataElement | undefined;
}

export interface PixelDataElement {
  /** undefined in Implicit VR. */
  readonly vr: string | undefined;
  readonly offset: number;
  readonly length: number;
  readonly undefinedLength: boolean;
}

export interface ParsedElements {
  readonly elements: DataElements;
  /** Whether parsing ended at the pixel data, at the end of the bytes or at another object, and not within an element. */
  readonly complete: boolean;
  /** Where another object begins, preamble and all, behind a data set without pixel data. */
  readonly nextObjectAt?: number | undefined;
}

/** An element's value in the bytes, delimiters left out. */
interface ElementRange {
  readonly vr: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly undefinedLength: boolean;
}

/** Sequences within sequences; a report has about ten levels. */
const MAX_DEPTH = 64;

/**
 * Reads the data set that begins at `dataSetOffset`, stopping at the pixel data. Damaged input never throws: what was
 * parsed before the damage is returned with `complete: false`.
 */
export function parseElements(
  bytes: Uint8Array,
  dataSetOffset: number,
  encoding: ElementEncoding,
): ParsedElements {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const source: Source = { bytes, view, encoding };
  const read = readElements(source, dataSetOffset, bytes.length);
  const { complete, nextObjectAt } = read;
  return { elements: accessors(source, read, undefined), complete, nextObjectAt };
}

const PREAMBLE_BYTES = 128;
/** DICM as a big-endian word. */
const PREFIX = 0x4449434d;

/** Whether a DICOM object begins there: a preamble, its prefix and the meta group. */
export const beginsObject = (view: DataView, at: number): boolean =>
  at + PREAMBLE_BYTES + 8 <= view.byteLength &&
  view.getUint32(at + PREAMBLE_BYTES, false) === PREFIX &&
  view.getUint16(at + PREAMBLE_BYTES + 4, true) === 2;

/** Bytes and how the elements in them are written: items may be written in another way than what is around them. */
interface Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly encoding: ElementEncoding;
}

type Elements = ReadonlyMap<number, ElementRange>;

/** The elements of a data set or of an item. */
interface FoundElements {
  readonly found: Elements;
  /** Those that are there more than once, with values that differ. */
  readonly contradictory: ReadonlySet<number>;
  readonly complete: boolean;
  readonly nextObjectAt?: number;
}

function readElements({ bytes, view, encoding }: Source, start: number, end: number): FoundElements {
  const found = new Map<number, ElementRange>();
  const contradictory = new Set<number>();
  const stopped = (complete: boolean): FoundElements => ({ found, contradictory, complete });
  let at = start;
  while (at < end) {
    if (beginsObject(view, at)) return { ...stopped(true), nextObjectAt: at };
    const header = readElementHeader(view, at, encoding);
    if (header === undefined) return stopped(false);
    const { tag, vr, valueAt, length } = header;
    if (tag === ITEM_DELIMITER_TAG || tag === SEQUENCE_DELIMITER_TAG) {
      at = valueAt;
      continue;
    }
    const undefinedLength = length === UNDEFINED_LENGTH;
    if (tag === PIXEL_DATA_TAG) {
      found.set(tag, {
        vr,
        from: valueAt,
        to: undefinedLength ? valueAt : valueAt + length,
        undefinedLength,
      });
      return stopped(true);
    }
    const to = undefinedLength
      ? endOfItems(view, valueAt, itemEncoding(vr, encoding), 0)
      : { value: valueAt + length, next: valueAt + length };
    // Values reach beyond the bytes where only a file's start was read.
    if (to === undefined || to.next > end) return stopped(false);
    const range = { vr, from: valueAt, to: to.value, undefinedLength };
    const earlier = found.get(tag);
    if (earlier !== undefined && !isSameValue(bytes, earlier, range)) contradictory.add(tag);
    found.set(tag, range);
    at = to.next;
  }
  return stopped(true);
}

function isSameValue(bytes: Uint8Array, one: ElementRange, other: ElementRange): boolean {
  if (one.to - one.from !== other.to - other.from) return false;
  for (let at = 0; at < one.to - one.from; at++) {
    if (bytes[one.from + at] !== bytes[other.from + at]) return false;
  }
  return true;
}

/** Items of unknown elements are in Implicit VR Little Endian (PS3.5 section 6.2.2), others like the elements around. */
const itemEncoding = (vr: string | undefined, encoding: ElementEncoding): ElementEncoding =>
  vr === 'UN' ? { explicitVr: false, bigEndian: false } : encoding;

interface ItemsEnd {
  /** Where the value ends, and where the next element begins: after the delimiter. */
  readonly value: number;
  readonly next: number;
}

/** Follows the items of a value of undefined length to its delimiter; undefined where the bytes end or lie. */
function endOfItems(
  view: DataView,
  start: number,
  encoding: ElementEncoding,
  depth: number,
): ItemsEnd | undefined {
  if (depth > MAX_DEPTH) return undefined;
  let at = start;
  for (;;) {
    const item = readElementHeader(view, at, encoding);
    if (item?.tag === SEQUENCE_DELIMITER_TAG) return { value: at, next: item.valueAt };
    if (item?.tag !== ITEM_TAG) return undefined;
    const next =
      item.length === UNDEFINED_LENGTH
        ? endOfItem(view, item.valueAt, encoding, depth)?.next
        : item.valueAt + item.length;
    if (next === undefined) return undefined;
    at = next;
  }
}

/** Follows the elements of an item of undefined length to its delimiter. */
function endOfItem(
  view: DataView,
  start: number,
  outer: ElementEncoding,
  depth: number,
): ItemsEnd | undefined {
  const encoding = writtenAs(view, start, outer);
  let at = start;
  for (;;) {
    const header = readElementHeader(view, at, encoding);
    if (header === undefined) return undefined;
    if (header.tag === ITEM_DELIMITER_TAG) return { value: at, next: header.valueAt };
    const next =
      header.length === UNDEFINED_LENGTH
        ? endOfItems(view, header.valueAt, itemEncoding(header.vr, encoding), depth + 1)?.next
        : header.valueAt + header.length;
    if (next === undefined) return undefined;
    at = next;
  }
}

/** Some writers keep the value representations within unknown elements, others leave them out of sequences. */
const writtenAs = (view: DataView, firstElementAt: number, outer: ElementEncoding): ElementEncoding => ({
  ...outer,
  explicitVr: hasVr(view, firstElementAt),
});

interface ItemRange {
  readonly from: number;
  readonly to: number;
}

/** The items of a value; none where it is anything but items. */
function itemsOf(view: DataView, range: ElementRange, encoding: ElementEncoding): ItemRange[] {
  const items: ItemRange[] = [];
  let at = range.from;
  while (at < range.to) {
    const item = readElementHeader(view, at, encoding);
    if (item?.tag !== ITEM_TAG) break;
    const end =
      item.length === UNDEFINED_LENGTH
        ? endOfItem(view, item.valueAt, encoding, 0)
        : { value: item.valueAt + item.length, next: item.valueAt + item.length };
    if (end === undefined || end.next > range.to) break;
    items.push({ from: item.valueAt, to: end.value });
    at = end.next;
  }
  return items;
}

type DecodeText = (bytes: Uint8Array) => string;

interface BinaryNumber {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, littleEndian: boolean) => number;
}

/** Digits of a 32-bit number that mean something: 0.4 is 0.4, not 0.4000000059604645. */
const FLOAT_DIGITS = 7;

const BINARY_NUMBERS: ReadonlyMap<string, BinaryNumber> = new Map([
  ['FD', { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) }],
  [
    'FL',
    { bytes: 4, read: (view, at, little) => Number(view.getFloat32(at, little).toPrecision(FLOAT_DIGITS)) },
  ],
]);

/** The tags that are asked for are few, and asked for in every file. */
const tagNumbers = new Map<string, number>();

function tagNumber(tag: string): number {
  let number = tagNumbers.get(tag);
  if (number === undefined) {
    number = Number.parseInt(tag.slice(1), 16);
    tagNumbers.set(tag, number);
  }
  return number;
}

function accessors(
  source: Source,
  { found, contradictory }: Pick<FoundElements, 'found' | 'contradictory'>,
  inherited: DecodeText | undefined,
): DataElements {
  const { bytes, view } = source;
  const littleEndian = !source.encoding.bigEndian;
  const rangeOf = (tag: string, minimumLength: number): ElementRange | undefined => {
    const range = found.get(tagNumber(tag));
    if (range === undefined || range.undefinedLength || range.to - range.from < minimumLength)
      return undefined;
    return range.to <= bytes.length ? range : undefined;
  };
  const readValue = <T>(tag: string, size: number, read: (at: number) => T): T | undefined => {
    const range = rangeOf(tag, size);
    return range === undefined ? undefined : read(range.from);
  };
  const readValues = (tag: string, size: number, read: (at: number) => number): number[] => {
    const range = rangeOf(tag, size);
    if (range === undefined) return [];
    const count = Math.floor((range.to - range.from) / size);
    return Array.from({ length: count }, (_, index) => read(range.from + size * index));
  };
  const characterSet = latin1(textBytes(bytes, rangeOf('x00080005', 1)));
  const decodeText = characterSet === '' ? (inherited ?? decodeUnnamed) : textDecoder(characterSet);
  const text = (tag: string): string => {
    const range = rangeOf(tag, 1);
    if (range === undefined) return '';
    const { from } = range;
    const to = Math.min(range.to, from + MAX_TEXT_LENGTH);
    return withoutPadding(asciiText(bytes, from, to) ?? decodeText(bytes.subarray(from, to)));
  };
  const texts = (tag: string): string[] => {
    const whole = text(tag);
    if (whole === '') return [];
    return whole.includes('\\') ? whole.split('\\').map((value) => value.trim()) : [whole.trim()];
  };
  const decimals = (tag: string): number[] => {
    const values = texts(tag).map((value) => (value === '' ? Number.NaN : Number(value)));
    const binary = BINARY_NUMBERS.get(found.get(tagNumber(tag))?.vr ?? '');
    // Text is read as text, whatever its label.
    if (binary === undefined || values.some(Number.isFinite)) return values;
    return readValues(tag, binary.bytes, (at) => binary.read(view, at, littleEndian));
  };
  return {
    text,
    texts,
    decimals,
    uint16: (tag) => readValue(tag, 2, (at) => view.getUint16(at, littleEndian)),
    int16: (tag, signed) =>
      readValue(tag, 2, (at) =>
        signed ? view.getInt16(at, littleEndian) : view.getUint16(at, littleEndian),
      ),
    uint32: (tag) => readValue(tag, 4, (at) => view.getUint32(at, littleEndian)),
    float: (tag) =>
      readValue(tag, 8, (at) => view.getFloat64(at, littleEndian)) ??
      readValue(tag, 4, (at) => view.getFloat32(at, littleEndian)),
    uint32s: (tag) => readValues(tag, 4, (at) => view.getUint32(at, littleEndian)),
    uint64s: (tag) => readValues(tag, 8, (at) => Number(view.getBigUint64(at, littleEndian))),
    items: (tag) => {
      const range = found.get(tagNumber(tag));
      if (range === undefined) return [];
      const outer = itemEncoding(range.vr, source.encoding);
      return itemsOf(view, range, outer).map(({ from, to }) => {
        const item = { ...source, encoding: writtenAs(view, from, outer) };
        return accessors(item, readElements(item, from, to), decodeText);
      });
    },
    has: (tag) => found.has(tagNumber(tag)),
    contradictsItself: (tag) => contradictory.has(tagNumber(tag)),
    pixelData: pixelDataOf(found.get(PIXEL_DATA_TAG)),
  };
}

const pixelDataOf = (range: ElementRange | undefined): PixelDataElement | undefined =>
  range && {
    vr: range.vr,
    offset: range.from,
    length: range.to - range.from,
    undefinedLength: range.undefinedLength,
  };

/** Many texts are asked for in every file; those that have no padding are left as they are. */
function withoutPadding(text: string): string {
  const last = text.at(-1);
  return (last === '\0' || last === ' ' ? text.replace(/[\0 ]+$/, '') : text).trimStart();
}

/** For files that name no character set. */
const decodeUnnamed = textDecoder('');

/** Longest text that is of interest; private elements may claim megabytes. */
const MAX_TEXT_LENGTH = 1024;

const textBytes = (bytes: Uint8Array, range: ElementRange | undefined): Uint8Array =>
  range === undefined
    ? bytes.subarray(0, 0)
    : bytes.subarray(range.from, Math.min(range.to, range.from + MAX_TEXT_LENGTH));
