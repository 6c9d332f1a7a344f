import type { Picture } from '#shared/contract/services/exporting.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The picture's bytes. @throws UserError where they are no PNG. */
export function pngBytes({ png }: Picture): Uint8Array {
  if (!PNG_SIGNATURE.every((value, index) => png[index] === value)) {
    throw new UserError(failure('export.picture-not-png'));
  }
  return png;
}
