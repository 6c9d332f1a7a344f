const HEADER_BYTES = 64;

/**
 * Decodes one frame of DICOM's run-length encoding (PS3.5 annex G): the bytes of the values lie in one segment each,
 * the most significant first, packed as PackBits does.
 *
 * @returns little-endian stored values, or undefined where the segments are damaged or too short
 */
export function decodeRle(
  encoded: Uint8Array,
  valueCount: number,
  bitsAllocated: 8 | 16,
): Uint8Array | undefined {
  const bytesPerValue = bitsAllocated / 8;
  if (encoded.length < HEADER_BYTES) return undefined;
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  if (view.getUint32(0, true) !== bytesPerValue) return undefined;
  const out = new Uint8Array(valueCount * bytesPerValue);
  for (let segment = 0; segment < bytesPerValue; segment++) {
    const from = view.getUint32(4 + 4 * segment, true);
    const to = segment + 1 < bytesPerValue ? view.getUint32(8 + 4 * segment, true) : encoded.length;
    if (from < HEADER_BYTES || to < from || to > encoded.length) return undefined;
    const complete = unpackBits(encoded.subarray(from, to), {
      out,
      first: bytesPerValue - 1 - segment,
      stride: bytesPerValue,
      count: valueCount,
    });
    if (!complete) return undefined;
  }
  return out;
}

interface Plane {
  readonly out: Uint8Array;
  readonly first: number;
  readonly stride: number;
  readonly count: number;
}

/** Unpacks runs into every `stride`-th byte; what goes beyond `count` bytes is padding. */
function unpackBits(packed: Uint8Array, { out, first, stride, count }: Plane): boolean {
  let at = 0;
  let done = 0;
  while (at < packed.length && done < count) {
    const control = packed[at++]!;
    if (control < 128) {
      const literal = Math.min(control + 1, count - done);
      if (at + literal > packed.length) return false;
      for (let n = 0; n < literal; n++) out[first + stride * done++] = packed[at + n]!;
      at += control + 1;
    } else if (control > 128) {
      if (at >= packed.length) return false;
      const value = packed[at++]!;
      const run = Math.min(257 - control, count - done);
      for (let n = 0; n < run; n++) out[first + stride * done++] = value;
    }
  }
  return done === count;
}
