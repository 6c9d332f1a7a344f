import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { MeshingMethods } from '../workers/meshingMethods.ts';
import type { ThreadPool } from '../workers/threadPool.ts';
import { saveFiles } from './saveFiles.ts';

/** Files are made in the meshing threads and written here. */
export function createExporting(
  pool: ThreadPool<MeshingMethods>,
  platform: Platform,
): AuricleHandlers['exporting'] {
  return {
    build: (request, job) => pool.call('buildExport', request, job),
    async save({ files }, { signal }) {
      if (!platform.canSaveFiles) throw new UserError('Files cannot be saved from here; download them.');
      const folder = await platform.chooseFolder();
      throwIfCancelled(signal);
      if (folder === undefined) return { kind: 'dismissed' };
      const folderName = await saveFiles(folder, files, signal);
      return { kind: 'saved', count: files.length, folderName };
    },
  };
}
