import type { Dirent, Stats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';

export interface FoundFile {
  readonly path: string;
  /** Base name, for messages. */
  readonly name: string;
  readonly size: number;
}

/**
 * All regular files below a folder, in a fixed order. Symbolic links are followed, each folder is entered once however
 * many links lead to it, and what cannot be read is left out.
 *
 * @throws UserError where the folder itself is not there, is not a folder or cannot be read
 */
export async function listFiles(folder: string, signal?: AbortSignal): Promise<FoundFile[]> {
  const root = await statOrUndefined(folder);
  const name = path.basename(path.resolve(folder));
  if (root === undefined) throw new UserError(failure('studies.folder-missing', { folder: name }));
  if (!root.isDirectory()) throw new UserError(failure('studies.not-a-folder', { name }));
  const entered = new Set<string>();
  const files: FoundFile[] = [];
  const walk = async (directory: string, stats: Stats, isRoot: boolean): Promise<void> => {
    throwIfCancelled(signal);
    const identity = `${stats.dev}:${stats.ino}`;
    if (entered.has(identity)) return;
    entered.add(identity);
    let entries: Dirent[];
    try {
      entries = await readdir(directory, { withFileTypes: true });
    } catch (thrown) {
      if (isRoot)
        throw new UserError(failure('studies.folder-unreadable', { folder: name }), { cause: thrown });
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const entryPath = path.join(directory, entry.name);
      const entryStats = await statOrUndefined(entryPath);
      if (entryStats?.isDirectory()) await walk(entryPath, entryStats, false);
      else if (entryStats?.isFile()) files.push({ path: entryPath, name: entry.name, size: entryStats.size });
    }
  };
  await walk(folder, root, true);
  return files;
}

async function statOrUndefined(entryPath: string): Promise<Stats | undefined> {
  try {
    return await stat(entryPath);
  } catch {
    return undefined;
  }
}

/** Bytes `from` to `to` (the end where undefined) of a file; fewer where it is shorter. */
export async function readFileRange(
  filePath: string,
  from: number,
  to: number | undefined,
): Promise<Uint8Array> {
  const handle = await open(filePath, 'r');
  try {
    const end = Math.min(to ?? Number.POSITIVE_INFINITY, (await handle.stat()).size);
    const bytes = new Uint8Array(Math.max(0, end - from));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}
