import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { isFresh } from '../../cli/builtProgram.ts';

const root = resolve(import.meta.dirname, '../../..');

export interface BuiltWorkers {
  readonly findWorker: (name: string) => string | undefined;
  remove(): Promise<void>;
}

/**
 * Worker files: those of `npm run build` where they are newer than the sources, else made for one test from the sources,
 * below the root, where their dependencies and models are found.
 * @param others sources, relative to the root, of workers that stand in for the usual ones, by name
 */
export async function builtWorkers(
  names: readonly string[],
  others: Readonly<Record<string, string>> = {},
): Promise<BuiltWorkers> {
  const made = (name: string): string => join(root, 'dist/main', `${name}.js`);
  if (Object.keys(others).length === 0 && names.every((name) => isFresh(made(name)))) {
    return {
      findWorker: (name) => (names.includes(name) ? made(name) : undefined),
      remove: async () => {},
    };
  }
  const sources: Record<string, string> = {
    ...Object.fromEntries(names.map((name) => [name, `src/main/workers/${name}.ts`])),
    ...others,
  };
  const outdir = await mkdtemp(join(root, 'node_modules/.auricle-test-workers-'));
  await build({
    entryPoints: Object.entries(sources).map(([out, source]) => ({ in: join(root, source), out })),
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
    findWorker: (name) => (name in sources ? join(outdir, `${name}.js`) : undefined),
    remove: () => rm(outdir, { recursive: true, force: true }),
  };
}
