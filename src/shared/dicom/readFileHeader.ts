import { type Failure, failure } from '../failures/failure.ts';
import { beginsObject } from './dataElements.ts';
import { parseFileStart } from './parseSliceHeader.ts';
import type { ParsedFile, SliceHeader } from './sliceHeader.ts';

/** A file that can be read in parts. */
export interface FileSource {
  /** Base name, for messages. */
  readonly name: string;
  readonly size: number;
  /** Bytes `from` to `to`; fewer where the file has become shorter. */
  readonly read: (from: number, to: number) => Uint8Array | Promise<Uint8Array>;
}

/** What is read of a file first: the headers of CT slices are 2 to 20 KiB, of multi-frame images some MiB. */
export const FIRST_READ_BYTES = 16 * 1024;
const READ_STEPS_BYTES = [FIRST_READ_BYTES, 128 * 1024, 4 * 1024 * 1024, Number.POSITIVE_INFINITY];

/**
 * Parses a file's header and reads no more of the file than needed. Never throws: a file that cannot be read is
 * `damaged`.
 */
export async function readFileHeader(file: FileSource): Promise<ParsedFile> {
  try {
    const { parsed, endsAt } = await readFirst(file);
    return await besideSecond(file, parsed, endsAt);
  } catch {
    return damaged(failure('dicom.file-unreadable'));
  }
}

interface FirstObject {
  readonly parsed: ParsedFile;
  readonly endsAt?: number | undefined;
}

async function readFirst(file: FileSource): Promise<FirstObject> {
  for (const step of READ_STEPS_BYTES) {
    const end = Math.min(step, file.size);
    const start = await file.read(0, end);
    const { parsed, endsAt } = parseFileStart(start, file.size);
    if (parsed.kind === 'notDicom' && isHollow(file, start))
      return { parsed: damaged(failure('dicom.file-empty')) };
    if (parsed.kind !== 'needsMoreBytes') return { parsed, endsAt };
    if (start.length < end) return { parsed: damaged(failure('dicom.file-shrank')) };
  }
  return { parsed: { kind: 'notDicom' } };
}

/** As far behind an object another one is looked for: what may lie between them is padding. */
export const SEARCHED_BYTES = 64 * 1024;

/** A preamble, its prefix and an element. */
const LEAST_OBJECT_BYTES = 128 + 4 + 8;

/**
 * What a file is that may hold a second object behind the first: two files that were joined by mistake. Only the first is
 * read, so its series is refused where the second is an image that may belong to it.
 */
async function besideSecond(
  file: FileSource,
  first: ParsedFile,
  endsAt: number | undefined,
): Promise<ParsedFile> {
  if (endsAt === undefined || file.size - endsAt < LEAST_OBJECT_BYTES) return first;
  const behind = await file.read(endsAt, Math.min(file.size, endsAt + SEARCHED_BYTES));
  const at = objectIn(behind);
  if (at === undefined) return first;
  const from = endsAt + at;
  const { parsed } = await readFirst({
    name: file.name,
    size: file.size - from,
    read: (start, end) => file.read(from + start, from + end),
  });
  const seriesInstanceUid = seriesOfImage(parsed);
  if (first.kind !== 'slice' && first.kind !== 'frames')
    return seriesInstanceUid === undefined ? first : joinedWith(seriesInstanceUid);
  if (seriesInstanceUid === seriesOfImage(first)) return joinedWith(seriesInstanceUid ?? '');
  const remark = failure('dicom.object-behind', { fileName: file.name });
  const withRemark = (header: SliceHeader): SliceHeader => ({
    ...header,
    remarks: [...header.remarks, remark],
  });
  return first.kind === 'slice'
    ? { kind: 'slice', header: withRemark(first.header) }
    : { kind: 'frames', headers: first.headers.map(withRemark) };
}

const joinedWith = (seriesInstanceUid: string): ParsedFile => ({
  kind: 'damaged',
  reason: failure('dicom.image-behind'),
  seriesInstanceUid,
});

/** Where in some bytes a DICOM object begins. */
export function objectIn(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + LEAST_OBJECT_BYTES <= bytes.length; at++) if (beginsObject(view, at)) return at;
  return undefined;
}

/** The series of what may be a slice. */
export function seriesOfImage(parsed: ParsedFile): string | undefined {
  switch (parsed.kind) {
    case 'slice':
      return parsed.header.identity.seriesInstanceUid;
    case 'frames':
      return parsed.headers[0]?.identity.seriesInstanceUid;
    case 'damaged':
    case 'unsupported':
      return parsed.seriesInstanceUid;
    default:
      return undefined;
  }
}

const damaged = (reason: Failure): ParsedFile => ({ kind: 'damaged', reason, seriesInstanceUid: '' });

/** A file named as DICOM that holds nothing, or zeros: what an interrupted copy leaves. Hidden files do not count. */
const isHollow = ({ name }: FileSource, start: Uint8Array): boolean =>
  /^[^.].*\.(dcm|ima)$/i.test(name) && start.every((byte) => byte === 0);
