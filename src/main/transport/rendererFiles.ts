import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

/** A file of the renderer, ready to be answered with. */
export interface RendererFile {
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
 * The path below the renderer's folder that an address asks for, its parts joined by `/`; undefined for what is no plain
 * path of names: parent folders, hidden files, back slashes, drive letters, control characters, broken escapes.
 */
export function rendererFilePath(urlPath: string): string | undefined {
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
 * Reads what an address asks for. Only files below the folder are read, links out of it are not followed, and only the
 * types that a page is made of. @returns undefined where there is no such file
 */
export async function readRendererFile(folder: string, urlPath: string): Promise<RendererFile | undefined> {
  const path = rendererFilePath(urlPath);
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
