import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import type { WorkerPool } from '#shared/workers/workerPool.ts';
import type { MeshingTasks } from '../workers/tasks.ts';

/** Surfaces are compared in the meshing threads. */
export const createComparison = (pool: WorkerPool<MeshingTasks>): AuricleHandlers['comparison'] => ({
  surfaces: (request, job) => pool.services.meshing.compareSurfaces(request, job),
  readResult: (request, job) => pool.services.meshing.readResult(request, job),
});
