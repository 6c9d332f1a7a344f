import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface BuiltWorkers {
  readonly findWorker: (name: string) => string | undefined;
  remove(): Promise<void>;
}

/** Worker files made for one test from the sources, below the root, where their dependencies and models are found. */
export async function builtWorkers(names: readonly string[]): Promise<BuiltWorkers> {
  const outdir = await mkdtemp(join(root, 'node_modules/.auricle-test-workers-'));
  await build({
    entryPoints: names.map((name) => join(root, 'src/main/workers', `${name}.ts`)),
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    outdir,
    logLevel: 'error',
  });
  return {
    findWorker: (name) => (names.includes(name) ? join(outdir, `${name}.js`) : undefined),
    remove: () => rm(outdir, { recursive: true, force: true }),
  };
}
