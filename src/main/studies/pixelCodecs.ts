import { createPixelCodecs } from '#shared/dicom/createPixelCodecs.ts';
import type { PixelCodecs } from '#shared/dicom/pixelCodecs.ts';

/** The libraries remark on every image; what matters comes as an error. Each module becomes the object that it is given. */
const silent = () => ({ print: () => {}, printErr: () => {} });

/**
 * The decoders for compressed images, for Node. The packages' loaders find the WebAssembly beside themselves, so they
 * must stay in node_modules and out of bundles.
 */
export const pixelCodecs: PixelCodecs = createPixelCodecs({
  jpegLs: async () => (await import('@cornerstonejs/codec-charls/decodewasmjs')).default(silent()),
  jpeg: async () => (await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs')).default(silent()),
  jpeg2000: async () => (await import('@cornerstonejs/codec-openjpeg/decodewasmjs')).default(silent()),
  htj2k: async () => (await import('@cornerstonejs/codec-openjph/wasmjs')).default(silent()),
  jpegLossless: () => import('jpeg-lossless-decoder-js'),
});
