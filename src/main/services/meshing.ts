import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import type { MeshingMethods } from '../workers/meshingMethods.ts';
import type { Thread } from '../workers/thread.ts';
import { createThreadPool, type ThreadPool } from '../workers/threadPool.ts';

/** Work on surfaces cannot be interrupted; a cancelled job's thread is ended when it goes on longer. */
const GRACE_MS = 1000;

/** Two threads: a surface can be cut while files are made. */
const THREADS = 2;

/**
 * The threads that remake surfaces and make files. One is started at once, for it warms up while nobody waits for it; the
 * other when it is needed.
 */
export const createMeshingPool = (startThread: () => Thread): ThreadPool<MeshingMethods> =>
  createThreadPool<MeshingMethods>({
    spawn: startThread,
    size: THREADS,
    ready: 1,
    graceMs: GRACE_MS,
    crashMessage: 'The work on the surface stopped unexpectedly; nothing of your work is lost. Try again.',
  });

export const createMeshing = (pool: ThreadPool<MeshingMethods>): AuricleHandlers['meshing'] => ({
  recut: (request, job) => pool.call('recut', request, job),
  fromLabels: (request, job) => pool.call('fromLabels', request, job),
});
