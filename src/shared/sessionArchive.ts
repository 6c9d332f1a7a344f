import { gunzipSync, gzipSync, unzipSync, zipSync } from 'fflate';
import { UserError } from './errors.ts';
import { type Failures, failure } from './failures/failure.ts';

/** How the files of saved work end. */
export const SESSION_SUFFIX = '.session';

/** Named parts of a saved session. */
export type SessionParts = Readonly<Record<string, Uint8Array>>;

/** In place of the time of packing, so that equal work gives equal bytes (ZIP counts from 1980). */
const NO_TIME = new Date(1980, 0, 1);

/**
 * What is kept of a saved session as bytes: a ZIP. Parts whose names end in `.gz` are compressed already and stored as
 * they are; so a crop that never changes is compressed once, however often the work is saved.
 */
export function packSession(parts: SessionParts): Uint8Array {
  return zipSync(
    Object.fromEntries(
      Object.entries(parts).map(([name, bytes]) => [name, [bytes, { level: name.endsWith('.gz') ? 0 : 1 }]]),
    ),
    { mtime: NO_TIME },
  );
}

export const compressPart = (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { level: 1, mtime: 0 });

/** The parts as they were packed: those with `.gz` are compressed. */
export const packedParts = (archive: Uint8Array): Record<string, Uint8Array> => unzipSync(archive);

/** The parts again, those with `.gz` unpacked, too, by the name without it: who saves them again need not compress them. */
export function unpackSession(archive: Uint8Array): SessionParts {
  const parts = packedParts(archive);
  for (const [name, bytes] of Object.entries(parts))
    if (name.endsWith('.gz')) parts[name.slice(0, -3)] = gunzipSync(bytes);
  return parts;
}

export type SavedPart = Failures['storage.session-not-restorable']['part'];

/**
 * Reads a part of saved work.
 * @throws UserError that names the part where it is missing or damaged
 */
export function readingPart<T>(part: SavedPart, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw new UserError(failure('storage.session-not-restorable', { part }));
  }
}
