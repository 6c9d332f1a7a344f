import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';

const BUNDLED = join('resources', 'models');

/**
 * The folder that holds one folder for each model: the argument, else the environment variable AURICLE_MODELS, else
 * resources/models of the nearest folder above this file that has one, which holds in the source tree and in dist/.
 * @throws UserError where there is none
 */
export function modelsFolder(override?: string): string {
  const chosen = override ?? process.env.AURICLE_MODELS;
  if (chosen !== undefined && chosen !== '') {
    if (!existsSync(chosen)) throw new UserError(failure('models.folder-missing'));
    return chosen;
  }
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, BUNDLED))) {
    const above = dirname(folder);
    if (above === folder) throw new UserError(failure('models.bundle-missing'));
    folder = above;
  }
  return join(folder, BUNDLED);
}
