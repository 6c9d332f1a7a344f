import { decodeNativeInto, decodeSliceInto } from '#shared/dicom/decodeSlice.ts';
import { createHounsfieldTables } from '#shared/dicom/hounsfield.ts';
import { inflateBounded } from '#shared/dicom/inflateBounded.ts';
import { joinRemarks } from '#shared/dicom/paddingInTissue.ts';
import type { PixelCodecs } from '#shared/dicom/pixelCodecs.ts';
import { FIRST_READ_BYTES, readFileHeader } from '#shared/dicom/readFileHeader.ts';
import { bytesToCompare } from '#shared/dicom/sliceDigest.ts';
import { type ParsedFile, storedRange } from '#shared/dicom/sliceHeader.ts';
import { inflatedHeader } from '#shared/dicom/sliceReader.ts';
import { stackRemarks } from '#shared/dicom/stackRemarks.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { coarsenPlanes } from './coarseCopy.ts';
import { filesInTurn } from './filesInTurn.ts';
import { joinedReads } from './joinedReads.ts';
import {
  baseName,
  type ReadHeader,
  type ReadHeaders,
  type SharedPlanes,
  type StudyFile,
  type StudyHandlers,
  type StudySlice,
} from './studyTasks.ts';
import { drawThumbnail } from './thumbnail.ts';
import { extractEntry, listArchive } from './zipArchive.ts';

/** Every report is drawn, which takes as long as reading some slices does. */
const TOLD_EVERY_MS = 500;

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
  /** Decodes the one slice of a file that was read whole; undefined where there is none of the planes' size. */
  const decodeWhole = (
    read: ReadHeader,
    file: Uint8Array,
    { data, voxelsPerPlane, planes }: SharedPlanes,
    index: number,
  ): readonly Failure[] | undefined => {
    if (read.kind !== 'slice' || read.header.storage.kind !== 'native') return undefined;
    const { header } = read;
    if (header.plane.rows * header.plane.columns !== voxelsPerPlane) return undefined;
    const { from, to } = storedRange(header);
    const remarks: Failure[] = [];
    const onRemark = (remark: Failure): unknown => remarks.push(remark);
    const stored = file.subarray(from, to);
    const reason = decodeNativeInto(data, planes[index]! * voxelsPerPlane, stored, header, tableOf, onRemark);
    return reason === undefined ? remarks : undefined;
  };
  return {
    async readHeaders({ files, into }, { onProgress }) {
      const blobs = files.map(({ blob }) => blob);
      let toldMs = performance.now();
      const read = async (
        nextStart: () => Promise<Uint8Array | undefined>,
        planes: SharedPlanes | undefined,
      ): Promise<ReadHeaders & { readonly unlike: readonly FileStart[] }> => {
        const headers: ReadHeader[] = [];
        const decoded: (readonly Failure[] | undefined)[] = [];
        const unlike: FileStart[] = [];
        for (const [index, file] of files.entries()) {
          const start = await nextStart();
          const header = await readHeader(file, start);
          headers.push(header);
          decoded.push(planes && start && decodeWhole(header, start, planes, index));
          if (start && header.kind !== 'slice')
            unlike.push({ blob: file.blob, bytes: start.slice(0, COMPARED_BYTES) });
          if (performance.now() - toldMs < TOLD_EVERY_MS) continue;
          toldMs = performance.now();
          onProgress({ stage: 'Reading headers', fraction: headers.length / files.length });
        }
        return { headers, decoded, unlike };
      };
      if (into !== undefined) {
        const turn = filesInTurn(blobs);
        const { unlike, ...inOnePass } = await read(() => turn.next(), into);
        if ((await turn.isInStep()) && (await areTheirStarts(unlike))) return inOnePass;
      }
      // Headers alone; slices are decoded when they are loaded.
      const { headers, decoded } = await read(startsInTurn(blobs), undefined);
      return { headers, decoded };
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
        const { rows, columns } = slice.header.plane;
        const out = into?.data ?? new Int16Array(rows * columns);
        const from = into === undefined ? 0 : into.planes[index]! * into.voxelsPerPlane;
        const reason = await decodeInto(out, from, slice, reads[index]!, remarks);
        if (reason !== undefined) return { kind: 'failed', reason };
        if (into === undefined) decoded.push(out);
      }
      return { kind: 'decoded', slices: decoded, remarks: joinRemarks(remarks) };
    },
    async copyPlanes({ from, into }) {
      const area = from.voxelsPerPlane;
      for (const [index, plane] of from.planes.entries())
        into.data.set(from.data.subarray(plane * area, (plane + 1) * area), into.planes[index]! * area);
      return null;
    },
    checkStack: async (volume) => stackRemarks(volume),
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

function startsInTurn(blobs: readonly Blob[]): () => Promise<Uint8Array | undefined> {
  const starts = joinedReads(blobs.map((blob) => ({ blob, from: 0, to: FIRST_READ_BYTES })));
  let next = 0;
  return async () => starts[next++];
}

/** What was taken for the first bytes of a file. */
interface FileStart {
  readonly blob: Blob;
  readonly bytes: Uint8Array;
}

/** Preamble, prefix and the first element of the meta group. */
const COMPARED_BYTES = 256;

/** Whether files that are no slices begin so when each is read by itself: else a stream gave bytes of other files. */
async function areTheirStarts(starts: readonly FileStart[]): Promise<boolean> {
  const reads = joinedReads(starts.map(({ blob }) => ({ blob, from: 0, to: COMPARED_BYTES })));
  const own = await Promise.all(reads);
  return starts.every(({ bytes }, index) => {
    const read = own[index];
    // One that is gone meanwhile is told when it is loaded.
    return read === undefined || bytes.every((byte, at) => byte === read[at]);
  });
}

const bytesOf = async (blob: Blob, from: number, to: number | undefined): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await blob.slice(from, to).arrayBuffer());

/** @param start the file's first bytes, where they have been read */
async function readHeader({ name, blob }: StudyFile, start?: Uint8Array): Promise<ReadHeader> {
  const read = async (from: number, to: number): Promise<Uint8Array> => {
    // A file that is gone may have no size any more: reading all of it fails then, reading none of it does not.
    if (blob.size === 0) return new Uint8Array(await blob.arrayBuffer());
    return start !== undefined && to <= start.length ? start.subarray(from, to) : bytesOf(blob, from, to);
  };
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
const storedOf = (slices: readonly StudySlice[]): Promise<Uint8Array | undefined>[] =>
  joinedReads(
    slices.map(({ content: { blob, fromByte }, header }) => {
      const { from, to } = storedRange(header);
      return { blob, from: from - fromByte, to: to === undefined ? undefined : to - fromByte };
    }),
  );

const storedBytes = (slice: StudySlice): Promise<Uint8Array | undefined> => storedOf([slice])[0]!;
