import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { createWorkerPool } from '#shared/workers/workerPool.ts';
import { studyTasks, type TaskRunner } from './studyTasks.ts';
import { webWorker } from './webWorker.ts';

const MAX_WORKERS = 4;

/**
 * Runs study tasks in web workers, one task each at a time. A worker whose task was cancelled or failed unexpectedly is in
 * an unknown state: it is ended, and another one is started when it is needed.
 */
export function createStudyWorkers(): TaskRunner {
  const width = Math.max(1, Math.min(MAX_WORKERS, navigator.hardwareConcurrency || 1));
  const { services } = createWorkerPool(studyTasks, {
    start: () => webWorker(new Worker(new URL('./dicom.worker.ts', import.meta.url), { type: 'module' })),
    size: width,
    // They start with the page and stay: what they have compiled serves the next study.
    ready: width,
    graceMs: 0,
    isRenewedAfterBugs: true,
    crashError: () => new UserError(failure('page.reading-stopped')),
  });
  return {
    width,
    sharesMemory: globalThis.crossOriginIsolated,
    tasks: services.study,
  };
}
