import { CancelledError } from '../errors.ts';
import { checkCodeStream, libraryFor } from './codeStream.ts';
import { frameOfItems } from './encapsulated.ts';
import { lookUpHu } from './hounsfield.ts';
import { inflateBounded } from './inflateBounded.ts';
import type { CodecName, PixelCodecs } from './pixelCodecs.ts';
import { decodeRle } from './rle.ts';
import { type PixelFormat, pixelDataLength, type SliceHeader } from './sliceHeader.ts';

/** The reason is the second half of a sentence that begins with the file: "its pixel data is incomplete". */
export type DecodedSlice =
  | { readonly kind: 'decoded'; readonly valuesHu: Int16Array }
  | { readonly kind: 'failed'; readonly reason: string };

type StoredValues =
  | { readonly kind: 'values'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: string };

/** The HU of every word of a pixel format; see `createHounsfieldTables`. */
export type TableOf = (pixels: PixelFormat) => Int16Array;

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
  const values = await storedValues(stored, header, codecs);
  if (values.kind === 'failed') return values;
  const { plane, pixels } = header;
  const count = plane.rows * plane.columns;
  const valuesHu = new Int16Array(count);
  lookUpHu(values.bytes, pixels.bitsAllocated, tableOf(pixels), count, valuesHu, 0);
  return { kind: 'decoded', valuesHu };
}

const failed = (reason: string): { readonly kind: 'failed'; readonly reason: string } => ({
  kind: 'failed',
  reason,
});
const INCOMPLETE = failed('its pixel data is incomplete');

/** The stored values of a slice as little-endian bytes, exactly `pixelDataLength` of them. */
export async function storedValues(
  stored: Uint8Array,
  header: SliceHeader,
  codecs: PixelCodecs,
): Promise<StoredValues> {
  const { plane, pixels, storage } = header;
  const length = pixelDataLength(plane, pixels);
  switch (storage.kind) {
    case 'native': {
      if (stored.length < length) return INCOMPLETE;
      const bytes = stored.subarray(0, length);
      return {
        kind: 'values',
        bytes: storage.bigEndian && pixels.bitsAllocated === 16 ? swapped(bytes) : bytes,
      };
    }
    case 'deflated': {
      const dataSet = inflateBounded(stored, pixels.dataOffset + length).bytes;
      if (dataSet.length < pixels.dataOffset + length) return INCOMPLETE;
      return { kind: 'values', bytes: dataSet.subarray(pixels.dataOffset, pixels.dataOffset + length) };
    }
    case 'encapsulated': {
      const codeStream = frameOfItems(stored, storage.hasOffsetTable);
      if (codeStream === undefined) return INCOMPLETE;
      return decompress(codeStream, storage.codec, header, codecs);
    }
  }
}

async function decompress(
  codeStream: Uint8Array,
  named: 'rle' | CodecName,
  { plane, pixels }: SliceHeader,
  codecs: PixelCodecs,
): Promise<StoredValues> {
  const { rows, columns } = plane;
  const { bitsAllocated } = pixels;
  const length = pixelDataLength(plane, pixels);
  if (named === 'rle') {
    const bytes = decodeRle(codeStream, rows * columns, bitsAllocated);
    return bytes === undefined ? failed('its compressed pixel data is damaged') : { kind: 'values', bytes };
  }
  const codec = libraryFor(named, codeStream);
  const mismatch = checkCodeStream(codec, codeStream, { rows, columns, bitsAllocated });
  if (mismatch !== undefined) return failed(mismatch);
  try {
    const bytes = await codecs.decode(codec, codeStream, { rows, columns, bitsAllocated });
    return bytes.length === length
      ? { kind: 'values', bytes }
      : failed('its compressed pixel data does not fill the image');
  } catch (thrown) {
    if (thrown instanceof CancelledError) throw thrown;
    return failed('its compressed pixel data is damaged');
  }
}

function swapped(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    out[at] = bytes[at + 1]!;
    out[at + 1] = bytes[at]!;
  }
  return out;
}
