import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import vm from 'node:vm';

/** Where Vitest's own process keeps the project's modules for its workers, and the folder of the project. */
export interface OwnModules {
  readonly folder: string;
  readonly root: string;
}

/** The file of a module by its address, as `/src/shared/geometry/vec3.ts`. */
export const ownModuleFile = (folder: string, url: string): string => join(folder, url.replaceAll('/', '!'));

/** The part of Vitest's runner of modules that is used here; its types name it private. */
interface ModuleRunner {
  readonly transport: { invoke(name: string, data: unknown[]): Promise<unknown> };
  readonly vitestOptions: {
    readonly transport: { resolveId(id: string, importer?: string): Promise<unknown> };
  };
  readonly mocker: {
    readonly constructor: { readonly pendingIds: readonly unknown[] };
    getDependencyMockByUrl(url: string): unknown;
  };
}

/**
 * Lets the runner of a worker read the project's own modules, where Vitest's own process has written them
 * (`ownModules.ts`), in place of asking for each.
 */
function readOwnModules(
  { folder, root }: OwnModules,
  { transport, vitestOptions, mocker }: ModuleRunner,
): void {
  const ask = transport.invoke;
  transport.invoke = async (name, data) => {
    const [url, , options] = data as [string, unknown, { cached?: boolean } | undefined];
    if (name !== 'fetchModule' || !url.startsWith('/')) return ask(name, data);
    // Modules that a test replaces are Vitest's own affair.
    if (mocker.constructor.pendingIds.length > 0 || mocker.getDependencyMockByUrl(url))
      return ask(name, data);
    const file = ownModuleFile(folder, url);
    if (!existsSync(file)) return ask(name, data);
    if (options?.cached) return { cache: true };
    const path = root + url;
    return { code: readFileSync(file, 'utf8'), file: path, id: path, url, invalidate: false };
  };

  // The files of the set-up, which run again for each file of tests.
  const askFor = vitestOptions.transport.resolveId;
  vitestOptions.transport.resolveId = async (id, importer) => {
    const url = id.startsWith(`${root}/`) ? id.slice(root.length) : undefined;
    if (url === undefined || !existsSync(ownModuleFile(folder, url))) return askFor(id, importer);
    return { id, url, file: id };
  };
}

/** What Vitest's runner puts round a module, and the same as a function that V8 compiles when it first reads it. */
const LATER = /^'use strict';async \(([\w,]*)\)=>\{\{/;

/**
 * Lets V8 read each module once. It passes over a function that is not in brackets, and reads it again when it is called:
 * the whole module, which is called at once.
 */
function compileAtOnce(): void {
  const run = vm.runInThisContext;
  vm.runInThisContext = (code, options) => {
    const [before, parameters] = LATER.exec(code) ?? [];
    if (before === undefined || typeof options !== 'object') return run(code, options);
    const start = `'use strict';(async function(${parameters}){{`;
    const columnOffset = (options.columnOffset ?? 0) + before.length - start.length;
    return run(`${start}${code.slice(before.length)})`, { ...options, columnOffset });
  };
}

const worker = globalThis as typeof globalThis & {
  __vitest_mocker__?: { readonly moduleRunner: ModuleRunner };
  auricleReadsOwnModules?: boolean;
};
const written = process.env.AURICLE_OWN_MODULES;
// Once in each process, and not in Vitest's own, which imports this file for its names.
if (written !== undefined && worker.__vitest_mocker__ !== undefined && !worker.auricleReadsOwnModules) {
  worker.auricleReadsOwnModules = true;
  readOwnModules(JSON.parse(written) as OwnModules, worker.__vitest_mocker__.moduleRunner);
  compileAtOnce();
}
