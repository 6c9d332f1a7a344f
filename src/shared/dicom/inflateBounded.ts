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
  const { length, ended } = inflatePieces(deflated, limit, (piece) => pieces.push(piece));
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

/** How many bytes raw deflate data inflates to, counted up to `limit` without keeping them. */
export const inflatedLength = (deflated: Uint8Array, limit: number): number =>
  Math.min(limit, inflatePieces(deflated, limit, () => {}).length);

function inflatePieces(
  deflated: Uint8Array,
  limit: number,
  take: (piece: Uint8Array) => void,
): { readonly length: number; readonly ended: boolean } {
  let length = 0;
  let ended = false;
  const start = isZlib(deflated) ? ZLIB_HEADER_BYTES : 0;
  const inflate = new Inflate((piece, final) => {
    take(piece);
    length += piece.length;
    ended ||= final;
  });
  try {
    for (let at = start; at < deflated.length && length < limit && !ended; at += PIECE_BYTES) {
      const end = Math.min(deflated.length, at + PIECE_BYTES);
      inflate.push(deflated.subarray(at, end), end === deflated.length);
    }
  } catch {
    // fflate throws its own errors for damage; `ended: false` reports all of them.
    ended = false;
  }
  return { length, ended };
}

const ZLIB_HEADER_BYTES = 2;

/**
 * Whether the data begins with zlib's header (RFC 1950), which DICOM does not want. As deflate data it would be a
 * stored block, whose length is followed by its complement.
 */
function isZlib(bytes: Uint8Array): boolean {
  const [first = 0, second = 0, lengthHigh = 0, notLow = 0, notHigh = 0] = bytes.subarray(0, 5);
  if ((first & 0x8f) !== 8 || ((first << 8) | second) % 31 !== 0) return false;
  return (second ^ notLow) !== 0xff || (lengthHigh ^ notHigh) !== 0xff;
}
