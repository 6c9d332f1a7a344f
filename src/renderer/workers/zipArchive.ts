import { type Failure, failure } from '#shared/failures/failure.ts';
import type { ArchiveEntry, ArchiveListing } from './studyTasks.ts';

const END_SIGNATURE = 0x06054b50;
const END64_LOCATOR_SIGNATURE = 0x07064b50;
const END64_SIGNATURE = 0x06064b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const MAX_COMMENT_BYTES = 0xffff;

/** More than any study has; against archives that are made to fill the memory. */
const MAX_ENTRIES = 100_000;
const MAX_DIRECTORY_BYTES = 64 * 2 ** 20;
const MAX_TOTAL_BYTES = 16 * 2 ** 30;
/** CT deflates to a half; whole folders of blank images to a hundredth. */
const MAX_RATIO = 200;
const FREE_BYTES = 64 * 2 ** 20;

const failed = (reason: Failure): ArchiveListing => ({ kind: 'failed', reason });
const DAMAGED = failed(failure('studies.zip-damaged'));

const viewOf = async (blob: Blob, from: number, to: number): Promise<DataView> =>
  new DataView(await blob.slice(from, to).arrayBuffer());

/** The files of a ZIP archive, from its central directory (APPNOTE 4.3.12). Sizes are checked here, once. */
export async function listArchive(archive: Blob): Promise<ArchiveListing> {
  try {
    const directory = await findDirectory(archive);
    if (directory === undefined || directory.size > MAX_DIRECTORY_BYTES) return DAMAGED;
    const view = await viewOf(archive, directory.offset, directory.offset + directory.size);
    return readDirectory(view, directory.count, archive.size);
  } catch {
    // Reading beyond a view throws; so does a file that is gone.
    return DAMAGED;
  }
}

interface Directory {
  readonly offset: number;
  readonly size: number;
  /** How many entries it has, folders included. */
  readonly count: number;
}

async function findDirectory(archive: Blob): Promise<Directory | undefined> {
  const tailFrom = Math.max(0, archive.size - END_BYTES - MAX_COMMENT_BYTES);
  const tail = await viewOf(archive, tailFrom, archive.size);
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue;
    const count = tail.getUint16(at + 10, true);
    const size = tail.getUint32(at + 12, true);
    const offset = tail.getUint32(at + 16, true);
    const hasLocator = at >= 20 && tail.getUint32(at - 20, true) === END64_LOCATOR_SIGNATURE;
    const found = hasLocator
      ? await findDirectory64(archive, Number(tail.getBigUint64(at - 12, true)))
      : { offset, size, count };
    const sound = found !== undefined && found.offset + found.size <= tailFrom + at;
    return sound ? found : undefined;
  }
  return undefined;
}

async function findDirectory64(archive: Blob, at: number): Promise<Directory | undefined> {
  const end = await viewOf(archive, at, at + 56);
  if (end.getUint32(0, true) !== END64_SIGNATURE) return undefined;
  const [count, size, offset] = [32, 40, 48].map((field) => Number(end.getBigUint64(field, true))) as [
    number,
    number,
    number,
  ];
  return { offset, size, count };
}

function readDirectory(view: DataView, count: number, archiveSize: number): ArchiveListing {
  const entries: ArchiveEntry[] = [];
  let total = 0;
  let seen = 0;
  for (let at = 0; at + CENTRAL_BYTES <= view.byteLength; ) {
    if (view.getUint32(at, true) !== CENTRAL_SIGNATURE) break;
    const { entry, isEncrypted, method, end } = readEntry(view, at);
    at = end;
    seen++;
    if (entry.path.endsWith('/')) continue;
    if (isEncrypted) return failed(failure('studies.zip-encrypted'));
    if (method !== 0 && method !== 8) {
      return failed(failure('studies.zip-compression'));
    }
    if (entry.offset + entry.compressedSize > archiveSize) return DAMAGED;
    total += entry.size;
    if (
      entries.push(entry) > MAX_ENTRIES ||
      total > MAX_TOTAL_BYTES ||
      total > MAX_RATIO * archiveSize + FREE_BYTES
    ) {
      return failed(failure('studies.zip-implausible'));
    }
  }
  // A directory that is damaged half-way would silently lose files.
  if (seen !== count) return DAMAGED;
  return entries.length === 0 ? failed(failure('studies.zip-empty')) : { kind: 'entries', entries };
}

function readEntry(view: DataView, at: number) {
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const commentLength = view.getUint16(at + 32, true);
  const nameAt = at + CENTRAL_BYTES;
  const method = view.getUint16(at + 10, true);
  const wide = zip64Values(view, nameAt + nameLength, extraLength);
  // In this order, and only those that the 32 bit field says are too small (APPNOTE 4.5.3).
  const field = (offset: number): number => {
    const value = view.getUint32(offset, true);
    return value === 0xffffffff ? (wide.shift() ?? value) : value;
  };
  const size = field(at + 24);
  const compressedSize = field(at + 20);
  const offset = field(at + 42);
  const nameBytes = new Uint8Array(view.buffer, view.byteOffset + nameAt, nameLength);
  return {
    entry: {
      path: new TextDecoder().decode(nameBytes).replaceAll('\\', '/'),
      offset,
      compressedSize,
      size,
      isDeflated: method === 8,
      crc32: view.getUint32(at + 16, true),
    },
    method,
    isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    end: nameAt + nameLength + extraLength + commentLength,
  };
}

function zip64Values(view: DataView, from: number, length: number): number[] {
  for (let at = from; at + 4 <= from + length; ) {
    const id = view.getUint16(at, true);
    const size = view.getUint16(at + 2, true);
    if (id === 1) {
      return Array.from({ length: Math.min(3, Math.floor(size / 8)) }, (_, index) =>
        Number(view.getBigUint64(at + 4 + 8 * index, true)),
      );
    }
    at += 4 + size;
  }
  return [];
}

/** One file of an archive; undefined where it is damaged or has another size than the directory says. */
export async function extractEntry(archive: Blob, entry: ArchiveEntry): Promise<Blob | undefined> {
  try {
    const local = await viewOf(archive, entry.offset, entry.offset + LOCAL_BYTES);
    if (local.getUint32(0, true) !== LOCAL_SIGNATURE) return undefined;
    // Name and extra field may differ in length from those of the directory.
    const from = entry.offset + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
    const stored = archive.slice(from, from + entry.compressedSize);
    const bytes = entry.isDeflated
      ? await inflateExactly(stored, entry.size)
      : new Uint8Array(await stored.arrayBuffer());
    if (bytes?.length !== entry.size || crc32(bytes) !== entry.crc32) return undefined;
    return new Blob([bytes]);
  } catch {
    // Damaged streams throw; so does a file that is gone, or memory that is not there.
    return undefined;
  }
}

/** The most that one byte of deflated data can become. */
const MAX_DEFLATE_RATIO = 1032;

/** The host's own decompression is several times as fast as any script. Undefined where the size is another one. */
async function inflateExactly(deflated: Blob, size: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (size > MAX_DEFLATE_RATIO * deflated.size) return undefined;
  const bytes = new Uint8Array(size);
  let at = 0;
  const reader = deflated.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return at === size ? bytes : undefined;
    if (at + value.length > size) {
      await reader.cancel();
      return undefined;
    }
    bytes.set(value, at);
    at += value.length;
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/** The checksum of ZIP files (ISO 3309, reflected polynomial EDB88320). */
export function crc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = CRC_TABLE[(remainder ^ byte) & 255]! ^ (remainder >>> 8);
  return ~remainder >>> 0;
}
