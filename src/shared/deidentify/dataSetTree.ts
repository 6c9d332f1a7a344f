import {
  type ElementEncoding,
  hasVr,
  ITEM_DELIMITER_TAG,
  ITEM_TAG,
  readElementHeader,
  SEQUENCE_DELIMITER_TAG,
  UNDEFINED_LENGTH,
} from '../dicom/elementHeader.ts';
import { attributeKind } from './attributeKind.ts';

/** An element of a data set: its bytes as they are, or the items of a sequence. */
export interface TreeElement {
  readonly tag: number;
  /** undefined in Implicit VR. */
  readonly vr: string | undefined;
  readonly value: Uint8Array | readonly TreeItem[];
  /** Pixels in fragments: `value` is their items, the closing delimiter included. */
  readonly isEncapsulated?: true;
}

export interface TreeItem {
  readonly encoding: ElementEncoding;
  readonly elements: readonly TreeElement[];
}

/** A data set cannot be taken apart to its end; nothing may be copied from it then. */
export class BrokenDataSet extends Error {}

const PIXEL_DATA_TAG = 0x7fe00010;
const MAX_DEPTH = 64;

/**
 * Takes a whole data set apart, every sequence to its last level: also those in Implicit VR, of unknown elements (UN), and
 * of any other label, which are known by their first item.
 * @throws BrokenDataSet
 */
export function parseTree(bytes: Uint8Array, start: number, encoding: ElementEncoding): TreeElement[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return elementsOf({ bytes, view }, start, bytes.length, encoding, 0).elements;
}

interface Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

function elementsOf(
  source: Source,
  start: number,
  end: number,
  encoding: ElementEncoding,
  depth: number,
): { readonly elements: TreeElement[]; readonly next: number } {
  if (depth > MAX_DEPTH) throw new BrokenDataSet();
  const elements: TreeElement[] = [];
  let at = start;
  while (at < end) {
    const header = readElementHeader(source.view, at, encoding);
    if (header === undefined) throw new BrokenDataSet();
    const { tag, vr, valueAt, length } = header;
    if (tag === ITEM_DELIMITER_TAG) return { elements, next: valueAt };
    if (length === UNDEFINED_LENGTH) {
      const isPixels = tag === PIXEL_DATA_TAG;
      const inner = isPixels
        ? fragmentsOf(source, valueAt, encoding)
        : itemsOf(
            source,
            valueAt,
            end,
            firstItemEncoding(source.view, valueAt, vr, encoding) ?? itemEncoding(vr, encoding),
            depth + 1,
            true,
          );
      elements.push({ tag, vr, value: inner.value, ...(isPixels ? { isEncapsulated: true as const } : {}) });
      at = inner.next;
      continue;
    }
    const next = valueAt + length;
    if (next > end) throw new BrokenDataSet();
    elements.push({ tag, vr, value: definedValue(source, header, next, encoding, depth) });
    at = next;
  }
  return { elements, next: at };
}

/** Bytes and numbers, which may begin like an item by chance. */
const NOT_TEXT = new Set('AT FD FL OB OD OF OL OV OW SL SS SV UL US UV'.split(' '));

/**
 * A value of defined length: items where it begins with one, else its bytes. No text begins like an item, so a text that
 * does is a sequence that its writer labelled wrongly, and holds names and UIDs like any other. Numbers and bytes are one
 * where the dictionary says so, or where they can be read as items to their end.
 */
function definedValue(
  source: Source,
  { tag, vr, valueAt, length }: { tag: number; vr: string | undefined; valueAt: number; length: number },
  next: number,
  encoding: ElementEncoding,
  depth: number,
): TreeElement['value'] {
  const bytes = source.bytes.subarray(valueAt, next);
  if (tag === PIXEL_DATA_TAG) return bytes;
  const inner = length >= 8 ? firstItemEncoding(source.view, valueAt, vr, encoding) : undefined;
  if (inner !== undefined) {
    const isSequence = vr === undefined || !NOT_TEXT.has(vr) || attributeKind(tag) === 'sequence';
    try {
      return itemsOf(source, valueAt, next, inner, depth + 1, false).value;
    } catch (thrown) {
      if (isSequence || !(thrown instanceof BrokenDataSet)) throw thrown;
    }
  }
  if (vr === 'SQ' && length > 0) throw new BrokenDataSet();
  return vr === 'SQ' ? [] : bytes;
}

/** How the item that begins at a value is written; undefined where none does. Its byte order may be another one. */
function firstItemEncoding(
  view: DataView,
  at: number,
  vr: string | undefined,
  encoding: ElementEncoding,
): ElementEncoding | undefined {
  const expected = itemEncoding(vr, encoding);
  return [expected, { ...expected, bigEndian: !expected.bigEndian }].find(
    (tried) => readElementHeader(view, at, tried)?.tag === ITEM_TAG,
  );
}

/** Whether bytes begin as a sequence does. */
export const beginsAsItems = (bytes: Uint8Array): boolean =>
  firstItemEncoding(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, undefined, {
    explicitVr: false,
    bigEndian: false,
  }) !== undefined;

const itemEncoding = (vr: string | undefined, encoding: ElementEncoding): ElementEncoding =>
  vr === 'UN' ? { explicitVr: false, bigEndian: false } : encoding;

function itemsOf(
  source: Source,
  start: number,
  end: number,
  outer: ElementEncoding,
  depth: number,
  isDelimited: boolean,
): { readonly value: TreeItem[]; readonly next: number } {
  const items: TreeItem[] = [];
  let at = start;
  while (isDelimited || at < end) {
    const item = readElementHeader(source.view, at, outer);
    if (item?.tag === SEQUENCE_DELIMITER_TAG) return { value: items, next: item.valueAt };
    if (item?.tag !== ITEM_TAG) throw new BrokenDataSet();
    const encoding = { ...outer, explicitVr: hasVr(source.view, item.valueAt) };
    const itemEnd = item.length === UNDEFINED_LENGTH ? end : item.valueAt + item.length;
    if (itemEnd > end) throw new BrokenDataSet();
    const { elements, next } = elementsOf(source, item.valueAt, itemEnd, encoding, depth);
    items.push({ encoding, elements });
    at = next;
  }
  return { value: items, next: at };
}

/** The fragments of encapsulated pixels as they are, with the delimiter that ends them. */
function fragmentsOf(
  { bytes, view }: Source,
  start: number,
  encoding: ElementEncoding,
): { readonly value: Uint8Array; readonly next: number } {
  let at = start;
  for (;;) {
    const item = readElementHeader(view, at, encoding);
    if (item === undefined || item.length === UNDEFINED_LENGTH) throw new BrokenDataSet();
    at = item.valueAt + item.length;
    if (at > bytes.length) throw new BrokenDataSet();
    if (item.tag === SEQUENCE_DELIMITER_TAG) return { value: bytes.subarray(start, at), next: at };
    if (item.tag !== ITEM_TAG) throw new BrokenDataSet();
  }
}

const LONG_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

/** The bytes of a data set, sequences and items with defined lengths. */
export function encodeTree(elements: readonly TreeElement[], encoding: ElementEncoding): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const element of elements) parts.push(...encodedElement(element, encoding));
  return joined(parts);
}

function encodedElement(element: TreeElement, encoding: ElementEncoding): Uint8Array[] {
  const { tag, value, isEncapsulated } = element;
  const body =
    value instanceof Uint8Array
      ? value
      : joined(
          value.flatMap((item) => {
            const inner = encodeTree(item.elements, item.encoding);
            return [header(ITEM_TAG, undefined, inner.length, item.encoding), inner];
          }),
        );
  const label = value instanceof Uint8Array ? element.vr : sequenceLabel(element.vr, value, encoding);
  const isLong = label !== undefined && LONG_VRS.has(label);
  const vr = label !== undefined && !isLong && body.length > 0xffff ? 'UN' : label;
  const padding = body.length % 2;
  const length = isEncapsulated ? UNDEFINED_LENGTH : body.length + padding;
  return [
    header(tag, encoding.explicitVr ? (vr ?? 'UN') : undefined, length, encoding),
    body,
    new Uint8Array(padding),
  ];
}

/** What a sequence is labelled as, whatever its writer called it: items of Implicit VR stand within UN (PS3.5 6.2.2). */
function sequenceLabel(
  vr: string | undefined,
  items: readonly TreeItem[],
  { bigEndian }: ElementEncoding,
): string | undefined {
  if (vr === undefined || vr === 'SQ') return vr;
  const isAsAround = items.every(({ encoding }) => encoding.explicitVr && encoding.bigEndian === bigEndian);
  return isAsAround ? 'SQ' : 'UN';
}

function header(
  tag: number,
  vr: string | undefined,
  length: number,
  { bigEndian }: ElementEncoding,
): Uint8Array {
  const isLong = vr === undefined ? false : LONG_VRS.has(vr);
  const bytes = new Uint8Array(isLong ? 12 : 8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(tag / 0x10000), !bigEndian);
  view.setUint16(2, tag % 0x10000, !bigEndian);
  if (vr === undefined) {
    view.setUint32(4, length, !bigEndian);
    return bytes;
  }
  view.setUint8(4, vr.charCodeAt(0));
  view.setUint8(5, vr.charCodeAt(1));
  if (isLong) view.setUint32(8, length, !bigEndian);
  else view.setUint16(6, length, !bigEndian);
  return bytes;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
