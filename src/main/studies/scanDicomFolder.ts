import { createHash } from 'node:crypto';
import path from 'node:path';
import pMap from 'p-map';
import type { SliceFile } from '#shared/dicom/imageSeries.ts';
import { readFileHeader } from '#shared/dicom/readFileHeader.ts';
import { storedRange } from '#shared/dicom/sliceHeader.ts';
import { type ParsedSource, type StudyScan, scanStudy } from '#shared/dicom/studyScan.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { type FoundFile, listFiles, readFileRange } from './dicomFiles.ts';

export type { ScanProblem, StudyScan } from '#shared/dicom/studyScan.ts';

const FILES_AT_ONCE = 8;

/**
 * Finds the DICOM series below a folder. Only headers are read, whole files where a header is longer or where slices
 * at the same position have to be compared.
 *
 * @throws UserError where the folder is missing, empty or holds no DICOM
 * @throws CancelledError where `signal` fires
 */
export async function scanDicomFolder(
  folder: string,
  { signal, onProgress }: JobOptions = {},
): Promise<StudyScan> {
  const files = await listFiles(folder, signal);
  const name = path.basename(path.resolve(folder));
  if (files.length === 0) throw new UserError(failure('studies.folder-empty', { folder: name }));
  let filesRead = 0;
  const readHeader = async (file: FoundFile): Promise<ParsedSource> => {
    throwIfCancelled(signal);
    const result = await readFileHeader({
      name: file.name,
      size: file.size,
      read: (from, to) => readFileRange(file.path, from, to),
    });
    onProgress?.({ stage: 'Reading headers', fraction: ++filesRead / files.length });
    return { sourceId: file.path, fileName: file.name, parsed: result };
  };
  const parsed = await pMap(files, readHeader, { concurrency: FILES_AT_ONCE });
  const scan = await scanStudy(parsed, (slices) =>
    pMap(
      slices,
      (slice) => {
        throwIfCancelled(signal);
        return digestPixels(slice);
      },
      { concurrency: FILES_AT_ONCE },
    ),
  );
  if (scan.series.length === 0 && scan.problems.length === 0) {
    throw new UserError(failure('studies.folder-without-dicom', { folder: name, otherFiles: files.length }));
  }
  return scan;
}

/** Of the bytes as they are stored: copies are equal in these too, and nothing has to be decoded. */
async function digestPixels({ sourceId, header }: SliceFile): Promise<string> {
  const { from, to } = storedRange(header);
  const bytes = await readFileRange(sourceId, from, to);
  return createHash('sha256').update(bytes).digest('hex');
}
