import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { createWorkerPool, type StartedWorker, type WorkerPool } from '#shared/workers/workerPool.ts';
import { type MeshingTasks, meshingTasks } from '../workers/tasks.ts';

/** Work on surfaces cannot be interrupted; a cancelled job's thread is ended when it goes on longer. */
const GRACE_MS = 1000;

/** Two threads: a surface can be cut while files are made. */
const THREADS = 2;

/**
 * The threads that remake surfaces and make files. Those that are `ready` are started at once, for they warm up while nobody
 * waits for them; the others when they are needed.
 */
export const createMeshingPool = (
  startThread: () => StartedWorker,
  ready: number,
): WorkerPool<MeshingTasks> =>
  createWorkerPool(meshingTasks, {
    start: startThread,
    size: THREADS,
    ready,
    graceMs: GRACE_MS,
    crashError: () => new UserError(failure('meshing.stopped')),
  });

export const createMeshing = (pool: WorkerPool<MeshingTasks>): AuricleHandlers['meshing'] => ({
  recut: (request, job) => pool.services.meshing.recut(request, job),
  afterEdits: (request, job) => pool.services.meshing.afterEdits(request, job),
  labelSurfaces: (request, job) => pool.services.meshing.labelSurfaces(request, job),
  distances: (request, job) => pool.services.meshing.distances(request, job),
});
