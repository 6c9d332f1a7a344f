import { access, mkdir, rm, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { NamedFile } from '#shared/contract/values.ts';
import { CancelledError, throwIfCancelled, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { isMissing, systemCodeOf } from '../files/systemCode.ts';
import { writeWhole } from '../files/writeWhole.ts';

/** Characters that Windows, the strictest, does not take in names; anything below a space, too. */
const FORBIDDEN = '<>:"/\\|?*';

const isUsable = (name: string): boolean =>
  name !== '' &&
  [...name].every((character) => character >= ' ' && !FORBIDDEN.includes(character)) &&
  !/[. ]$/.test(name) &&
  basename(name) === name;

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (thrown) {
    if (isMissing(thrown)) return false;
    throw thrown;
  }
}

/** Makes the first folder "Auricle export 2", "Auricle export 3", … that is not there yet. @returns its path */
async function newSubfolder(folder: string): Promise<string> {
  for (let number = 2; ; number++) {
    const path = join(folder, `Auricle export ${number}`);
    try {
      await mkdir(path);
      return path;
    } catch (thrown) {
      if (systemCodeOf(thrown) !== 'EEXIST') throw thrown;
    }
  }
}

/**
 * Writes files into a folder that a person chose: each whole or not at all, and none where one fails. What is there
 * already stays: where one of the names is taken, the whole set goes into a new folder in it. No file gets another
 * name, for files name each other.
 * @returns the name of the folder that the files lie in
 * @throws UserError where the folder cannot be written or a name cannot be used; CancelledError when the signal fires
 */
export async function saveFiles(
  folder: string,
  files: readonly NamedFile[],
  signal?: AbortSignal,
): Promise<string> {
  const names = files.map(({ name }) => name);
  if (!names.every(isUsable) || new Set(names.map((name) => name.toLowerCase())).size < names.length) {
    throw new UserError(failure('export.names-unusable'));
  }
  const written: string[] = [];
  let made: string | undefined;
  try {
    throwIfCancelled(signal);
    const taken = await Promise.all(names.map((name) => exists(join(folder, name))));
    if (taken.includes(true)) made = await newSubfolder(folder);
    const target = made ?? folder;
    for (const { name, bytes } of files) {
      throwIfCancelled(signal);
      const path = join(target, name);
      await writeWhole(path, bytes);
      written.push(path);
    }
    return basename(target);
  } catch (thrown) {
    for (const path of written) await rm(path, { force: true }).catch(() => undefined);
    if (made !== undefined) await rmdir(made).catch(() => undefined);
    if (thrown instanceof CancelledError) throw thrown;
    throw new UserError(saveFailure(systemCodeOf(thrown)));
  }
}

/** What an error code of the operating system means for a person who saves files. */
export function saveFailure(code: string | undefined): Failure {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return failure('export.disk-full');
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return failure('export.folder-not-writable');
    case 'ENOENT':
    case 'ENOTDIR':
      return failure('export.folder-gone');
    default:
      return failure('export.not-saved', { systemCode: code ?? '' });
  }
}
