import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type CtSeriesMetadata, writeCtSlice } from '#shared/dicom/writeCtSlice.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import { makeFolder } from '../files/makeFolder.ts';

export interface CtSeriesToWrite {
  readonly volume: VolumeHu;
  readonly metadata: CtSeriesMetadata;
}

/** File name of slice k: slice-0001.dcm is the first. */
export const sliceFileName = (k: number): string => `slice-${String(k + 1).padStart(4, '0')}.dcm`;

/** Slices written while the next one is encoded. */
const WRITES_AT_ONCE = 4;

/**
 * Writes a volume as a DICOM CT series, one file a slice, into `outDir`. The folder appears whole or not at all: the
 * slices go into a sibling folder that is renamed at the end. An existing folder is replaced only where it is empty
 * or holds nothing but slices of this writer.
 *
 * @returns the names of the files, in slice order
 * @throws UserError where `outDir` holds other things
 * @throws CancelledError where `signal` fires; nothing is left behind
 */
export async function writeCtSeries(
  { volume, metadata }: CtSeriesToWrite,
  outDir: string,
  { signal, onProgress }: JobOptions = {},
): Promise<string[]> {
  const target = path.resolve(outDir);
  await assertReplaceable(target);
  const partial = `${target}.partial-${process.pid}`;
  const sliceCount = volume.grid.sizeIjk[2];
  const names = Array.from({ length: sliceCount }, (_, k) => sliceFileName(k));
  try {
    await rm(partial, { recursive: true, force: true });
    await makeFolder(partial);
    let next = 0;
    let done = 0;
    let stopped = false;
    const worker = async (): Promise<void> => {
      while (next < sliceCount && !stopped) {
        const k = next++;
        try {
          throwIfCancelled(signal);
          await writeFile(path.join(partial, names[k]!), writeCtSlice(volume, k, metadata));
        } catch (thrown) {
          stopped = true;
          throw thrown;
        }
        done++;
        onProgress?.({ stage: 'Writing slices', fraction: done / sliceCount });
      }
    };
    const results = await Promise.allSettled(Array.from({ length: WRITES_AT_ONCE }, worker));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    await rm(target, { recursive: true, force: true });
    await rename(partial, target);
  } catch (thrown) {
    await rm(partial, { recursive: true, force: true });
    throw thrown;
  }
  return names;
}

async function assertReplaceable(target: string): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(target);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new UserError(failure('phantom.folder-not-writable', { folder: path.basename(target) }), {
      cause: thrown,
    });
  }
  if (!entries.every((name) => /^slice-\d{4,}\.dcm$/.test(name))) {
    throw new UserError(failure('phantom.folder-in-use', { folder: path.basename(target) }));
  }
}
