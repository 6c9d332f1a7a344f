import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { defaultDataFolder } from '../home/dataFolder.ts';

const BUNDLED = join('resources', 'models');

/** The folder that a caller chose in place of all others. */
function chosenFolder(override?: string): string | undefined {
  if (override !== undefined && !existsSync(override)) throw new UserError(failure('models.folder-missing'));
  return override;
}

/**
 * The folder that holds one folder for each bundled model: the caller's choice, else resources/models of the nearest
 * folder above this file that has one, which holds in the source tree and in dist/.
 * @throws UserError where there is none
 */
export function modelsFolder(override?: string): string {
  const chosen = chosenFolder(override);
  if (chosen !== undefined) return chosen;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, BUNDLED))) {
    const above = dirname(folder);
    if (above === folder) throw new UserError(failure('models.bundle-missing'));
    folder = above;
  }
  return join(folder, BUNDLED);
}

/**
 * Where a user's imported models are put and looked for: the caller's choice, else what the environment variable
 * AURICLE_MODELS names, else `models` in the program's own data folder. It need not be there yet.
 */
export const importedModelsFolder = (override?: string): string =>
  // An empty variable names no folder.
  (chosenFolder(override) ?? process.env.AURICLE_MODELS) ||
  join(defaultDataFolder({ platform: process.platform, home: homedir(), env: process.env }), 'models');

/** All folders in which models are looked for, the bundled ones first: a model there is never replaced by another of its name. */
export function modelsFolders(override?: string): readonly string[] {
  const folders = [modelsFolder(override), importedModelsFolder(override)];
  return [...new Set(folders)].filter((folder) => existsSync(folder));
}
