import { isJp2 } from './bareCodeStream.ts';

/** One item of encapsulated pixel data (PS3.5 annex A.4): where its value lies in the bytes given. */
export interface PixelItem {
  readonly from: number;
  readonly to: number;
}

const ITEM_TAG = 0xe000fffe;
const DELIMITER_TAG = 0xe0ddfffe;
/** More items than any CT has frames and fragments: hostile input of empty items ends here. */
const MAX_ITEMS = 100_000;

/**
 * The items from `start` on, up to the sequence's delimiter or the end of the bytes; undefined where an item reaches
 * beyond them or anything but an item follows.
 */
export function pixelItems(bytes: Uint8Array, start: number): PixelItem[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items: PixelItem[] = [];
  let at = start;
  while (at + 8 <= bytes.length && items.length < MAX_ITEMS) {
    // Read as one little-endian word, (FFFE,E000) is 0xE000FFFE.
    const tag = view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    if (tag === DELIMITER_TAG) return items;
    if (tag !== ITEM_TAG || at + 8 + length > bytes.length) return undefined;
    items.push({ from: at + 8, to: at + 8 + length });
    at = afterItem(view, at, length);
  }
  // Some writers leave the delimiter out where the pixel data ends the file.
  return at === bytes.length ? items : undefined;
}

/** What lies behind the items that {@link pixelItems} finds, and behind their delimiter. */
export function behindItems(bytes: Uint8Array): Uint8Array {
  const end = pixelItems(bytes, 0)?.at(-1)?.to ?? bytes.length;
  return bytes.subarray(end);
}

/** Where the item after one begins: writers of odd lengths may pad them all the same, or all items together. */
export function afterItem(view: DataView, at: number, length: number): number {
  const end = at + 8 + length;
  if (end + 5 > view.byteLength) return end;
  const isItem = (tag: number): boolean => tag === ITEM_TAG || tag === DELIMITER_TAG;
  return !isItem(view.getUint32(end, true)) && isItem(view.getUint32(end + 1, true)) ? end + 1 : end;
}

/** The items without the offset table; some writers leave it out. */
function withoutTable(bytes: Uint8Array, items: readonly PixelItem[]): readonly PixelItem[] {
  const [first] = items;
  const isTable = first !== undefined && !beginsCodeStream(bytes.subarray(first.from, first.to));
  return isTable ? items.slice(1) : items;
}

/**
 * The code stream of one frame: its items joined.
 *
 * @param bytes begin with the frame's first item, or with the offset table
 * @returns undefined where the items are cut short or there are none
 */
export function frameOfItems(bytes: Uint8Array, hasOffsetTable: boolean): Uint8Array | undefined {
  const all = pixelItems(bytes, 0);
  const items = all === undefined || !hasOffsetTable ? all : withoutTable(bytes, all);
  const first = items?.[0];
  if (items === undefined || first === undefined) return undefined;
  if (items.length === 1) return bytes.subarray(first.from, first.to);
  const joined = new Uint8Array(items.reduce((sum, { from, to }) => sum + to - from, 0));
  let at = 0;
  for (const { from, to } of items) {
    joined.set(bytes.subarray(from, to), at);
    at += to - from;
  }
  return joined;
}

/** Where each frame's items lie, item headers included. */
export interface FrameRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Finds the frames of encapsulated pixel data: by the extended offset table where there is one, by the basic
 * offset table, by one item a frame, or by the markers that code streams begin with. Undefined where they contradict
 * each other or the bytes.
 *
 * @param start of the first item, the basic offset table
 * @param extendedOffsets the values of (7FE0,0001), from the first item after the basic offset table
 */
export function frameRanges(
  bytes: Uint8Array,
  start: number,
  frameCount: number,
  extendedOffsets?: readonly number[],
): FrameRange[] | undefined {
  const items = pixelItems(bytes, start);
  const fragments = items && withoutTable(bytes, items);
  const first = fragments?.[0];
  if (items === undefined || fragments === undefined || first === undefined) return undefined;
  const table = fragments === items ? { from: 0, to: 0 } : items[0]!;
  const firstAt = first.from - 8;
  const endAt = fragments.at(-1)!.to;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const basic = Array.from({ length: Math.floor((table.to - table.from) / 4) }, (_, index) =>
    view.getUint32(table.from + 4 * index, true),
  );
  const offsets = extendedOffsets !== undefined && extendedOffsets.length > 0 ? extendedOffsets : basic;
  if (offsets.length === 0) {
    if (frameCount === 1) return [{ from: firstAt, to: endAt }];
    const starts =
      fragments.length === frameCount
        ? fragments
        : fragments.filter(({ from, to }) => beginsCodeStream(bytes.subarray(from, to)));
    if (starts.length !== frameCount || starts[0] !== fragments[0]) return undefined;
    return starts.map(({ from }, index) => ({
      from: from - 8,
      to: index + 1 < starts.length ? starts[index + 1]!.from - 8 : endAt,
    }));
  }
  if (offsets.length !== frameCount) return undefined;
  const starts = new Set(fragments.map(({ from }) => from - 8));
  const ranges = offsets.map((offset, index) => ({
    from: firstAt + offset,
    to: index + 1 < offsets.length ? firstAt + offsets[index + 1]! : endAt,
  }));
  const sound = ranges.every(
    ({ from, to }) => starts.has(from) && to > from && (to === endAt || starts.has(to)),
  );
  return sound ? ranges : undefined;
}

/** SOI of the JPEG family followed by another marker, or SOC and SIZ of JPEG 2000, in the boxes of a JP2 file or bare. */
const beginsCodeStream = (bytes: Uint8Array): boolean =>
  isJp2(bytes) ||
  (bytes[0] === 0xff && bytes[2] === 0xff && (bytes[1] === 0xd8 || (bytes[1] === 0x4f && bytes[3] === 0x51)));
