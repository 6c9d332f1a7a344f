import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { type FileEntry, Uint8ArrayWriter } from '@zip.js/zip.js';

const inflate = promisify(inflateRaw);

/** PKWARE's APPNOTE 6.3.10, 4.3.7 and 4.4.5. */
const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

/**
 * The bytes of a member of an archive that is in memory as a whole: taken from it, or inflated, at once. zip.js, which
 * read the directory, passes them through streams in pieces, which takes four times as long.
 * @throws Error where the member is damaged or cut off
 */
export async function zipMember(archive: Uint8Array, entry: FileEntry): Promise<Uint8Array<ArrayBuffer>> {
  const { compressionMethod, offset, compressedSize, uncompressedSize, signature, encrypted } = entry;
  if (encrypted || (compressionMethod !== STORED && compressionMethod !== DEFLATED)) {
    return entry.getData(new Uint8ArrayWriter());
  }
  const header = new DataView(archive.buffer, archive.byteOffset + offset, LOCAL_HEADER_BYTES);
  if (header.getUint32(0, true) !== LOCAL_HEADER) throw new Error('No member begins there.');
  // Then the name and the extra field.
  const start = offset + LOCAL_HEADER_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  const packed = archive.subarray(start, start + compressedSize);
  // A copy of its own: arrays begin at whole multiples of their values.
  const bytes = new Uint8Array(
    compressionMethod === STORED
      ? packed
      : await inflate(packed, { maxOutputLength: Math.max(1, uncompressedSize) }),
  );
  if (bytes.length !== uncompressedSize || crc32(bytes) !== signature) throw new Error('It is damaged.');
  return bytes;
}
