import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { defaultDataFolder } from '../home/dataFolder.ts';
import { decodeSession } from '../home/sessionFile.ts';

/** A result is a folder, saved work a file. */
export const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

export const usualDataFolder = (): string =>
  defaultDataFolder({ platform: process.platform, home: homedir(), env: process.env });

/** @throws UserError where the file is no saved work, or differs from what was saved */
export const savedArchive = async (file: string): Promise<Uint8Array> => (await savedFile(file)).state;

/** The same, and when it was saved. */
export async function savedFile(file: string): Promise<NonNullable<ReturnType<typeof decodeSession>>> {
  const fileName = basename(file);
  const bytes = await readFile(file).catch(() => {
    throw new UserError(failure('files.unreadable', { fileName }));
  });
  const saved = decodeSession(bytes);
  if (!saved) throw new UserError(failure('report.not-saved-work', { fileName }));
  return saved;
}
