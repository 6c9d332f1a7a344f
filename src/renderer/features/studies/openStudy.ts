import pMap from 'p-map';
import type { DecodedPlane } from '#shared/dicom/decodedStack.ts';
import { guessStack } from '#shared/dicom/guessedStack.ts';
import type { SliceFile } from '#shared/dicom/imageSeries.ts';
import { readFileHeader } from '#shared/dicom/readFileHeader.ts';
import type { ParsedFile } from '#shared/dicom/sliceHeader.ts';
import { type ParsedSource, type StudyScan, scanStudy, scanWarnings } from '#shared/dicom/studyScan.ts';
import { UserError } from '#shared/errors.ts';
import { distinctFailures, type Failure, failure } from '#shared/failures/failure.ts';
import type { JobOptions, OnProgress } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { TaskRunner } from '../../workers/studyTasks.ts';
import {
  type ArchiveEntry,
  baseName,
  type ExtractedFile,
  type ReadHeader,
  type SharedPlanes,
} from '../../workers/studyTasks.ts';
import type { SharedStack } from './decodedStack.ts';
import { distantHeader, type FileContent, studySlice, wholeFile } from './distantFile.ts';
import type { OpenedFile } from './types.ts';

/** An open study: what was found, and the files that it can be loaded from. */
export interface StudyFiles {
  readonly scan: StudyScan;
  /** By `SliceFile.sourceId`. */
  readonly blobs: ReadonlyMap<string, FileContent>;
  /** Slices that were decoded while their headers were read. */
  readonly stack: SharedStack | undefined;
  /** Files that are no DICOM images. */
  readonly skippedFiles: number;
  readonly problems: readonly Failure[];
}

/** Small enough for fine-grained cancelling and progress, large enough that messages cost little. */
const FILES_A_TASK = 32;
const ENTRY_BYTES_A_TASK = 32 * 2 ** 20;

/**
 * Reads the headers of everything that was opened, ZIP files unpacked, and sorts the slices into series.
 *
 * @throws UserError where there is nothing to show
 * @throws CancelledError where `signal` fires
 */
export async function openStudy(
  files: readonly OpenedFile[],
  runner: TaskRunner,
  { signal, onProgress }: JobOptions,
): Promise<StudyFiles> {
  const job = withoutUndefined({ signal });
  const sources: ParsedSource[] = [];
  const blobs = new Map<string, FileContent>();
  const decoded = new Map<string, DecodedPlane>();
  const archives: OpenedFile[] = [];
  const archiveProblems: Failure[] = [];
  const add = (
    path: string,
    blob: FileContent | undefined,
    parsed: ParsedSource['parsed'],
    plane?: DecodedPlane,
  ): void => {
    // Paths may repeat where several folders were dropped; series are sorted by these identifiers.
    const sourceId = `${path}\n${sources.length}`;
    if (blob !== undefined && (parsed.kind === 'slice' || parsed.kind === 'frames'))
      blobs.set(sourceId, blob);
    if (plane !== undefined) decoded.set(sourceId, plane);
    sources.push({ sourceId, fileName: baseName(path), folder: folderOf(path), parsed });
  };

  const addRead = (
    path: string,
    blob: FileContent | undefined,
    read: Exclude<ReadHeader, { kind: 'archive' }>,
    plane?: DecodedPlane,
  ) => (read.kind === 'inflated' ? add(path, read.blob, read.parsed) : add(path, blob, read, plane));

  const readable = files.filter(({ unreached }) => unreached === undefined);
  for (const file of files) if (file.unreached !== undefined) sources.push(unreachedSource(file));
  const guessed = runner.sharesMemory ? await guessedPlanes(readable) : undefined;
  // One stream for each worker; a new one costs about as much as reading ten slices.
  const inBatch = guessed ? Math.ceil(readable.length / runner.width) : FILES_A_TASK;
  const batches = inBatches([...readable.entries()], () => 1, inBatch);
  const shareRead = batches.map(() => 0);
  const readHeaders = async (batch: readonly IndexedFile[], at: number): Promise<ReadFile[]> => {
    const onShare = (share: number): void => {
      shareRead[at] = share;
      const fraction = shareRead.reduce((sum, one) => sum + one, 0) / batches.length;
      onProgress?.({ stage: 'Reading headers', fraction });
    };
    const read = await headersOf(batch, guessed, runner, signal, onShare);
    onShare(1);
    return read;
  };
  // One batch more for each worker waits for it.
  const readBatches = await pMap(batches, readHeaders, { concurrency: 2 * runner.width });
  for (const [index, { header, plane }] of readBatches.flat().entries()) {
    const file = readable[index]!;
    if (header.kind === 'archive') archives.push(file);
    else addRead(file.path, file.blob, header, plane);
  }
  for (const archive of archives) {
    const whole = await wholeFile(archive.blob, signal);
    const listing = await runner.tasks.listArchive(whole, job);
    if (listing.kind === 'failed') {
      archiveProblems.push(listing.reason);
      continue;
    }
    const entryBatches = inBatches(listing.entries, entryBytes, ENTRY_BYTES_A_TASK);
    let batchesUnpacked = 0;
    const unpack = async (batch: ArchiveEntry[]): Promise<ExtractedFile[]> => {
      const result = await runner.tasks.extract({ archive: whole, entries: batch }, job);
      onProgress?.({ stage: 'Unpacking', fraction: ++batchesUnpacked / entryBatches.length });
      return result;
    };
    const extracted = await pMap(entryBatches, unpack, { concurrency: runner.width });
    for (const [index, { blob, parsed }] of extracted.flat().entries()) {
      const path = `${archive.path}/${listing.entries[index]!.path}`;
      if (parsed.kind !== 'archive') addRead(path, blob, parsed);
      else archiveProblems.push(failure('studies.zip-in-zip'));
    }
  }
  const scan = await scanStudy(sources, (slices) => digests(slices, blobs, runner, signal));
  const skippedFiles = scan.skippedNonDicom + scan.problems.filter(({ kind }) => kind === 'notImage').length;
  const problems = [...distinctFailures(archiveProblems), ...scanWarnings(scan)];
  if (scan.series.length === 0) {
    const hasIndex = sources.some(({ parsed }) => parsed.kind === 'index');
    throw new UserError(whyNothing(hasIndex, problems, skippedFiles));
  }
  const stack = guessed && { ...guessed, planes: decoded };
  return { scan, blobs, stack, skippedFiles, problems };
}

/** Memory for files that are to be decoded while their headers are read. */
async function guessedPlanes(files: readonly OpenedFile[]): Promise<SharedPlanes | undefined> {
  const guessed = await guessStack(files, {
    sizeOf: ({ blob }) => (blob instanceof Blob ? blob.size : Number.POSITIVE_INFINITY),
    headerOf: headerOfFile,
  });
  if (guessed === undefined) return undefined;
  const bytes = Int16Array.BYTES_PER_ELEMENT * guessed.voxelsPerPlane * files.length;
  try {
    return { ...guessed, data: new Int16Array(new SharedArrayBuffer(bytes)) };
  } catch {
    return undefined;
  }
}

async function headerOfFile({ path, blob }: OpenedFile): Promise<ParsedFile> {
  if (!(blob instanceof Blob)) return { kind: 'notDicom' };
  return readFileHeader({
    name: baseName(path),
    size: blob.size,
    read: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  });
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function unreachedSource({ path, unreached }: OpenedFile): ParsedSource {
  const name = baseName(path);
  const place = { sourceId: path, fileName: name, folder: folderOf(path) };
  if (unreached === 'folder') {
    const reason = failure('studies.folder-unlisted', { folder: name });
    return { ...place, parsed: { kind: 'unlisted', reason } };
  }
  if (unreached === 'special') {
    return { ...place, parsed: { kind: 'special', reason: failure('studies.file-special') } };
  }
  const reason = failure('studies.file-unreachable');
  return { ...place, parsed: { kind: 'damaged', reason, seriesInstanceUid: '' } };
}

const entryBytes = ({ size, compressedSize }: ArchiveEntry): number => Math.max(size, compressedSize, 1);

function inBatches<T>(items: readonly T[], sizeOf: (item: T) => number, limit: number): T[][] {
  const batches: T[][] = [];
  let room = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (size > room || batches.length === 0) {
      batches.push([]);
      room = limit;
    }
    batches.at(-1)!.push(item);
    room -= size;
  }
  return batches;
}

type IndexedFile = readonly [index: number, file: OpenedFile];

interface ReadFile {
  readonly header: ReadHeader;
  readonly plane?: DecodedPlane | undefined;
}

/**
 * The headers of some files; a distant one crosses whole only where its header does not say all.
 *
 * @param stack where slices are decoded to meanwhile
 */
async function headersOf(
  files: readonly IndexedFile[],
  stack: SharedPlanes | undefined,
  runner: TaskRunner,
  signal: AbortSignal | undefined,
  onShare: (share: number) => void,
): Promise<ReadFile[]> {
  const own = await Promise.all(
    files.map(([, { path, blob }]) => (blob instanceof Blob ? 'whole' : distantHeader(path, blob, signal))),
  );
  const rest = files.filter((_, at) => own[at] === 'whole');
  const named = await Promise.all(
    rest.map(async ([, { path, blob }]) => ({ name: baseName(path), blob: await wholeFile(blob, signal) })),
  );
  const onProgress: OnProgress = ({ fraction }) => onShare(fraction);
  const into = stack && { ...stack, planes: rest.map(([index]) => stack.planes[index]!) };
  const { headers, decoded } =
    named.length === 0
      ? { headers: [], decoded: [] }
      : await runner.tasks.readHeaders(
          { files: named, ...withoutUndefined({ into }) },
          withoutUndefined({ signal, onProgress }),
        );
  const ofRest = rest.map((_, at): ReadFile => {
    const remarks = decoded[at];
    return { header: headers[at]!, plane: into && remarks && { plane: into.planes[at]!, remarks } };
  });
  let next = 0;
  return own.map((header) => (header === 'whole' ? ofRest[next++]! : { header }));
}

async function digests(
  slices: readonly SliceFile[],
  blobs: ReadonlyMap<string, FileContent>,
  runner: TaskRunner,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const batches = inBatches(slices, () => 1, FILES_A_TASK);
  const results = await pMap(
    batches,
    async (batch) =>
      runner.tasks.digest(
        await Promise.all(batch.map((slice) => studySlice(slice, blobs, signal))),
        withoutUndefined({ signal }),
      ),
    { concurrency: runner.width },
  );
  return results.flat();
}

function whyNothing(hasIndex: boolean, problems: readonly Failure[], skipped: number): Failure {
  const [problem] = problems;
  if (problem !== undefined) return failure('studies.no-readable-ct', { problem });
  if (skipped > 0) return failure('studies.no-ct', { otherFiles: skipped });
  return failure(hasIndex ? 'studies.disc-index-only' : 'studies.nothing-opened');
}
