import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { defaultDataFolder } from '../home/dataFolder.ts';

const BUNDLED = join('resources', 'models');

/** The folder that was chosen: the argument, else the environment variable AURICLE_MODELS. */
function chosenFolder(override?: string): string | undefined {
  const chosen = override ?? process.env.AURICLE_MODELS;
  if (chosen === undefined || chosen === '') return undefined;
  if (!existsSync(chosen)) throw new UserError(failure('models.folder-missing'));
  return chosen;
}

/**
 * The folder that holds one folder for each bundled model: the one that was chosen, else resources/models of the nearest
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
 * Where a user's imported models are put and looked for: the folder that was chosen, else `models` in the program's own
 * data folder. It need not be there yet.
 */
export const importedModelsFolder = (override?: string): string =>
  chosenFolder(override) ??
  join(defaultDataFolder({ platform: process.platform, home: homedir(), env: process.env }), 'models');

/** All folders in which models are looked for, the bundled ones first: a model there is never replaced by another of its name. */
export function modelsFolders(override?: string): readonly string[] {
  const folders = [modelsFolder(override), importedModelsFolder(override)];
  return [...new Set(folders)].filter((folder) => existsSync(folder));
}
