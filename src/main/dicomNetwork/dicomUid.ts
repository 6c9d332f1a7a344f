import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';

/** Whether it may stand in an address and in a file's name: digits and dots (PS3.5 section 9.1). */
export const isUid = (text: string): boolean => /^[0-9]+(\.[0-9]+)*$/.test(text) && text.length <= 64;

/** @throws UserError where it is no UID */
export function requireUid(text: string): string {
  const uid = text.trim();
  if (!isUid(uid)) throw new UserError(failure('network.uid-invalid', { uid: text }));
  return uid;
}
