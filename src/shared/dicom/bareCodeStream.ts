import type { CodecName } from './pixelCodecs.ts';

/** A code stream as libraries want it: nothing around it, its closing marker at its end. */
export interface BareCodeStream {
  readonly bytes: Uint8Array;
  /** Whether the marker was there; where it was not, only decoding shows whether the image is complete. */
  readonly isClosed: boolean;
  /** Where it was not, and zeros came last: without them, as they may be data or padding. */
  readonly withoutZeros?: Uint8Array;
}

/**
 * Takes a code stream out of what writers put around it: a JP2 file's boxes before JPEG 2000, bytes after the closing
 * marker; puts a closing marker where it is missing or cut in two. undefined where the stream's own lengths show that
 * it ends early: libraries fill the missing part with grey and report nothing.
 */
export function bareCodeStream(codec: CodecName, bytes: Uint8Array): BareCodeStream | undefined {
  if (codec === 'jpeg2000' || codec === 'htj2k') return closedJpeg2000(outOfBoxes(bytes));
  // Its decoder stops by itself.
  if (codec === 'jpegLossless') return { bytes, isClosed: true };
  const end = endOfJpeg(bytes, codec === 'jpegLs');
  return end === undefined ? closed(bytes) : { bytes: bytes.subarray(0, end), isClosed: true };
}

/** EOI of JPEG, EOC of JPEG 2000. */
const CLOSING = [0xff, 0xd9];

function closed(bytes: Uint8Array): BareCodeStream {
  const [zerosFrom, end] = [endWithout(0, bytes, bytes.length), endWithout(0xff, bytes, bytes.length)];
  const whole = { bytes: withMarker(bytes.subarray(0, end)), isClosed: false };
  // A zero after a byte of ones belongs to it.
  if (zerosFrom === bytes.length || bytes[zerosFrom - 1] === 0xff) return whole;
  return { ...whole, withoutZeros: withMarker(bytes.subarray(0, zerosFrom)) };
}

/** Where the run of one byte begins that ends at `end`. */
function endWithout(byte: number, bytes: Uint8Array, end: number): number {
  let at = end;
  while (at > 0 && bytes[at - 1] === byte) at--;
  return at;
}

function withMarker(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(bytes.length + CLOSING.length);
  whole.set(bytes);
  whole.set(CLOSING, bytes.length);
  return whole;
}

const SOS = 0xda;
const EOI = 0xd9;

/** Where the bytes after EOI begin (ITU-T T.81 annex B.1); undefined where there is none. */
function endOfJpeg(bytes: Uint8Array, isJpegLs: boolean): number | undefined {
  let at = 2;
  while (at + 2 <= bytes.length) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff) return undefined;
    if (marker === EOI) return at + 2;
    if (marker === 0xff) at++;
    else {
      at += 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
      if (marker === SOS) at = endOfScan(bytes, at, isJpegLs);
    }
  }
  return undefined;
}

/** Where the marker after a scan's data is, restarts passed over. */
function endOfScan(bytes: Uint8Array, start: number, isJpegLs: boolean): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    // After a byte of ones JPEG stuffs a byte of zeros, JPEG-LS one bit.
    const isData = isJpegLs ? next < 0x80 : next === 0;
    const isRestart = next >= 0xd0 && next <= 0xd7;
    if (!isData && !isRestart && next !== 0xff) return at;
  }
  return bytes.length;
}

const BOX_SIGNATURE = [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20];
/** "jp2c" */
const CODE_STREAM_BOX = 0x6a703263;

/** Whether the bytes begin with the signature box of a JP2 file (ISO/IEC 15444-1 annex I.5.1). */
export const isJp2 = (bytes: Uint8Array): boolean =>
  BOX_SIGNATURE.every((byte, index) => bytes[index] === byte);

/** The code stream in the boxes of a JP2 file; anything else as it is. */
function outOfBoxes(bytes: Uint8Array): Uint8Array {
  if (!isJp2(bytes)) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 16 <= bytes.length) {
    const length = view.getUint32(at);
    const isLong = length === 1;
    const valueAt = at + (isLong ? 16 : 8);
    // A length of 0 reaches to the end.
    const end = length === 0 ? bytes.length : at + (isLong ? Number(view.getBigUint64(at + 8)) : length);
    if (view.getUint32(at + 4) === CODE_STREAM_BOX) return bytes.subarray(valueAt, end);
    if (end <= valueAt) break;
    at = end;
  }
  return bytes;
}

const SOT = 0xff90;
const EOC = 0xffd9;
/** A tile-part has at least its own header and SOD. */
const LEAST_TILE_PART_BYTES = 14;

/** Follows the tile-parts by their lengths (annex A.4.2); an image whose tile-parts are all there is complete. */
function closedJpeg2000(bytes: Uint8Array): BareCodeStream | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = firstTilePart(view);
  if (at === undefined) return { bytes, isClosed: false };
  for (;;) {
    if (isPadding(bytes, at)) return closed(bytes.subarray(0, at));
    const marker = at + 2 <= bytes.length ? view.getUint16(at) : undefined;
    if (marker === EOC) return { bytes: bytes.subarray(0, at + 2), isClosed: true };
    if (marker !== SOT || at + 12 > bytes.length) return undefined;
    const length = view.getUint32(at + 6);
    if (length < LEAST_TILE_PART_BYTES) return lastTilePart(bytes);
    if (at + length > bytes.length) return undefined;
    at += length;
  }
}

/** Whether nothing but padding follows, or half a marker. */
function isPadding(bytes: Uint8Array, from: number): boolean {
  return bytes.subarray(from).every((byte) => byte === 0 || byte === 0x20 || byte === 0xff);
}

/** The last tile-part may leave its length open: to the closing marker, which must be there then. */
function lastTilePart(bytes: Uint8Array): BareCodeStream | undefined {
  for (let at = bytes.length - 2; at > 0; at--) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9)
      return { bytes: bytes.subarray(0, at + 2), isClosed: true };
  }
  return undefined;
}

/** Where the main header ends; undefined where it is damaged. */
function firstTilePart(view: DataView): number | undefined {
  let at = 2;
  while (at + 4 <= view.byteLength) {
    const marker = view.getUint16(at);
    if (marker === SOT) return at;
    if (marker < 0xff00) return undefined;
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}
