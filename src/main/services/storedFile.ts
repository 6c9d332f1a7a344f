import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { UserError } from '#shared/errors.ts';

/** The error code of the operating system, where there is one. */
export const systemCode = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;

export const isMissing = (thrown: unknown): boolean => systemCode(thrown) === 'ENOENT';

/** One sentence, without a path, for a file that could not be written. `what`: "The settings", say. */
export function notStored(what: string, thrown: unknown): UserError {
  const code = systemCode(thrown);
  const why = code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : `it cannot be written (${code})`;
  return new UserError(`${what} could not be kept: ${why}.`);
}

/**
 * Writes a file of the application's own folder so that after a kill there is the old one or the new one, whole.
 * @param what for the sentence where it fails
 * @throws UserError where it cannot be written
 */
export async function storeFile(path: string, content: Uint8Array | string, what: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    // Clinical work stays readable for its owner only.
    await writeFileAtomic(path, typeof content === 'string' ? content : Buffer.from(content), {
      mode: 0o600,
    });
  } catch (thrown) {
    throw notStored(what, thrown);
  }
}
