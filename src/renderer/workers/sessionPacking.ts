import { packedParts, packSession, type SessionParts } from '#shared/sessionArchive.ts';

/** Below this many bytes a part is compressed as quickly by a script. */
const LEAST_BYTES = 4096;

async function through(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const compressed = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}

/** `compressPart` by the browser itself, which takes half of a script's time; other bytes that give the same part. */
export const compress = (bytes: Uint8Array): Promise<Uint8Array> =>
  through(bytes, new CompressionStream('gzip'));

/** The large parts alone, compressed by the browser itself, by their names with `.gz`. */
export async function compressParts(parts: SessionParts): Promise<SessionParts> {
  const packed = Object.entries(parts)
    .filter(([name, bytes]) => !name.endsWith('.gz') && bytes.length >= LEAST_BYTES)
    .map(async ([name, bytes]): Promise<[string, Uint8Array]> => [`${name}.gz`, await compress(bytes)]);
  return Object.fromEntries(await Promise.all(packed));
}

/** `packSession` with its large parts compressed by the browser itself. */
export async function pack(parts: SessionParts): Promise<Uint8Array> {
  const compressed = await compressParts(parts);
  const packed = Object.entries(parts).map(([name, bytes]): [string, Uint8Array] => {
    const made = compressed[`${name}.gz`];
    return made ? [`${name}.gz`, made] : [name, bytes];
  });
  return packSession(Object.fromEntries(packed));
}

/**
 * `unpackSession` with parts unpacked by the browser itself.
 * @throws where the archive is damaged
 */
export async function unpack(archive: Uint8Array): Promise<SessionParts> {
  const parts = packedParts(archive);
  for (const [name, bytes] of Object.entries(parts))
    if (name.endsWith('.gz'))
      parts[name.slice(0, -3)] = await through(bytes, new DecompressionStream('gzip'));
  return parts;
}
