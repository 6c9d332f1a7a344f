import type { TableOf } from './decodeSlice.ts';
import { decodeSlice } from './decodeSlice.ts';
import type { PixelCodecs } from './pixelCodecs.ts';
import type { StoredSlice } from './sliceReader.ts';

/**
 * The bytes by which copies of a slice are known: its HU, so that copies stored in different ways are equal; where they
 * cannot be decoded, the stored bytes.
 */
export async function bytesToCompare(
  { stored, header }: StoredSlice,
  codecs: PixelCodecs,
  tableOf: TableOf,
): Promise<Uint8Array> {
  const slice = await decodeSlice(stored, header, codecs, tableOf);
  if (slice.kind === 'failed') return stored;
  const { buffer, byteOffset, byteLength } = slice.valuesHu;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
