import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { assembleSeries, slicesToCompare } from '#shared/dicom/assembleSeries.ts';
import type { ImageSeries, LostFile, SliceFile } from '#shared/dicom/imageSeries.ts';
import { parseSliceHeader } from '#shared/dicom/parseSliceHeader.ts';
import { type ParsedFile, pixelDataLength } from '#shared/dicom/sliceHeader.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import type { JobOptions } from '#shared/progress.ts';
import { type FoundFile, listFiles } from './dicomFiles.ts';

/** A file that was recognised but gives no slice. */
export interface ScanProblem {
  readonly fileName: string;
  readonly kind: 'notImage' | 'unsupported' | 'damaged';
  readonly reason: string;
}

export interface StudyScan {
  readonly series: readonly ImageSeries[];
  /** Files that are no DICOM at all. */
  readonly skippedNonDicom: number;
  readonly problems: readonly ScanProblem[];
}

/** What is read of each file first; the headers of CT slices are 2 to 20 KiB. */
const FIRST_READ_BYTES = 64 * 1024;
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
  if (files.length === 0) throw new UserError(`The folder ${name} is empty.`);
  const parsed = await mapBounded(files, FILES_AT_ONCE, async (file, done) => {
    throwIfCancelled(signal);
    const result = await parseFile(file);
    onProgress?.({ stage: 'Reading headers', fraction: done() / files.length });
    return result;
  });
  const scan = await assemble(files, parsed, signal);
  if (scan.series.length === 0 && scan.problems.length === 0) {
    throw new UserError(`The folder ${name} holds no DICOM (${countFiles(files.length)} of other kinds).`);
  }
  return scan;
}

const countFiles = (count: number): string => (count === 1 ? 'one file' : `${count} files`);

async function assemble(
  files: readonly FoundFile[],
  parsed: readonly ParsedFile[],
  signal: AbortSignal | undefined,
): Promise<StudyScan> {
  const slices: SliceFile[] = [];
  const lost: LostFile[] = [];
  const problems: ScanProblem[] = [];
  let skippedNonDicom = 0;
  parsed.forEach((result, index) => {
    const { path: sourceId, name: fileName } = files[index]!;
    switch (result.kind) {
      case 'slice':
        slices.push({ sourceId, fileName, header: result.header });
        return;
      case 'notDicom':
        skippedNonDicom++;
        return;
      case 'damaged':
      case 'unsupported':
        lost.push({ ...result, fileName });
        problems.push({ fileName, kind: result.kind, reason: result.reason });
        return;
      case 'notImage':
        problems.push({ fileName, kind: result.kind, reason: result.reason });
        return;
      default:
        result satisfies never;
    }
  });
  const series = assembleSeries(slices, lost);
  const toCompare = new Set(slicesToCompare(series).map((slice) => slice.sourceId));
  if (toCompare.size === 0) return { series, skippedNonDicom, problems };
  const withDigests = await mapBounded(slices, FILES_AT_ONCE, async (slice) => {
    throwIfCancelled(signal);
    return toCompare.has(slice.sourceId) ? { ...slice, pixelDigest: await digestPixels(slice) } : slice;
  });
  return { series: assembleSeries(withDigests, lost), skippedNonDicom, problems };
}

async function parseFile(file: FoundFile): Promise<ParsedFile> {
  try {
    const start = await readStart(file);
    const first = parseSliceHeader(start, file.size);
    if (first.kind === 'notDicom' && isHollow(file, start)) {
      return { kind: 'damaged', reason: 'The file is empty.', seriesInstanceUid: '' };
    }
    if (first.kind !== 'needsMoreBytes') return first;
    const whole = await readFile(file.path);
    const second = parseSliceHeader(whole);
    return second.kind === 'needsMoreBytes' ? { kind: 'notDicom' } : second;
  } catch {
    return { kind: 'damaged', reason: 'The file could not be read.', seriesInstanceUid: '' };
  }
}

/** A file named as DICOM that holds nothing, or zeros: what an interrupted copy leaves. Hidden files are none. */
const isHollow = ({ name }: FoundFile, start: Uint8Array): boolean =>
  /^[^.].*\.(dcm|ima)$/i.test(name) && start.every((byte) => byte === 0);

async function readStart(file: FoundFile): Promise<Uint8Array> {
  const handle = await open(file.path, 'r');
  try {
    const bytes = new Uint8Array(Math.min(FIRST_READ_BYTES, file.size));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function digestPixels({ sourceId, header }: SliceFile): Promise<string> {
  const { dataOffset } = header.pixels;
  const bytes = await readFile(sourceId);
  const end = dataOffset + pixelDataLength(header.plane, header.pixels);
  return createHash('sha256').update(bytes.subarray(dataOffset, end)).digest('hex');
}

/** Maps with at most `limit` calls under way; `done()` is how many have ended, this one included. */
async function mapBounded<In, Out>(
  items: readonly In[],
  limit: number,
  work: (item: In, done: () => number) => Promise<Out>,
): Promise<Out[]> {
  const results = new Array<Out>(items.length);
  let next = 0;
  let ended = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!, () => ++ended);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
