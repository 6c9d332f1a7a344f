import type { PixelCodecs } from '../pixelCodecs.ts';

/** For files that are uncompressed or run-length encoded. */
export const noPixelCodecs: PixelCodecs = {
  decode: () => Promise.reject(new Error('No decoder for compressed images is loaded.')),
};
