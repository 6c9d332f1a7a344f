import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { decodeSession } from '../home/sessionFile.ts';

/** A result is a folder, saved work a file. */
export const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** @throws UserError where the file is no saved work, or differs from what was saved */
export async function savedArchive(file: string): Promise<Uint8Array> {
  const fileName = basename(file);
  const bytes = await readFile(file).catch(() => {
    throw new UserError(failure('files.unreadable', { fileName }));
  });
  const saved = decodeSession(bytes);
  if (!saved) throw new UserError(failure('report.not-saved-work', { fileName }));
  return saved.state;
}
