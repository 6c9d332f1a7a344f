import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix } from 'node:path';
import process from 'node:process';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { moduleRunnerTransform, transformSync } from 'rolldown/experimental';
import type { DevEnvironment, TransformResult } from 'vite';
import { type OwnModules, ownModuleFile } from './ownModulesSetup.ts';

/**
 * The modules of the project under test, made ready once for all projects and workers: Vite alone would transform each
 * anew for every project, with its plugins and two printings of source maps, and send it to each worker on demand, which
 * took most of the time of Vitest's own process. Rolldown's native code makes the same of them in a twentieth of it. When
 * a worker asks for a module, all that it imports is written for them too, and workers read it themselves
 * (`ownModulesSetup.ts`).
 */

/** What only Vite's own way knows: its variables, files by pattern, replaced modules and imports with a query. */
const ONLY_VITE =
  /import\.meta\.(env|hot|glob)|\b(vi|vitest)\s*\.\s*(mock|unmock|hoisted|doMock|doUnmock)\b|\?(url|raw|inline|worker|sharedworker)\b/;

/** Where the code for the runner names another module. */
const NAMED_MODULE = /(__vite_ssr_(?:dynamic_)?import__\()"([^"\\]+)"/g;

/** The mappings of a source map over those of the text that it was made of. */
function joined(before: string, after: string): string {
  const places = decode(before);
  const lines = decode(after).map((line) =>
    line.flatMap(([column, , line, middle = 0]): [number, number, number, number][] => {
      const place = places[line ?? -1]?.findLast(([from]) => from <= middle);
      if (place === undefined || place.length === 1) return [];
      const [from, , textLine, textColumn] = place;
      return [[column, 0, textLine, textColumn + middle - from]];
    }),
  );
  return encode(lines);
}

/** A module that is ready, and the addresses of the project's own modules that it imports. */
interface Ready {
  readonly result: TransformResult;
  readonly imports: readonly string[];
}

/** Makes a module ready. @returns undefined where only Vite can, or can say what is wrong with it */
async function ready(root: string, url: string, ending: string): Promise<Ready | undefined> {
  const file = root + url;
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined || ONLY_VITE.test(text)) return undefined;
  const plain = transformSync(file, text, {
    sourcemap: true,
    tsconfig: false,
    typescript: { onlyRemoveTypeImports: true },
    jsx: { runtime: 'automatic', development: true },
  });
  if (plain.errors.length > 0 || !plain.map) return undefined;
  const { code, map, errors } = await moduleRunnerTransform(`${file}.js`, plain.code, { sourcemap: true });
  if (errors.length > 0 || !map) return undefined;

  const imports = new Set<string>();
  const named = code.replace(NAMED_MODULE, (_, call: string, name: string) => {
    let address = name;
    if (name.startsWith('#')) address = `/src/${name.slice(1)}`;
    if (name.startsWith('.')) address = posix.join(dirname(url), name);
    if (address.startsWith('/')) imports.add(address);
    return `${call}${JSON.stringify(address)}`;
  });
  const name = basename(file);
  const mappings = joined(plain.map.mappings, map.mappings);
  const sourceMap = { version: 3, file: name, names: [], sources: [name], mappings };
  const inlined = Buffer.from(JSON.stringify(sourceMap)).toString('base64');
  return {
    result: {
      code: `${named}${ending}\n//# sourceMappingSource=vite-generated\n//# sourceMappingURL=data:application/json;base64,${inlined}\n`,
      map: null,
      deps: [...imports],
      dynamicDeps: [],
    },
    imports: [...imports],
  };
}

/** What this process has made ready, whichever copy of the configuration asks: each project loads one. */
interface Shared {
  readonly folder: string;
  readonly modules: Map<string, Promise<Ready | undefined>>;
  /** The modules that have been written with all that they import, or are about to. */
  readonly written: Map<string, Promise<void>>;
}

function shared(root: string): Shared {
  const holder = globalThis as typeof globalThis & { auricleOwnModules?: Shared };
  if (holder.auricleOwnModules !== undefined) return holder.auricleOwnModules;
  const folder = mkdtempSync(join(tmpdir(), 'auricle-modules-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.env.AURICLE_OWN_MODULES = JSON.stringify({ folder, root } satisfies OwnModules);
  holder.auricleOwnModules = { folder, modules: new Map(), written: new Map() };
  return holder.auricleOwnModules;
}

/** Lets an environment of Vite get the project's own modules, and writes for the workers what they import. */
export function serveOwnModules(environment: DevEnvironment, ending: string): void {
  const { root } = environment.config;
  const { folder, modules, written } = shared(root);
  const byVite = environment.transformRequest.bind(environment);

  function readyOnce(url: string): Promise<Ready | undefined> {
    const module = modules.get(url) ?? ready(root, url, ending);
    modules.set(url, module);
    return module;
  }

  async function write(url: string): Promise<void> {
    const module = await readyOnce(url);
    if (module === undefined) return;
    const file = ownModuleFile(folder, url);
    // Whole or not there at all: workers look for it meanwhile.
    writeFileSync(`${file}.new`, module.result.code);
    renameSync(`${file}.new`, file);
    await writeAll(module.imports);
  }

  /** Writes modules and all that they import; those that others are writing are not waited for. */
  async function writeAll(urls: readonly string[]): Promise<void> {
    for (const url of urls) {
      if (written.has(url) || !/^\/(?!node_modules\/)[^?]+\.tsx?$/.test(url)) continue;
      const writing = write(url);
      written.set(url, writing);
      await writing;
    }
  }

  environment.transformRequest = async (url, ...options) => {
    const node = await environment.moduleGraph.ensureEntryFromUrl(url);
    if (node.transformResult) return node.transformResult;
    const file = node.id ?? '';
    const isOwn =
      /^[^?]+\.tsx?$/.test(file) && file.startsWith(`${root}/`) && !file.includes('/node_modules/');
    const address = file.slice(root.length);
    const module = isOwn ? await readyOnce(address) : undefined;
    if (module === undefined) return byVite(url, ...options);
    await writeAll([address]);
    node.transformResult = module.result;
    return module.result;
  };
}
