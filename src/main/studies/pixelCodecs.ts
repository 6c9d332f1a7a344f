import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { GdcmModule } from '#shared/dicom/codecModules.ts';
import { createPixelCodecs } from '#shared/dicom/createPixelCodecs.ts';
import type { PixelCodecs } from '#shared/dicom/pixelCodecs.ts';
import type { GdcmScript } from '#shared/dicom/startGdcm.ts';

/**
 * The libraries log messages for every image; problems are thrown as errors. Each module is built into the object
 * passed to it.
 */
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
  jpeg12: loadGdcm,
});

async function loadGdcm(): Promise<GdcmModule> {
  // The package exports only its entry; the programs are in a folder beside it.
  const entry = createRequire(import.meta.url).resolve('@itk-wasm/image-io');
  const program = path.join(path.dirname(entry), 'pipelines', 'gdcm-read-image');
  const script: GdcmScript = await import(/* @vite-ignore */ pathToFileURL(`${program}.js`).href);
  const { startGdcm } = await import('#shared/dicom/startGdcm.ts');
  const gdcm = await startGdcm(script, await readFile(`${program}.wasm.zst`));
  return keepingExitCode(gdcm);
}

/** The program sets the exit code of the process that it runs in, which is ours. */
function keepingExitCode(gdcm: GdcmModule): GdcmModule {
  const { callMain } = gdcm;
  return Object.assign(gdcm, {
    callMain(programArguments: string[]) {
      const { exitCode } = process;
      try {
        return callMain(programArguments);
      } finally {
        process.exitCode = exitCode;
      }
    },
  });
}
