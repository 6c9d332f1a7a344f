import charlsUrl from '@cornerstonejs/codec-charls/decodewasm?url';
import libjpegUrl from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url';
import openjpegUrl from '@cornerstonejs/codec-openjpeg/decodewasm?url';
import openjphUrl from '@cornerstonejs/codec-openjph/wasm?url';
import { createPixelCodecs } from '#shared/dicom/createPixelCodecs.ts';
import type { PixelCodecs } from '#shared/dicom/pixelCodecs.ts';

/**
 * The WebAssembly comes from beside the application; the libraries' remarks on every image go nowhere. Each module
 * becomes the object that it is given.
 */
const from = (wasmUrl: string) => ({ locateFile: () => wasmUrl, print: () => {}, printErr: () => {} });

/** The decoders for compressed images, for web workers; each is fetched when the first image of its kind is met. */
export const browserCodecs: PixelCodecs = createPixelCodecs({
  jpegLs: async () => (await import('@cornerstonejs/codec-charls/decodewasmjs')).default(from(charlsUrl)),
  jpeg: async () =>
    (await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs')).default(from(libjpegUrl)),
  jpeg2000: async () =>
    (await import('@cornerstonejs/codec-openjpeg/decodewasmjs')).default(from(openjpegUrl)),
  htj2k: async () => (await import('@cornerstonejs/codec-openjph/wasmjs')).default(from(openjphUrl)),
  jpegLossless: () => import('jpeg-lossless-decoder-js'),
});
