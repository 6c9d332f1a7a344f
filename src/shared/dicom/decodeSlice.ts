import { CancelledError } from '../errors.ts';
import { type Failure, failure } from '../failures/failure.ts';
import { type BareCodeStream, bareCodeStream } from './bareCodeStream.ts';
import {
  beginsOtherwise,
  type CodeStreamInfo,
  checkCodeStream,
  codeStreamInfo,
  libraryFor,
} from './codeStream.ts';
import { behindItems, frameOfItems } from './encapsulated.ts';
import { type HounsfieldTable, lookUpHu } from './hounsfield.ts';
import { kernelWords } from './hounsfieldKernel.ts';
import { inflateBounded } from './inflateBounded.ts';
import { paddingInTissue } from './paddingInTissue.ts';
import { parseSliceHeader } from './parseSliceHeader.ts';
import {
  type CodecName,
  CodeStreamCut,
  DecoderMissing,
  type FrameDescription,
  type PixelCodecs,
} from './pixelCodecs.ts';
import { objectIn, SEARCHED_BYTES, seriesOfImage } from './readFileHeader.ts';
import { decodeRle } from './rle.ts';
import { type PixelFormat, pixelDataLength, type SliceHeader } from './sliceHeader.ts';
import { areBytesSwapped } from './swappedBytes.ts';

export type DecodedSlice =
  | { readonly kind: 'decoded'; readonly valuesHu: Int16Array; readonly remarks: readonly Failure[] }
  | { readonly kind: 'failed'; readonly reason: Failure };

type StoredValues =
  | {
      readonly kind: 'values';
      readonly bytes: Uint8Array;
      /** How they are to be read: the header's format, or what a code stream says instead. */
      readonly pixels: PixelFormat;
      /** What a user should know of them. */
      readonly remark?: Failure | undefined;
    }
  | { readonly kind: 'failed'; readonly reason: Failure };

/** Called with what a user should know of the values that were read. */
export type OnRemark = (remark: Failure) => void;

/** See `createHounsfieldTables`. */
export type TableOf = (pixels: PixelFormat) => HounsfieldTable;

/**
 * Decodes one slice to HU, columns fastest.
 *
 * @param stored the bytes that `storedRange` names, or fewer where the file has become shorter
 */
export async function decodeSlice(
  stored: Uint8Array,
  header: SliceHeader,
  codecs: PixelCodecs,
  tableOf: TableOf,
): Promise<DecodedSlice> {
  const valuesHu = new Int16Array(header.plane.rows * header.plane.columns);
  const remarks: Failure[] = [];
  const onRemark = (remark: Failure): unknown => remarks.push(remark);
  const reason = await decodeSliceInto(valuesHu, 0, stored, header, codecs, tableOf, onRemark);
  return reason === undefined ? { kind: 'decoded', valuesHu, remarks } : failed(reason);
}

/**
 * Decodes one slice into a volume, from its voxel `outOffset` on; see `decodeSlice`.
 *
 * @returns the reason where it failed
 */
export async function decodeSliceInto(
  out: Int16Array,
  outOffset: number,
  stored: Uint8Array,
  header: SliceHeader,
  codecs: PixelCodecs,
  tableOf: TableOf,
  onRemark?: OnRemark,
): Promise<Failure | undefined> {
  return look(out, outOffset, await storedValues(stored, header, codecs), header, tableOf, onRemark);
}

/** Does what {@link decodeSliceInto} does for a slice that is stored natively, without waiting for anything. */
export const decodeNativeInto = (
  out: Int16Array,
  outOffset: number,
  stored: Uint8Array,
  header: SliceHeader,
  tableOf: TableOf,
  onRemark?: OnRemark,
): Failure | undefined => look(out, outOffset, nativeValues(stored, header), header, tableOf, onRemark);

function look(
  out: Int16Array,
  outOffset: number,
  values: StoredValues,
  { plane, pixels }: SliceHeader,
  tableOf: TableOf,
  onRemark: OnRemark | undefined,
): Failure | undefined {
  if (values.kind === 'failed') return values.reason;
  if (values.remark !== undefined) onRemark?.(values.remark);
  // Before HU take the place of the stored values.
  const taken = onRemark && paddingInTissue(values.bytes, plane, values.pixels);
  if (taken !== undefined) onRemark?.(taken);
  const count = plane.rows * plane.columns;
  lookUpHu(values.bytes, pixels.bitsAllocated, tableOf(values.pixels), count, out, outOffset);
  if (onRemark && isUnsigned16(values.pixels) && hasImplausible(out, outOffset, count)) {
    onRemark(failure('dicom.values-too-high', { fromHu: IMPLAUSIBLE_HU }));
  }
  if (onRemark && isBlank(out, outOffset, count)) onRemark(failure('dicom.slice-blank'));
  return undefined;
}

/** More than metal has on the extended scales of scanners (30,710 HU at most). */
const IMPLAUSIBLE_HU = 31_000;
const IMPLAUSIBLE_STEP = 13;

/** Only there values below zero can look like very high ones. */
const isUnsigned16 = ({ signed, bitsStored, slope, intercept }: PixelFormat): boolean =>
  !signed && bitsStored === 16 && slope * 65535 + intercept > IMPLAUSIBLE_HU;

/** Samples are enough: what lost its sign is all that is outside of the field, or the air of the lungs. */
function hasImplausible(values: Int16Array, from: number, count: number): boolean {
  for (let at = from; at < from + count; at += IMPLAUSIBLE_STEP)
    if (values[at]! > IMPLAUSIBLE_HU) return true;
  return false;
}

/** A prime, so that samples fall on all columns. */
const SAMPLE_STEP = 997;

/** Whether all values are the same: what a broken transfer leaves of a slice. Samples tell nearly all that are not. */
function isBlank(values: Int16Array, from: number, count: number): boolean {
  const [first, to] = [values[from], from + count];
  for (let at = from; at < to; at += SAMPLE_STEP) if (values[at] !== first) return false;
  for (let at = from; at < to; at++) if (values[at] !== first) return false;
  return true;
}

const failed = (reason: Failure): { readonly kind: 'failed'; readonly reason: Failure } => ({
  kind: 'failed',
  reason,
});
const INCOMPLETE = failed(failure('dicom.pixel-data-incomplete'));
const ENDS_EARLY = failed(failure('dicom.compressed-ends-early'));
const DAMAGED = failed(failure('dicom.compressed-damaged'));
const SWAPPED = failed(failure('dicom.bytes-swapped'));
const MISNAMED = failed(failure('dicom.compression-misnamed'));

/** The stored values of a slice as little-endian bytes, exactly `pixelDataLength` of them. */
export async function storedValues(
  stored: Uint8Array,
  header: SliceHeader,
  codecs: PixelCodecs,
): Promise<StoredValues> {
  const { plane, pixels, storage } = header;
  const length = pixelDataLength(plane, pixels);
  switch (storage.kind) {
    case 'native':
      return nativeValues(stored, header);
    case 'deflated': {
      const dataSet = inflateBounded(stored, pixels.dataOffset + length).bytes;
      if (dataSet.length < pixels.dataOffset + length) return INCOMPLETE;
      return checkedValues(dataSet.subarray(pixels.dataOffset, pixels.dataOffset + length), header);
    }
    case 'encapsulated': {
      const codeStream = frameOfItems(stored, storage.hasOffsetTable);
      if (codeStream === undefined) return INCOMPLETE;
      // How far a frame reaches shows in its items alone, so what lies behind them was not looked at before.
      const behind = storage.to === undefined ? objectBehind(stored, header) : undefined;
      if (behind?.code === 'dicom.image-behind') return failed(behind);
      const values = await decompress(codeStream, storage.codec, header, codecs);
      return values.kind === 'values' && behind ? { ...values, remark: values.remark ?? behind } : values;
    }
  }
}

/** What is to be said of a second DICOM object behind an image's items, where there is one. */
function objectBehind(stored: Uint8Array, { identity }: SliceHeader): Failure | undefined {
  const behind = behindItems(stored);
  const at = behind.length === 0 ? undefined : objectIn(behind.subarray(0, SEARCHED_BYTES));
  if (at === undefined) return undefined;
  const second = parseSliceHeader(behind.subarray(at));
  const isOfSeries = second.kind !== 'needsMoreBytes' && seriesOfImage(second) === identity.seriesInstanceUid;
  return failure(isOfSeries ? 'dicom.image-behind' : 'dicom.object-behind-pixels');
}

function nativeValues(stored: Uint8Array, header: SliceHeader): StoredValues {
  const { plane, pixels, storage } = header;
  const length = pixelDataLength(plane, pixels);
  const isSwapped = storage.kind === 'native' && storage.bigEndian;
  const inOrder = isSwapped ? swapped(stored).subarray(pixels.dataOffset % 2) : stored;
  if (inOrder.length < length) return INCOMPLETE;
  return checkedValues(inOrder.subarray(0, length), header);
}

function checkedValues(bytes: Uint8Array, { plane, pixels }: SliceHeader): StoredValues {
  const { bitsAllocated, bitsStored, highBit } = pixels;
  if (bitsAllocated === 16 && areBytesSwapped(bytes, plane.columns)) return SWAPPED;
  if (hasStrayBits(bytes, pixels)) return failed(failure('dicom.bits-stray', { bitsStored, highBit }));
  const remark = hasBitsAbove(bytes, pixels) ? failure('dicom.bits-above', { bitsStored }) : undefined;
  return { kind: 'values', pixels, bytes, remark };
}

/** Whether words have bits above the stored ones that do not just repeat the sign: old overlays, damage, or values. */
function hasBitsAbove(
  bytes: Uint8Array,
  { bitsAllocated, bitsStored, highBit, signed }: PixelFormat,
): boolean {
  if (bitsAllocated === 8 || highBit === 15) return false;
  const even = bytes.byteOffset % 2 === 0 ? bytes : new Uint8Array(bytes);
  const words = new Uint16Array(even.buffer, even.byteOffset, bytes.length >> 1);
  const above = 0xffff & ~((1 << (highBit + 1)) - 1);
  if (((kernelWords(bytes)?.bitsOfAny() ?? bitsOfAny(words)) & above) === 0) return false;
  const sign = signed && bitsStored > 0 ? 1 << highBit : 0;
  return words.some((word) => {
    const high = word & above;
    return high !== 0 && !(high === above && (word & sign) !== 0);
  });
}

/** The bits that are set in any of the words. */
function bitsOfAny(words: Uint16Array): number {
  // Two words at a time, from the first that lies at four bytes, and eight such pairs in a step: half of the time.
  const single = (words.byteOffset % 4) / 2;
  const pairs = new Uint32Array(words.buffer, words.byteOffset + 2 * single, (words.length - single) >> 1);
  const steps = pairs.length - (pairs.length % 8);
  let [a, b, c, d] = [words[0]! | words.at(-1)!, 0, 0, 0];
  for (let at = 0; at < steps; at += 8) {
    a |= pairs[at]! | pairs[at + 4]!;
    b |= pairs[at + 1]! | pairs[at + 5]!;
    c |= pairs[at + 2]! | pairs[at + 6]!;
    d |= pairs[at + 3]! | pairs[at + 7]!;
  }
  for (let at = steps; at < pairs.length; at++) a |= pairs[at]!;
  const any = a | b | c | d;
  return (any | (any >>> 16)) & 0xffff;
}

/** CT scanners store 12 bits or more. */
const USUAL_BITS = 12;

/**
 * Whether words of an unusual layout have bits where the header says that there are none: values of 12 bits that a
 * header shifts to the top, or cuts to 8, would come out as plausible nonsense. Above 12 usual bits old files keep
 * overlays.
 */
function hasStrayBits(
  bytes: Uint8Array,
  { bitsAllocated, bitsStored, highBit, signed }: PixelFormat,
): boolean {
  const shift = highBit - bitsStored + 1;
  if (bitsAllocated === 8 || (shift === 0 && bitsStored >= USUAL_BITS)) return false;
  const lowMask = (1 << shift) - 1;
  const highMask = 0xffff & ~((1 << (highBit + 1)) - 1);
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const word = bytes[at]! | (bytes[at + 1]! << 8);
    const isNegative = signed && ((word >> highBit) & 1) === 1;
    const high = word & highMask;
    if ((word & lowMask) !== 0 || (high !== 0 && !(isNegative && high === highMask))) return true;
  }
  return false;
}

async function decompress(
  encoded: Uint8Array,
  named: 'rle' | CodecName,
  header: SliceHeader,
  codecs: PixelCodecs,
): Promise<StoredValues> {
  if (named === 'rle') {
    const { plane, pixels } = header;
    const bytes = decodeRle(encoded, plane.rows * plane.columns, pixels.bitsAllocated);
    return bytes === undefined ? DAMAGED : checkedValues(bytes, header);
  }
  const bare = bareCodeStream(named, encoded);
  if (bare === undefined) return ENDS_EARLY;
  const decoded = await decodeBare(bare, named, header, codecs);
  if (decoded.kind === 'values' || bare.withoutZeros === undefined) return decoded;
  return decodeBare({ bytes: bare.withoutZeros, isClosed: false }, named, header, codecs);
}

async function decodeBare(
  bare: BareCodeStream,
  named: CodecName,
  { plane, pixels, remarks }: SliceHeader,
  codecs: PixelCodecs,
): Promise<StoredValues> {
  const frame = { rows: plane.rows, columns: plane.columns, bitsAllocated: pixels.bitsAllocated };
  const codec = libraryFor(named, bare.bytes);
  const info = codeStreamInfo(codec, bare.bytes);
  if (info === undefined) return beginsOtherwise(codec, bare.bytes) ? MISNAMED : DAMAGED;
  const mismatch = checkCodeStream(codec, info, frame);
  if (mismatch !== undefined) return failed(mismatch);
  try {
    const bytes = await codecs.decode(codec, bare.bytes, frame);
    if (bytes.length !== pixelDataLength(plane, pixels)) return failed(failure('dicom.compressed-too-small'));
    if (!bare.isClosed && codec === 'jpeg12' && !(await isComplete(bytes, bare.bytes, frame, codecs))) {
      return ENDS_EARLY;
    }
    if (pixels.bitsAllocated === 16 && areBytesSwapped(bytes, plane.columns)) return SWAPPED;
    if (info.signed && !pixels.signed && hasNegative(bytes, pixels.bitsAllocated, info.bits)) {
      return failed(failure('dicom.compressed-sign'));
    }
    const isSaid = remarks.some(({ code }) => code === 'dicom.lossy');
    const remark = info.lossy && !isSaid ? failure('dicom.lossy') : undefined;
    return { kind: 'values', bytes, pixels: decompressedFormat(codec, info, pixels), remark };
  } catch (thrown) {
    if (thrown instanceof CancelledError) throw thrown;
    if (thrown instanceof DecoderMissing) return failed(failure('dicom.decoder-missing'));
    return thrown instanceof CodeStreamCut || !bare.isClosed ? ENDS_EARLY : DAMAGED;
  }
}

/**
 * Where the header and the code stream disagree on the depth, the stream is believed: JPEG 2000 always, JPEG-LS where
 * it has more bits, as other readers do. Lossless JPEG is often said to have the bits that are allocated; its values
 * are those of the header. A JPEG 2000 stream without sign under a header with one holds two's complements of its own
 * depth: 8191 of 13 bits is −1, whatever the header stores.
 */
function decompressedFormat(codec: CodecName, { bits }: CodeStreamInfo, pixels: PixelFormat): PixelFormat {
  const bitsStored =
    codec === 'jpeg2000' || codec === 'htj2k'
      ? bits
      : codec === 'jpegLs'
        ? Math.max(bits, pixels.bitsStored)
        : pixels.bitsStored;
  return { ...pixels, bitsStored, highBit: bitsStored - 1 };
}

/** Whether a sign bit is set in any value of `bits` bits. */
function hasNegative(bytes: Uint8Array, bitsAllocated: 8 | 16, bits: number): boolean {
  const step = bitsAllocated / 8;
  const signBit = 1 << ((bits - 1) % 8);
  for (let at = bits > 8 ? 1 : 0; at < bytes.length; at += step)
    if ((bytes[at]! & signBit) !== 0) return true;
  return false;
}

/** Bits that mean something else than those a decoder makes up at the end. */
const OTHER_TAIL = [...Array<number>(64).fill(0x5a), 0xff, 0xd9];

/** Whether an image whose code stream was left open is the same whatever follows: none of it is made up then. */
async function isComplete(
  decoded: Uint8Array,
  codeStream: Uint8Array,
  frame: FrameDescription,
  codecs: PixelCodecs,
): Promise<boolean> {
  const other = new Uint8Array(codeStream.length - 2 + OTHER_TAIL.length);
  other.set(codeStream.subarray(0, -2));
  other.set(OTHER_TAIL, codeStream.length - 2);
  const again = await codecs.decode('jpeg12', other, frame);
  return again.every((byte, at) => byte === decoded[at]);
}

/** Pairs of bytes turned round; half a pair at the end is left out. */
function swapped(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length - (bytes.length % 2));
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    out[at] = bytes[at + 1]!;
    out[at + 1] = bytes[at]!;
  }
  return out;
}
