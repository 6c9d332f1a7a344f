import { CancelledError } from '../errors.ts';
import { type Failure, failure } from '../failures/failure.ts';
import { checkCodeStream, libraryFor } from './codeStream.ts';
import { frameOfItems } from './encapsulated.ts';
import { lookUpHu } from './hounsfield.ts';
import { inflateBounded } from './inflateBounded.ts';
import type { CodecName, PixelCodecs } from './pixelCodecs.ts';
import { decodeRle } from './rle.ts';
import { type PixelFormat, pixelDataLength, type SliceHeader } from './sliceHeader.ts';

export type DecodedSlice =
  | { readonly kind: 'decoded'; readonly valuesHu: Int16Array }
  | { readonly kind: 'failed'; readonly reason: Failure };

type StoredValues =
  | { readonly kind: 'values'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: Failure };

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

const failed = (reason: Failure): { readonly kind: 'failed'; readonly reason: Failure } => ({
  kind: 'failed',
  reason,
});
const INCOMPLETE = failed(failure('dicom.pixel-data-incomplete'));

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
    return bytes === undefined ? failed(failure('dicom.compressed-damaged')) : { kind: 'values', bytes };
  }
  const codec = libraryFor(named, codeStream);
  const mismatch = checkCodeStream(codec, codeStream, { rows, columns, bitsAllocated });
  if (mismatch !== undefined) return failed(mismatch);
  try {
    const bytes = await codecs.decode(codec, codeStream, { rows, columns, bitsAllocated });
    return bytes.length === length
      ? { kind: 'values', bytes }
      : failed(failure('dicom.compressed-too-small'));
  } catch (thrown) {
    if (thrown instanceof CancelledError) throw thrown;
    return failed(failure('dicom.compressed-damaged'));
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
