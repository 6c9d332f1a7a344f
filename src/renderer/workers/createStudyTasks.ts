import pMap from 'p-map';
import { decodeSlice } from '#shared/dicom/decodeSlice.ts';
import { createHounsfieldTables } from '#shared/dicom/hounsfield.ts';
import { inflateBounded } from '#shared/dicom/inflateBounded.ts';
import type { PixelCodecs } from '#shared/dicom/pixelCodecs.ts';
import { readFileHeader } from '#shared/dicom/readFileHeader.ts';
import { bytesToCompare } from '#shared/dicom/sliceDigest.ts';
import { type ParsedFile, storedRange } from '#shared/dicom/sliceHeader.ts';
import { inflatedHeader } from '#shared/dicom/sliceReader.ts';
import { distinctFailures, type Failure, failure } from '#shared/failures/failure.ts';
import { squeezeSlice } from './coarseCopy.ts';
import {
  baseName,
  type ReadHeader,
  type StudyFile,
  type StudyHandlers,
  type StudySlice,
} from './studyTasks.ts';
import { drawThumbnail } from './thumbnail.ts';
import { extractEntry, listArchive } from './zipArchive.ts';

/** Headers that are read at once: each is asked of the browser's own process. */
const READS_AT_ONCE = 8;

/** The tasks as plain functions, for a worker or for the thread that calls. */
export function createStudyTasks(codecs: PixelCodecs): StudyHandlers {
  const tableOf = createHounsfieldTables();
  const decodeOne = async (slice: StudySlice, read = storedBytes(slice)) => {
    const stored = await read;
    if (stored === undefined) {
      return { kind: 'failed', reason: failure('files.unreadable', { fileName: slice.name }) } as const;
    }
    const decoded = await decodeSlice(stored, slice.header, codecs, tableOf);
    return decoded.kind === 'decoded'
      ? decoded
      : ({
          kind: 'failed',
          reason: failure('dicom.slice-undecodable', { fileName: slice.name, reason: decoded.reason }),
        } as const);
  };
  return {
    readHeaders: (files) => pMap(files, readHeader, { concurrency: READS_AT_ONCE }),
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
    async decode({ slices, sizeIjk, coarseIjk }) {
      const decoded: { valuesHu: Int16Array; squeezed: Float32Array }[] = [];
      const remarks: Failure[] = [];
      // All are asked for before the first is waited for: the browser reads while this thread decodes.
      const reads = slices.map(storedBytes);
      for (const [index, slice] of slices.entries()) {
        const one = await decodeOne(slice, reads[index]);
        if (one.kind === 'failed') return one;
        const { valuesHu } = one;
        decoded.push({ valuesHu, squeezed: squeezeSlice(valuesHu, sizeIjk, coarseIjk) });
        remarks.push(...one.remarks);
      }
      return { kind: 'decoded', slices: decoded, remarks: distinctFailures(remarks) };
    },
    async thumbnail(slice) {
      const one = await decodeOne(slice);
      if (one.kind === 'failed') return one;
      return { kind: 'drawn', picture: drawThumbnail(one.valuesHu, slice.header) };
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

async function readHeader({ name, blob }: StudyFile): Promise<ReadHeader> {
  const parsed = await readFileHeader({ name, size: blob.size, read: (from, to) => bytesOf(blob, from, to) });
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

/** The bytes that a slice is decoded from; undefined where the file is gone or may not be read any more. */
async function storedBytes({
  blob,
  fromByte,
  header,
}: StudySlice): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { from, to } = storedRange(header);
  try {
    return await bytesOf(blob, from - fromByte, to === undefined ? undefined : to - fromByte);
  } catch {
    return undefined;
  }
}
