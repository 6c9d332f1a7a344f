import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '#shared/errors.ts';

/**
 * Writes a set of files into a folder so that each appears whole, and none unless all could be written: first into a
 * hidden folder beside it, then renamed one by one. Files of other names in the folder are left alone.
 * @throws UserError where the folder cannot be written.
 */
export async function writeFilesTogether(
  folder: string,
  files: ReadonlyMap<string, Uint8Array | string>,
): Promise<void> {
  const target = resolve(folder);
  let staging: string | undefined;
  try {
    await mkdir(dirname(target), { recursive: true });
    staging = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
    for (const [name, content] of files) await writeFile(join(staging, name), content);
    await mkdir(target, { recursive: true });
    for (const name of files.keys()) await rename(join(staging, name), join(target, name));
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? ` (${String(thrown.code)})` : '';
    throw new UserError(`The results could not be written to the folder ${basename(target)}${code}.`);
  } finally {
    if (staging !== undefined) await rm(staging, { recursive: true, force: true });
  }
}

/** Throws a UserError where a folder cannot be made or written, before any work is done for it. */
export async function assertWritable(folder: string): Promise<void> {
  await writeFilesTogether(folder, new Map());
}
