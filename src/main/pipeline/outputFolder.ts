import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { removeEmptyFolders } from '../files/removeEmptyFolders.ts';
import { systemCodeOf } from '../files/systemCode.ts';

/**
 * Writes a set of files into a folder so that each appears whole, and none unless all could be written: first into a
 * hidden folder within it, then renamed one by one. Files of other names in the folder are left alone, except those of
 * `replaced`: names of an earlier set that must not be left among the new files.
 * @throws UserError where the folder cannot be written; then nothing is left behind.
 */
export async function writeFilesTogether(
  folder: string,
  files: ReadonlyMap<string, Uint8Array | string>,
  replaced: readonly string[] = [],
): Promise<void> {
  const target = resolve(folder);
  let made: string | undefined;
  let staging: string | undefined;
  const renamed: string[] = [];
  try {
    made = await makeFolder(target);
    staging = await mkdtemp(join(target, '.auricle-'));
    for (const [name, content] of files) await writeFile(join(staging, name), content);
    for (const name of replaced) if (!files.has(name)) await rm(join(target, name), { force: true });
    for (const name of files.keys()) {
      await rename(join(staging, name), join(target, name));
      renamed.push(join(target, name));
    }
    made = undefined;
  } catch (thrown) {
    throw notWritable(target, thrown);
  } finally {
    if (staging !== undefined) await rm(staging, { recursive: true, force: true });
    if (made !== undefined) {
      for (const file of renamed) await rm(file, { force: true });
      await removeEmptyFolders(target, made);
    }
  }
}

/**
 * Throws a UserError where a folder cannot be made or written, before any work is done for it. Leaves no trace: a folder
 * that was made for the trial is removed again.
 */
export async function assertWritable(folder: string): Promise<void> {
  const target = resolve(folder);
  let made: string | undefined;
  try {
    made = await makeFolder(target);
    await rm(await mkdtemp(join(target, '.auricle-')), { recursive: true });
  } catch (thrown) {
    throw notWritable(target, thrown);
  } finally {
    if (made !== undefined) await removeEmptyFolders(target, made);
  }
}

function notWritable(target: string, thrown: unknown): UserError {
  const systemCode = systemCodeOf(thrown) ?? '';
  return new UserError(failure('pipeline.results-not-written', { folder: basename(target), systemCode }));
}
