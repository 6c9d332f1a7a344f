import { decodeSliceInto } from '#shared/dicom/decodeSlice.ts';
import { createHounsfieldTables } from '#shared/dicom/hounsfield.ts';
import { inflateBounded } from '#shared/dicom/inflateBounded.ts';
import { joinRemarks } from '#shared/dicom/paddingInTissue.ts';
import type { PixelCodecs } from '#shared/dicom/pixelCodecs.ts';
import { FIRST_READ_BYTES, readFileHeader } from '#shared/dicom/readFileHeader.ts';
import { bytesToCompare } from '#shared/dicom/sliceDigest.ts';
import { type ParsedFile, storedRange } from '#shared/dicom/sliceHeader.ts';
import { inflatedHeader } from '#shared/dicom/sliceReader.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { coarsenPlanes } from './coarseCopy.ts';
import { type FilePart, joinedReads } from './joinedReads.ts';
import {
  baseName,
  type ReadHeader,
  type SharedBytes,
  type StudyFile,
  type StudyHandlers,
  type StudySlice,
} from './studyTasks.ts';
import { drawThumbnail } from './thumbnail.ts';
import { extractEntry, listArchive } from './zipArchive.ts';

/** The tasks as plain functions, for a worker or for the thread that calls. */
export function createStudyTasks(codecs: PixelCodecs): StudyHandlers {
  const tableOf = createHounsfieldTables();
  /** @returns the reason where it failed */
  const decodeInto = async (
    out: Int16Array,
    offset: number,
    { name: fileName, header }: StudySlice,
    read: Promise<Uint8Array | undefined>,
    remarks: Failure[],
  ): Promise<Failure | undefined> => {
    const stored = await read;
    if (stored === undefined) return failure('files.unreadable', { fileName });
    const reason = await decodeSliceInto(out, offset, stored, header, codecs, tableOf, (remark) =>
      remarks.push(remark),
    );
    return reason && failure('dicom.slice-undecodable', { fileName, reason });
  };
  return {
    async readHeaders({ files, isKept }) {
      const to = isKept ? undefined : FIRST_READ_BYTES;
      const starts = joinedReads(files.map(({ blob }) => ({ blob, from: 0, to })));
      const headers: ReadHeader[] = [];
      const stored: (Uint8Array | undefined)[] = [];
      for (const [index, file] of files.entries()) {
        const start = await starts[index];
        const header = await readHeader(file, start);
        headers.push(header);
        stored.push(isKept ? storedOfSlice(header, start) : undefined);
      }
      return { headers, kept: isKept ? inSharedMemory(stored) : [] };
    },
    listArchive: (archive) => listArchive(archive),
    extract: ({ archive, entries }) =>
      inTurn(entries, async (entry) => {
        const blob = await extractEntry(archive, entry);
        if (blob === undefined) {
          const reason = failure('studies.zip-entry-damaged');
          return { blob, parsed: { kind: 'damaged', reason, seriesInstanceUid: '' } as const };
        }
        return { blob, parsed: await readHeader({ name: baseName(entry.path), blob }) };
      }),
    digest: (slices) =>
      inTurn(slices, async (slice) => {
        const stored = await storedBytes(slice);
        // A file that cannot be read equals no other.
        const bytes =
          stored === undefined
            ? new TextEncoder().encode(slice.name)
            : await bytesToCompare({ stored, header: slice.header }, codecs, tableOf);
        const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
        return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
      }),
    async decode({ slices, into }) {
      const decoded: Int16Array[] = [];
      const remarks: Failure[] = [];
      // All are asked for before the first is waited for: the browser reads while this thread decodes.
      const reads = storedOf(slices);
      for (const [index, slice] of slices.entries()) {
        const area = slice.header.plane.rows * slice.header.plane.columns;
        const out = into?.data ?? new Int16Array(area);
        const from = area * (into?.planes[index] ?? 0);
        const reason = await decodeInto(out, from, slice, reads[index]!, remarks);
        if (reason !== undefined) return { kind: 'failed', reason };
        if (into === undefined) decoded.push(out);
      }
      return { kind: 'decoded', slices: decoded, remarks: joinRemarks(remarks) };
    },
    coarsen: async (part) => coarsenPlanes(part),
    async thumbnail(slice) {
      const { rows, columns } = slice.header.plane;
      const valuesHu = new Int16Array(rows * columns);
      const reason = await decodeInto(valuesHu, 0, slice, storedBytes(slice), []);
      if (reason !== undefined) return { kind: 'failed', reason };
      return { kind: 'drawn', picture: drawThumbnail(valuesHu, slice.header) };
    },
  };
}

async function inTurn<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

const bytesOf = async (blob: Blob, from: number, to: number | undefined): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await blob.slice(from, to).arrayBuffer());

/** @param start the file's first bytes, where they have been read */
async function readHeader({ name, blob }: StudyFile, start?: Uint8Array): Promise<ReadHeader> {
  const read = async (from: number, to: number): Promise<Uint8Array> =>
    start !== undefined && to <= start.length ? start.subarray(from, to) : bytesOf(blob, from, to);
  const parsed = await readFileHeader({ name, size: blob.size, read });
  const [first] = parsed.kind === 'frames' ? parsed.headers : parsed.kind === 'slice' ? [parsed.header] : [];
  if (first?.storage.kind === 'deflated') {
    const { dataSetOffset, inflatedBytes } = first.storage;
    const { bytes } = inflateBounded(await bytesOf(blob, dataSetOffset, undefined), inflatedBytes);
    return { kind: 'inflated', parsed: inflatedFile(parsed), blob: new Blob([bytes]) };
  }
  if (parsed.kind !== 'notDicom' || !mayBeArchive(name)) return parsed;
  const [p, k, three, four] = await bytesOf(blob, 0, 4).catch(() => new Uint8Array());
  return p === 0x50 && k === 0x4b && three === 3 && four === 4 ? { kind: 'archive' } : parsed;
}

function inflatedFile(parsed: ParsedFile): ParsedFile {
  if (parsed.kind === 'slice') return { kind: 'slice', header: inflatedHeader(parsed.header) };
  if (parsed.kind === 'frames') return { kind: 'frames', headers: parsed.headers.map(inflatedHeader) };
  return parsed;
}

/** Programs on patient CDs are ZIP files too (.jar, .docx); those are left closed. */
const mayBeArchive = (name: string): boolean => /\.zip$/i.test(name) || !name.includes('.');

/** The bytes that slices are decoded from; undefined where a file is gone or may not be read any more. */
function storedOf(slices: readonly StudySlice[]): Promise<Uint8Array | undefined>[] {
  const reads = joinedReads(slices.flatMap(toRead)).values();
  return slices.map(({ content }) =>
    // As many are read as are not there.
    content instanceof Uint8Array ? Promise.resolve(content) : reads.next().value!,
  );
}

function toRead({ content, header }: StudySlice): FilePart[] {
  if (content instanceof Uint8Array) return [];
  const { from, to } = storedRange(header);
  const { blob, fromByte } = content;
  return [{ blob, from: from - fromByte, to: to === undefined ? undefined : to - fromByte }];
}

const storedBytes = (slice: StudySlice): Promise<Uint8Array | undefined> => storedOf([slice])[0]!;

/** What the one slice of a file is decoded from; undefined where it holds none, or has to be inflated first. */
function storedOfSlice(read: ReadHeader, file: Uint8Array | undefined): Uint8Array | undefined {
  if (read.kind !== 'slice' || read.header.storage.kind === 'deflated') return undefined;
  const { from, to } = storedRange(read.header);
  return file?.subarray(from, to);
}

/** One after the other in memory of their own, each from a byte on where words of 32 bits can begin. */
function inSharedMemory(pieces: readonly (Uint8Array | undefined)[]): (SharedBytes | undefined)[] {
  const room = (piece: Uint8Array | undefined): number => 4 * Math.ceil((piece?.length ?? 0) / 4);
  const memory = new SharedArrayBuffer(pieces.reduce((sum, piece) => sum + room(piece), 0));
  let at = 0;
  return pieces.map((piece) => {
    if (piece === undefined) return undefined;
    const kept = new Uint8Array(memory, at, piece.length);
    kept.set(piece);
    at += room(piece);
    return kept;
  });
}
