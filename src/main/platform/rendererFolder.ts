import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '#shared/errors.ts';

/**
 * The folder of the built pages, beside the program's own folder.
 * @throws UserError where they are not built
 */
export function rendererFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = [join(here, '../renderer'), join(here, '../../renderer')].find((candidate) =>
    existsSync(join(candidate, 'index.html')),
  );
  if (folder === undefined) throw new UserError("Auricle's pages are not built. Run `npm run build` first.");
  return folder;
}
