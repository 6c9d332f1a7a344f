import { access, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { NamedFile } from '#shared/contract/values.ts';
import { CancelledError, throwIfCancelled, UserError } from '#shared/errors.ts';
import { isMissing, systemCode } from './storedFile.ts';

/** Characters that Windows, the strictest, does not take in names; anything below a space, too. */
const FORBIDDEN = '<>:"/\\|?*';

const isUsable = (name: string): boolean =>
  name !== '' &&
  [...name].every((character) => character >= ' ' && !FORBIDDEN.includes(character)) &&
  !/[. ]$/.test(name) &&
  basename(name) === name;

/** "laa.stl" with number 2 becomes "laa (2).stl"; all that belongs together (laa.stl, laa.stl.json) keeps together. */
export function numberedName(name: string, number: number): string {
  if (number === 1) return name;
  const dot = name.indexOf('.', 1);
  const [stem, ending] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
  return `${stem} (${number})${ending}`;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (thrown) {
    if (isMissing(thrown)) return false;
    throw thrown;
  }
}

/** The lowest number for which none of the files is there yet. */
async function freeNumber(folder: string, names: readonly string[]): Promise<number> {
  for (let number = 1; ; number++) {
    const taken = await Promise.all(names.map((name) => exists(join(folder, numberedName(name, number)))));
    if (!taken.includes(true)) return number;
  }
}

/**
 * Writes files into a folder that a person chose: each whole or not at all, and none where one fails. What is there
 * already stays: then all files of the set get the same number after their names.
 * @throws UserError where the folder cannot be written or a name cannot be used; CancelledError when the signal fires
 */
export async function saveFiles(
  folder: string,
  files: readonly NamedFile[],
  signal?: AbortSignal,
): Promise<void> {
  const names = files.map(({ name }) => name);
  if (!names.every(isUsable) || new Set(names.map((name) => name.toLowerCase())).size < names.length) {
    throw new UserError('The files cannot be saved under their names.');
  }
  const written: string[] = [];
  try {
    const number = await freeNumber(folder, names);
    for (const { name, bytes } of files) {
      throwIfCancelled(signal);
      const path = join(folder, numberedName(name, number));
      await writeFileAtomic(path, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      written.push(path);
    }
  } catch (thrown) {
    for (const path of written) await rm(path, { force: true }).catch(() => undefined);
    if (thrown instanceof CancelledError) throw thrown;
    throw new UserError(saveFailure(systemCode(thrown)));
  }
}

/** The sentence for an error code of the operating system. */
export function saveFailure(code: string | undefined): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk is full: nothing was saved.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'The folder may not be written to; choose another one.';
    case 'ENOENT':
    case 'ENOTDIR':
      return 'The folder is no longer there; choose another one.';
    default:
      return `The files could not be saved${code === undefined ? '' : ` (${code})`}.`;
  }
}
