import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { Client } from '#shared/rpc/contract.ts';
import { createWorkerPool } from '#shared/workers/workerPool.ts';
import { sessionTasks } from './sessionTasks.ts';
import { webWorker } from './webWorker.ts';

/** Packs and unpacks saved sessions beside the main thread. */
export interface SessionArchiver extends Readonly<Client<typeof sessionTasks>['archive']> {
  close(): void;
}

/** Starts its worker at once, because it could not be fetched later if the server had ended. */
export function createSessionArchiver(): SessionArchiver {
  const pool = createWorkerPool(sessionTasks, {
    start: () =>
      webWorker(new Worker(new URL('./sessionArchive.worker.ts', import.meta.url), { type: 'module' })),
    size: 1,
    ready: 1,
    graceMs: 0,
    crashError: () => new UserError(failure('page.packing-stopped')),
  });
  return { ...pool.services.archive, close: () => void pool.free() };
}
