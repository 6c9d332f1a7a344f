import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Mutex } from 'async-mutex';
import type { AuricleHandlers } from '#shared/contract/auricle.ts';
import type { WorkerPool } from '#shared/workers/workerPool.ts';
import { makeFolder } from '../files/makeFolder.ts';
import type { MeshingTasks } from '../workers/tasks.ts';
import { notStored } from './storedFile.ts';

/** Loaded when it is first asked, for it brings all measures of surfaces with it. */
const planning = () => import('../planning/index.ts');

/** Profiles are made in the meshing threads; a hospital's own device tables are kept in the data folder. */
export function createPlanning(
  pool: WorkerPool<MeshingTasks>,
  dataFolder: string,
): AuricleHandlers['planning'] {
  const mutex = new Mutex();
  const inForce = async () => {
    const { deviceTables } = await planning();
    const { tables, origin } = await deviceTables(undefined, dataFolder);
    return { tables: [...tables], origin };
  };
  return {
    profile: (request, job) => pool.services.meshing.profile(request, job),
    centreLine: (request, job) => pool.services.meshing.centreLine(request, job),
    deviceTables: () => mutex.runExclusive(inForce),
    replaceDeviceTables: ({ files }) =>
      mutex.runExclusive(async () => {
        const { OWN_TABLES, parseDeviceTables } = await planning();
        // Refused before anything is changed.
        const tables = files.length === 0 ? [] : parseDeviceTables(files);
        await keep(
          { dataFolder, name: OWN_TABLES },
          tables.map((table) => JSON.stringify(table, null, 2)),
        );
        return inForce();
      }),
  };
}

/** Replaces the folder of own tables by these; without any it is removed. */
async function keep(
  { dataFolder, name }: { readonly dataFolder: string; readonly name: string },
  tables: readonly string[],
): Promise<void> {
  const folder = join(dataFolder, name);
  let made = '';
  try {
    await makeFolder(dataFolder);
    made = await mkdtemp(join(dataFolder, `.${name}-`));
    // The order in which they were chosen is that of the names.
    for (const [at, text] of tables.entries()) {
      await writeFile(join(made, `${String(at + 1).padStart(3, '0')}.json`), `${text}\n`, { mode: 0o600 });
    }
    await rm(folder, { recursive: true, force: true });
    if (tables.length > 0) await rename(made, folder);
  } catch (thrown) {
    throw notStored('settings', thrown);
  } finally {
    if (made !== '') await rm(made, { recursive: true, force: true });
  }
}
