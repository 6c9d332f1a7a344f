import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { removeEmptyFolders } from './removeEmptyFolders.ts';
import { systemCodeOf } from './systemCode.ts';

/** Options of {@link makeFolder}. */
interface FolderOptions {
  /** Permissions of each folder that is made; by default those of the system. */
  readonly mode?: number;
}

/**
 * Makes a folder and those above it that are missing; returns the uppermost that was made, undefined where none was. A
 * failure leaves none behind.
 * Not `mkdir` with `recursive`: it never ends in a folder of /proc, whose answer to any new name is ENOENT.
 * @throws the system's error where it cannot be made
 */
export async function makeFolder(path: string, options: FolderOptions = {}): Promise<string | undefined> {
  const folder = resolve(path);
  try {
    await mkdir(folder, options);
    return folder;
  } catch (thrown) {
    // A drive's root answers EPERM, not EEXIST.
    if (await isFolder(folder)) return undefined;
    if (systemCodeOf(thrown) !== 'ENOENT' || dirname(folder) === folder) throw thrown;
  }
  const made = await makeFolder(dirname(folder), options);
  try {
    await mkdir(folder, options);
  } catch (thrown) {
    // Another program made it meanwhile.
    if (systemCodeOf(thrown) === 'EEXIST') return made;
    if (made !== undefined) await removeEmptyFolders(dirname(folder), made);
    throw thrown;
  }
  return made ?? folder;
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
