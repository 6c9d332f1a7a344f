import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { type Import, importsOf } from './importsOf.ts';

/** An import whose goal is known: a file of the tree, a package, or (with neither) nothing that is there. */
export interface ResolvedImport extends Import {
  /** The importing file, from the repository's root: `src/main/preload.ts`. */
  readonly from: string;
  /** The imported file, from the repository's root. */
  readonly file?: string;
  /** The imported package without the path within it: `vtk.js`, `@scope/name`, `node:fs`. */
  readonly package?: string;
}

/** The files below `src` and what they import. */
export interface SourceTree {
  readonly files: readonly string[];
  readonly imports: readonly ResolvedImport[];
}

/** Tests, and what only tests use. */
export const isTest = (file: string): boolean => /\.test\.tsx?$|\/testing\//.test(file);

/** The folders that a file lies in, the outermost first: `src`, `src/main`, … */
export function foldersAbove(file: string): string[] {
  const parts = file.split('/');
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** The file that an import means, or undefined where there is none. */
function findFile(from: string, specifier: string, files: ReadonlySet<string>): string | undefined {
  const path = specifier.replace(/\?.*$/, '');
  const goal = path.startsWith('#')
    ? `src/${path.slice(1)}`
    : posix.normalize(posix.join(posix.dirname(from), path));
  const stem = goal.replace(/\.jsx?$/, '');
  return [goal, `${stem}.ts`, `${stem}.tsx`, `${goal}/index.ts`].find((file) => files.has(file));
}

const packageOf = (specifier: string): string => {
  if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
};

/**
 * Resolves the imports of a set of files.
 * @param texts the files' texts by their paths from the repository's root; files that cannot import count as goals only
 */
export function sourceTree(texts: ReadonlyMap<string, string>): SourceTree {
  const files = new Set(texts.keys());
  const imports = [...texts].flatMap(([from, text]) => {
    if (!/\.tsx?$/.test(from)) return [];
    return importsOf(from, text).map((found): ResolvedImport => {
      // A file of a package by its path, `../../node_modules/name/file.js?url`, is the package's too.
      const name = found.specifier.replace(/^[./]+\/node_modules\//, '');
      if (!/^[.#]/.test(name)) return { ...found, from, package: packageOf(name) };
      const file = findFile(from, found.specifier, files);
      return file === undefined ? { ...found, from } : { ...found, from, file };
    });
  });
  return { files: [...files].filter((file) => file.startsWith('src/')), imports };
}

/** Reads the sources of the repository at `root`. */
export function readSourceTree(root: string): SourceTree {
  const paths = readdirSync(posix.join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(root, posix.join(entry.parentPath.replaceAll('\\', '/'), entry.name)))
    .sort();
  return sourceTree(
    new Map([...paths, 'package.json'].map((path) => [path, readFileSync(posix.join(root, path), 'utf8')])),
  );
}
