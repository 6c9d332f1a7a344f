import type { JobOptions } from '#shared/progress.ts';
import { createWorkerPool } from '#shared/workers/workerPool.ts';
import type { CaseRequest, PrepareOptions } from '../preparation/caseRequest.ts';
import { type PreparedOutcome, prepareCase } from '../preparation/prepareCase.ts';
import { workerThread } from '../threads/thread.ts';
import { workerFile } from '../threads/workerFile.ts';
import { findCentre } from './findCentre.ts';
import { preparationTasks } from './tasks.ts';

export interface PrepareThreads {
  prepare(request: CaseRequest, job: JobOptions): Promise<PreparedOutcome>;
  free(): Promise<void>;
}

/** A cancelled case leaves nothing behind where its thread may tidy up; scanning a phantom takes seconds in one go, ms. */
const GRACE_MS = 20_000;

/** Cases prepared in threads, one each at a time; in this thread where the program runs from its sources. */
export function prepareThreads(folder: string, options: PrepareOptions, threads: number): PrepareThreads {
  const file = workerFile('prepare.worker');
  if (file === undefined) {
    return {
      prepare: (request, job) => prepareCase(request, folder, options, findCentre, job),
      free: async () => {},
    };
  }
  const pool = createWorkerPool(preparationTasks, {
    // ONNX Runtime and ITK are native and WebAssembly code: a thread is given time to come back from it.
    start: () => workerThread(file, undefined, { endWithinMs: GRACE_MS }),
    size: threads,
    graceMs: GRACE_MS,
  });
  return {
    prepare: (request, job) => pool.services.preparation.prepareCase({ request, folder, options }, job),
    free: () => pool.free(),
  };
}
