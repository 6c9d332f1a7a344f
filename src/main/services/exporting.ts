import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { WorkerPool } from '#shared/workers/workerPool.ts';
import type { Platform } from '../platform/platform.ts';
import type { MeshingTasks } from '../workers/tasks.ts';
import { saveFiles } from './saveFiles.ts';

/** Files are made in the meshing threads and written here. */
export function createExporting(
  pool: WorkerPool<MeshingTasks>,
  platform: Platform,
): AuricleHandlers['exporting'] {
  return {
    build: (request, job) => pool.services.meshing.buildExport(request, job),
    async save({ files }, { signal }) {
      if (!platform.canSaveFiles) throw new UserError(failure('export.cannot-save-here'));
      const folder = await platform.chooseFolder();
      throwIfCancelled(signal);
      if (folder === undefined) return { kind: 'dismissed' };
      const folderName = await saveFiles(folder, files, signal);
      return { kind: 'saved', count: files.length, folderName };
    },
  };
}
