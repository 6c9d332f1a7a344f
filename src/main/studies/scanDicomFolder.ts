import { createHash } from 'node:crypto';
import path from 'node:path';
import pMap from 'p-map';
import type { DecodedStack } from '#shared/dicom/decodedStack.ts';
import { createHounsfieldTables } from '#shared/dicom/hounsfield.ts';
import type { SliceFile } from '#shared/dicom/imageSeries.ts';
import { readFileHeader } from '#shared/dicom/readFileHeader.ts';
import { bytesToCompare } from '#shared/dicom/sliceDigest.ts';
import type { ParsedFile } from '#shared/dicom/sliceHeader.ts';
import { createSliceReader } from '#shared/dicom/sliceReader.ts';
import { type ParsedSource, type StudyScan, scanStudy } from '#shared/dicom/studyScan.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { type FoundFile, listTree, readFileRange, readFileRangeNow, type Unreached } from './dicomFiles.ts';
import { createDiskAccess } from './diskAccess.ts';
import { pixelCodecs } from './pixelCodecs.ts';
import { beginStack } from './stackReading.ts';

export type { ScanProblem, StudyScan } from '#shared/dicom/studyScan.ts';

const FILES_AT_ONCE = 8;

/** Between parsing headers this thread looks that often at slices that other threads have read, ms. */
const SLICES_EVERY_MS = 1;

export interface FolderScan extends StudyScan {
  /** Slices that were decoded while headers were read; only where they were asked for, and look like one stack. */
  readonly decoding?: Promise<DecodedStack> | undefined;
}

export interface ScanOptions extends JobOptions {
  /** Whether the best series is loaded next: its slices are read along with the headers, where they look like one stack. */
  readonly isLoadedNext?: boolean;
}

/**
 * Finds the DICOM series below a folder. Only headers are read, more of a file where its header is longer, and pixels
 * only where slices at the same position have to be compared, or a series is loaded next.
 *
 * @throws UserError where the folder is missing, empty or holds no DICOM
 * @throws CancelledError where `signal` fires
 */
export async function scanDicomFolder(
  folder: string,
  { signal, onProgress, isLoadedNext = false }: ScanOptions = {},
): Promise<FolderScan> {
  const { files, unreached } = await listTree(folder, { signal });
  const name = path.basename(path.resolve(folder));
  if (files.length + unreached.length === 0) {
    throw new UserError(failure('studies.folder-empty', { folder: name }));
  }
  let filesRead = 0;
  const disk = createDiskAccess();
  const headerOf = ({ name, size, path: place }: FoundFile): Promise<ParsedFile> =>
    readFileHeader({
      name,
      size,
      read: (from, to) =>
        disk.call(
          () => readFileRangeNow(place, from, to),
          () => readFileRange(place, from, to),
        ),
    });
  const stack = isLoadedNext ? await beginStack(files, headerOf, signal) : undefined;
  const pace = stack ? createDiskAccess(undefined, SLICES_EVERY_MS) : disk;
  const readHeader = async (file: FoundFile, index: number): Promise<ParsedSource> => {
    throwIfCancelled(signal);
    await pace.pause();
    const result = await headerOf(file);
    stack?.begin(index, file.path, result);
    onProgress?.({ stage: 'Reading headers', fraction: ++filesRead / files.length });
    return { sourceId: file.path, fileName: file.name, folder: file.folder, parsed: result };
  };
  const parsed = await pMap(files, readHeader, { concurrency: FILES_AT_ONCE });
  const readSlice = createSliceReader(readFileRange);
  const tableOf = createHounsfieldTables();
  const digestPixels = async (slice: SliceFile): Promise<string> => {
    throwIfCancelled(signal);
    const bytes = await bytesToCompare(await readSlice(slice), pixelCodecs, tableOf);
    return createHash('sha256').update(bytes).digest('hex');
  };
  const scan = await scanStudy([...parsed, ...unreached.map(unreachedSource)], (slices) =>
    pMap(slices, digestPixels, { concurrency: FILES_AT_ONCE }),
  );
  if (scan.series.length === 0 && scan.problems.length === 0) {
    throw new UserError(failure('studies.folder-without-dicom', { folder: name, otherFiles: files.length }));
  }
  return stack ? { ...scan, decoding: stack.finish() } : scan;
}

/** Folders of the system, in which no study is. */
const SYSTEM_FOLDER =
  /^(lost\+found|\$RECYCLE\.BIN|System Volume Information|\.(Trash|Trashes|Spotlight|fseventsd).*)$/i;

function unreachedSource({ kind, path: sourceId, name, folder, reason }: Unreached): ParsedSource {
  const place = { sourceId, fileName: name, folder };
  if (kind === 'special') return { ...place, parsed: { kind: 'special', reason } };
  if (kind === 'file') return { ...place, parsed: { kind: 'damaged', reason, seriesInstanceUid: '' } };
  return SYSTEM_FOLDER.test(name)
    ? { ...place, parsed: { kind: 'notDicom' } }
    : { ...place, parsed: { kind: 'unlisted', reason } };
}
