import { availableParallelism } from 'node:os';
import type { DecodedSlice } from '#shared/dicom/decodeSlice.ts';
import type { SliceFile } from '#shared/dicom/imageSeries.ts';
import { type Contract, method, unchecked } from '#shared/rpc/contract.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { createWorkerPool } from '#shared/workers/workerPool.ts';
import { workerThread } from '../threads/thread.ts';
import { workerFile } from '../threads/workerFile.ts';

/** What a thread that decodes slices can be asked for; `decode.worker.ts` does it. */
export const sliceTasks = {
  services: {
    slices: {
      decode: method(unchecked<SliceFile>(), unchecked<DecodedSlice>(), (slice) =>
        slice.kind === 'decoded' ? [slice.valuesHu.buffer] : [],
      ),
    },
  },
  events: {},
} satisfies Contract;

export interface SliceThreads {
  /** Slices to ask for at once: one for each thread, and one that waits for it. */
  readonly width: number;
  decode(slice: SliceFile, signal: AbortSignal | undefined): Promise<DecodedSlice>;
  free(): Promise<void>;
}

/** More threads than this wait for the disk. */
const MOST_THREADS = 8;
/** Starting a thread and compiling its decoder takes the time of some 20 slices of JPEG 2000. */
const SLICES_A_THREAD = 32;

/**
 * Threads that decode slices; undefined where one would do, or where the program runs from its sources.
 *
 * @param file the built worker; undefined where there is none
 */
export function sliceThreads(
  slices: number,
  file = workerFile('decode.worker'),
  processors = availableParallelism(),
): SliceThreads | undefined {
  const threads = Math.min(MOST_THREADS, processors, Math.floor(slices / SLICES_A_THREAD));
  if (threads < 2 || file === undefined) return undefined;
  const pool = createWorkerPool(sliceTasks, {
    start: () => workerThread(file, undefined),
    size: threads,
    graceMs: 0,
  });
  return {
    width: 2 * threads,
    decode: (slice, signal) => pool.services.slices.decode(slice, withoutUndefined({ signal })),
    free: () => pool.free(),
  };
}
