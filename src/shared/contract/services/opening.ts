import { z } from 'zod';
import { method } from '../../rpc/contract.ts';

const none = z.strictObject({});

export const openedFileSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  /** From the folder that was opened, which is its first part; no place on the disk. */
  path: z.string(),
  sizeBytes: z.int().nonnegative(),
  /** What of it could not be reached; it has no bytes then. */
  unreached: z.enum(['file', 'folder', 'special']).optional(),
});

/** The most bytes that one `read` answers. */
export const MOST_BYTES_A_READ = 16 * 2 ** 20;

/** Files and folders that a person opened with the program: as arguments, by a double click, dropped on its icon. */
export const openingService = {
  /** What was opened since the last call; what earlier calls answered can still be read, but of very many files the oldest. */
  take: method(none, z.strictObject({ files: z.array(openedFileSchema) })),
  /** The bytes of a file from a place on, at most `MOST_BYTES_A_READ`. */
  read: method(
    z.strictObject({
      id: openedFileSchema.shape.id,
      fromByte: z.int().nonnegative(),
      mostBytes: z.int().positive().max(MOST_BYTES_A_READ).optional(),
    }),
    z.strictObject({ bytes: z.instanceof(Uint8Array) }),
  ),
};

export type OpenedFileInfo = z.output<typeof openedFileSchema>;
