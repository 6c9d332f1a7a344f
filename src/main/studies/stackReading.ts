import type { DecodedPlane, DecodedStack } from '#shared/dicom/decodedStack.ts';
import { guessStack, sliceOfStack } from '#shared/dicom/guessedStack.ts';
import { allocateForKernel } from '#shared/dicom/hounsfieldKernel.ts';
import type { ParsedFile } from '#shared/dicom/sliceHeader.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { FoundFile } from './dicomFiles.ts';
import { createNativeReader } from './nativeReader.ts';

/** Files that are open at once: those that other threads read, and as many that wait for them. */
const READS_AT_ONCE = 8;

/** Slices that other threads read while this one parses headers, and makes HU of those that have come. */
export interface StackReading {
  /** Begins with the slice of a file, where there is one that fits. */
  begin(index: number, sourceId: string, parsed: ParsedFile): void;
  /** All slices that were begun; those that could not be decoded are left out. */
  finish(): Promise<DecodedStack>;
}

/** Where files look like the slices of one series, uncompressed; see `guessStack`. */
export async function beginStack(
  files: readonly FoundFile[],
  readHeader: (file: FoundFile) => Promise<ParsedFile>,
  signal: AbortSignal | undefined,
): Promise<StackReading | undefined> {
  const placed = files.map((file) => ({ file, path: file.within }));
  const guessed = await guessStack(placed, {
    sizeOf: ({ file }) => file.size,
    headerOf: ({ file }) => readHeader(file),
  });
  if (guessed === undefined) return undefined;
  const data = allocate(guessed.voxelsPerPlane * files.length);
  if (data === undefined) return undefined;
  const { voxelsPerPlane, planes } = guessed;
  const read = createNativeReader();
  const decoded = new Map<string, DecodedPlane>();
  const waiting: (() => Promise<void>)[] = [];
  const reading = new Set<Promise<void>>();
  const next = (): void => {
    const work = reading.size < READS_AT_ONCE && !signal?.aborted ? waiting.shift() : undefined;
    if (work === undefined) return;
    const done = work().finally(() => {
      reading.delete(done);
      next();
    });
    reading.add(done);
  };
  return {
    begin(index, sourceId, parsed) {
      const header = sliceOfStack(parsed, guessed);
      const plane = planes[index];
      if (header === undefined || plane === undefined) return;
      waiting.push(async () => {
        const remarks: Failure[] = [];
        const onRemark = (remark: Failure): unknown => remarks.push(remark);
        const at = plane * voxelsPerPlane;
        // Where it fails the slice is read again when its series is loaded, and the reason told then.
        const isRead = await read({ sourceId, header }, data, at, onRemark).then(
          (reason) => reason === undefined,
          () => false,
        );
        if (isRead) decoded.set(sourceId, { plane, remarks });
      });
      next();
    },
    async finish() {
      while (reading.size > 0) await Promise.all(reading);
      return { data, voxelsPerPlane, planes: decoded };
    },
  };
}

function allocate(voxels: number): Int16Array | undefined {
  try {
    return allocateForKernel(voxels) ?? new Int16Array(voxels);
  } catch {
    return undefined;
  }
}
