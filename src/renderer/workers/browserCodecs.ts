import charlsUrl from '@cornerstonejs/codec-charls/decodewasm?url';
import libjpegUrl from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url';
import openjpegUrl from '@cornerstonejs/codec-openjpeg/decodewasm?url';
import openjphUrl from '@cornerstonejs/codec-openjph/wasm?url';
import type { GdcmModule } from '#shared/dicom/codecModules.ts';
import { createPixelCodecs } from '#shared/dicom/createPixelCodecs.ts';
import type { PixelCodecs } from '#shared/dicom/pixelCodecs.ts';
import type { GdcmScript } from '#shared/dicom/startGdcm.ts';
// The package exports only its entry; the programs are in a folder beside it.
import gdcmScriptUrl from '../../../node_modules/@itk-wasm/image-io/dist/pipelines/gdcm-read-image.js?url';
import gdcmWasmUrl from '../../../node_modules/@itk-wasm/image-io/dist/pipelines/gdcm-read-image.wasm.zst?url';

/**
 * The WebAssembly comes from beside the application; the libraries' messages for every image are discarded. Each
 * module is built into the object passed to it.
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
  jpeg12: loadGdcm,
});

async function loadGdcm(): Promise<GdcmModule> {
  const response = await fetch(gdcmWasmUrl);
  if (!response.ok) throw new Error(`The decoder was not found: ${response.status}.`);
  const script: GdcmScript = await import(/* @vite-ignore */ gdcmScriptUrl);
  const { startGdcm } = await import('#shared/dicom/startGdcm.ts');
  return startGdcm(script, new Uint8Array(await response.arrayBuffer()));
}
