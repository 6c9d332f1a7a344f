import { dirname } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { type Failures, failure } from '#shared/failures/failure.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { systemCodeOf } from '../files/systemCode.ts';
import { writeWhole } from '../files/writeWhole.ts';

/** What is kept, as a failure names it. */
export type Stored = Failures['storage.disk-full']['what'];

/** For a file of the application that could not be written. */
export function notStored(what: Stored, thrown: unknown): UserError {
  const code = systemCodeOf(thrown);
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new UserError(
    isFull
      ? failure('storage.disk-full', { what })
      : failure('storage.not-kept', { what, systemCode: String(code) }),
  );
}

/**
 * Writes a file of the application's own folder so that after a kill there is the old one or the new one, whole.
 * @throws UserError where it cannot be written
 */
export async function storeFile(path: string, content: Uint8Array | string, what: Stored): Promise<void> {
  try {
    await makeFolder(dirname(path));
    // Clinical work stays readable for its owner only.
    await writeWhole(path, content, {
      mode: 0o600,
    });
  } catch (thrown) {
    throw notStored(what, thrown);
  }
}
