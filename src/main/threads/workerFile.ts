import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The built file of a worker, beside the program's own files or one folder above its chunks; undefined where the
 * program runs from its sources (tests), where the work is then done in the same thread.
 */
export function workerFile(name: string): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return [join(here, `${name}.js`), join(here, '..', `${name}.js`)].find((path) => existsSync(path));
}
