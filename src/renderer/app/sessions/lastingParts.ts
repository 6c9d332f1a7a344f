import type { SessionParts } from '#shared/sessionArchive.ts';

/** Surfaces and fields are made anew where they change; the labels change in place, the rest is small. */
const LASTING = /\.(?:f32|u32)$/;

/** A place in memory, for views of it are made anew with each save. */
const placeOf = ({ byteOffset, byteLength }: Uint8Array): string => `${byteOffset} ${byteLength}`;

/**
 * Puts what was compressed for the save before in the place of parts that are still the same: a verdict or a note
 * changes no surface, and an edit neither the original nor the atrium.
 * @param compress `compressParts` of the archiver
 */
export function lastingParts(
  compress: (parts: SessionParts) => Promise<SessionParts>,
): (parts: SessionParts) => Promise<SessionParts> {
  // By the memory that they lie in, so that nothing is kept of surfaces that are gone.
  type Kept = WeakMap<ArrayBufferLike, Map<string, Uint8Array>>;
  let kept: Kept = new WeakMap();
  const find = (from: Kept, bytes: Uint8Array): Uint8Array | undefined =>
    from.get(bytes.buffer)?.get(placeOf(bytes));
  const keep = (into: Kept, bytes: Uint8Array, compressed: Uint8Array): void => {
    const places = into.get(bytes.buffer) ?? new Map<string, Uint8Array>();
    into.set(bytes.buffer, places.set(placeOf(bytes), compressed));
  };
  return async (parts) => {
    const lasting = Object.entries(parts).filter(([name]) => LASTING.test(name));
    const fresh = lasting.filter(([, bytes]) => !find(kept, bytes));
    const made = fresh.length === 0 ? {} : await compress(Object.fromEntries(fresh));
    const now: Kept = new WeakMap();
    for (const [name, bytes] of lasting) {
      const compressed = find(kept, bytes) ?? made[`${name}.gz`];
      if (compressed) keep(now, bytes, compressed);
    }
    kept = now;
    return Object.fromEntries(
      Object.entries(parts).map(([name, bytes]) => {
        const compressed = LASTING.test(name) ? find(now, bytes) : undefined;
        return compressed ? [`${name}.gz`, compressed] : [name, bytes];
      }),
    );
  };
}
