import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';

/** A file of the built pages, ready to be sent. */
export interface PageFile {
  readonly contentType: string;
  readonly bytes: Buffer<ArrayBuffer>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.wasm': 'application/wasm',
  '.zst': 'application/zstd',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * The path below the pages' folder that an address asks for, its parts joined by `/`. Undefined for anything but a plain
 * path of names: parent folders, hidden files, backslashes, drive letters, control characters and broken escapes.
 */
export function pageFilePath(urlPath: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (!decoded.startsWith('/')) return undefined;
  const parts = (decoded === '/' ? '/index.html' : decoded).slice(1).split('/');
  return parts.every((part) => /^[A-Za-z0-9_-][A-Za-z0-9_.@+-]*$/.test(part)) ? parts.join('/') : undefined;
}

/**
 * Reads the file that an address asks for: only below the folder, not through links that lead out of it, and only the
 * types of file that a page is made of. @returns undefined where there is no such file
 */
export async function readPageFile(folder: string, urlPath: string): Promise<PageFile | undefined> {
  const path = pageFilePath(urlPath);
  const contentType = path === undefined ? undefined : CONTENT_TYPES[extname(path).toLowerCase()];
  if (path === undefined || contentType === undefined) return undefined;
  try {
    const root = await realpath(folder);
    const real = await realpath(join(root, ...path.split('/')));
    if (!real.startsWith(root + sep)) return undefined;
    return { contentType, bytes: await readFile(real) };
  } catch {
    // Not there, or a folder.
    return undefined;
  }
}

/**
 * The folder of the built pages, beside the program's own folder.
 * @throws UserError where they are not built
 */
export function findPageFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = [join(here, '../renderer'), join(here, '../../renderer')].find((candidate) =>
    existsSync(join(candidate, 'index.html')),
  );
  if (folder === undefined) throw new UserError(failure('page.not-built'));
  return folder;
}
