import type { SliceFile } from '#shared/dicom/imageSeries.ts';
import { readFileHeader } from '#shared/dicom/readFileHeader.ts';
import { storedRange } from '#shared/dicom/sliceHeader.ts';
import { isFailedWith } from '#shared/errors.ts';
import { baseName, type ReadHeader, type SliceContent, type StudySlice } from '../../workers/studyTasks.ts';

/** A file that lies with the program, not in the browser: only what is needed of it comes to the page. */
export interface DistantFile {
  readonly sizeBytes: number;
  /**
   * Bytes `from` to `to`; fewer where the file has become shorter.
   * @throws UserError where it cannot be read, CancelledError where `signal` fires
   */
  read(from: number, to: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** What a study is read from. */
export type FileContent = Blob | DistantFile;

/** The whole file. */
export const wholeFile = async (file: FileContent, signal?: AbortSignal): Promise<Blob> =>
  file instanceof Blob ? file : new Blob([await file.read(0, file.sizeBytes, signal)]);

/**
 * The header of a distant file, read in the steps of `readFileHeader`; `whole` where workers must see all of the file:
 * deflated ones, and what may be an archive.
 */
export async function distantHeader(
  path: string,
  file: DistantFile,
  signal?: AbortSignal,
): Promise<ReadHeader | 'whole'> {
  const broken: unknown[] = [];
  const parsed = await readFileHeader({
    name: baseName(path),
    size: file.sizeBytes,
    read: (from, to) =>
      file.read(from, to, signal).catch((thrown: unknown) => {
        // A file that is unreadable is named among the others; cancelling and a lost connection end the reading.
        if (!isFailedWith(thrown, 'files.unreadable')) broken.push(thrown);
        throw thrown;
      }),
  });
  if (broken.length > 0) throw broken[0];
  if (parsed.kind === 'notDicom') {
    const [p, k] = await file.read(0, Math.min(2, file.sizeBytes), signal);
    return p === 0x50 && k === 0x4b ? 'whole' : parsed;
  }
  const first =
    parsed.kind === 'frames' ? parsed.headers[0] : parsed.kind === 'slice' ? parsed.header : undefined;
  return first?.storage.kind === 'deflated' ? 'whole' : parsed;
}

/** What a worker decodes a slice from; of a distant file its stored values alone. */
export async function sliceContent(
  file: FileContent,
  header: StudySlice['header'],
  signal?: AbortSignal,
): Promise<SliceContent> {
  if (file instanceof Blob) return { blob: file, fromByte: 0 };
  const { from, to = file.sizeBytes } = storedRange(header);
  return { blob: new Blob([await file.read(from, to, signal)]), fromByte: from };
}

/** A slice as tasks take it. */
export async function studySlice(
  { sourceId, fileName, header }: SliceFile,
  blobs: ReadonlyMap<string, FileContent>,
  signal?: AbortSignal,
): Promise<StudySlice> {
  const blob = blobs.get(sourceId);
  if (blob === undefined) throw new RangeError('The slice is of another study.');
  return { name: fileName, header, content: await sliceContent(blob, header, signal) };
}
