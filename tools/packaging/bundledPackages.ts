import { relative, sep } from 'node:path';
import type { Plugin } from 'vite';

/** Beside each build: the folders of the packages that it holds code of, from the project's folder on. */
export const PACKAGES_FILE = 'packages.json';

/** "node_modules/a/node_modules/@b/c" of "/project/node_modules/a/node_modules/@b/c/lib/x.js?url". */
export function packageFolderOf(moduleId: string, projectFolder: string): string | undefined {
  const path = relative(projectFolder, moduleId.replace(/^\0/, '').replace(/\?.*$/s, ''))
    .split(sep)
    .join('/');
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

/**
 * Records which packages Vite builds into the program, for their licences (writeLicences.ts). Vite builds web workers
 * apart from the page, before it: they have a plugin of their own, and the page's writes what both have found.
 */
export function bundledPackages(projectFolder: string): {
  readonly page: () => Plugin;
  readonly worker: () => Plugin;
} {
  const folders = new Set<string>();
  const plugin = (name: string, writes: boolean): Plugin => ({
    name,
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        for (const moduleId of chunk.moduleIds) {
          const folder = packageFolderOf(moduleId, projectFolder);
          if (folder !== undefined) folders.add(folder);
        }
      }
      if (!writes) return;
      const source = `${JSON.stringify([...folders].sort(), null, 2)}\n`;
      this.emitFile({ type: 'asset', fileName: PACKAGES_FILE, source });
    },
  });
  return {
    page: () => plugin('bundled-packages', true),
    worker: () => plugin('bundled-packages-of-workers', false),
  };
}
