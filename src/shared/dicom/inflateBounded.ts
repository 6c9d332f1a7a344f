import { Inflate } from 'fflate';

/** A piece of input inflates to at most 1032 times its size: what hostile input can make one step allocate. */
const PIECE_BYTES = 16 * 1024;

export interface Inflated {
  /** At most `limit` bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the deflated stream ended, rather than the limit or the input. */
  readonly complete: boolean;
}

/**
 * Inflates raw deflate data (RFC 1951) up to `limit` bytes and no further, so that hostile input cannot fill the
 * memory. For damaged input, returns what came before the damage, with `complete: false`.
 */
export function inflateBounded(deflated: Uint8Array, limit: number): Inflated {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const inflate = new Inflate((piece, final) => {
    pieces.push(piece);
    length += piece.length;
    ended ||= final;
  });
  try {
    for (let at = 0; at < deflated.length && length < limit && !ended; at += PIECE_BYTES) {
      const end = Math.min(deflated.length, at + PIECE_BYTES);
      inflate.push(deflated.subarray(at, end), end === deflated.length);
    }
  } catch {
    // fflate throws its own errors for damage; `complete: false` reports all of them.
    ended = false;
  }
  const bytes = new Uint8Array(Math.min(length, limit));
  let at = 0;
  for (const piece of pieces) {
    const fitting = piece.subarray(0, bytes.length - at);
    bytes.set(fitting, at);
    at += fitting.length;
    if (at === bytes.length) break;
  }
  return { bytes, complete: ended && length <= limit };
}
