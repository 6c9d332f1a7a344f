import { createHash } from 'node:crypto';

/**
 * A UID that is a function of its parts: 2.25 and the decimal form of a UUID (PS3.5 annex B.2; RFC 9562's version 8, its
 * free bits from SHA-256). The same object made of the same content gets the same UID, so that sending it twice does not
 * make two of it; anything that differs, the time of its content included, gives another one.
 */
export function derivedUid(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    // The length keeps "a", "bc" apart from "ab", "c".
    hash.update(`${part.length}:`).update(part);
  }
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`;
}
