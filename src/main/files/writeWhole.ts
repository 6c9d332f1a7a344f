import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import process from 'node:process';

export interface WriteOptions {
  /** The file's permissions; by default those of any new file. */
  readonly mode?: number;
}

let written = 0;

/** A name beside the file; a number at its end tells what a killed process has left. */
const temporaryName = (path: string): string => `${path}.${process.pid}${String(written++).padStart(6, '0')}`;

/**
 * Writes a file that appears whole or not at all, in place of an earlier one: beside it first, to the disk, then renamed.
 * Unlike write-file-atomic it goes on where the system took a part of the bytes only, as a disk does that becomes full,
 * so that it fails there rather than rename a file that is cut short.
 * @throws the system's error where it cannot be written; what was there before stands
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  { mode }: WriteOptions = {},
): Promise<void> {
  const fresh = temporaryName(path);
  try {
    const handle = await open(fresh, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, path);
  } catch (thrown) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

/** {@link writeWhole} at once, for where the process ends. */
export function writeWholeSync(path: string, content: string | Uint8Array): void {
  const fresh = temporaryName(path);
  try {
    writeFileSync(fresh, content, { flag: 'wx', flush: true });
    renameSync(fresh, path);
  } catch (thrown) {
    rmSync(fresh, { force: true });
    throw thrown;
  }
}
