import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import type { GdcmModule, OpenjpegModule } from '#shared/dicom/codecModules.ts';
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
  jpeg2000: loadOpenjpeg,
  htj2k: async () => (await import('@cornerstonejs/codec-openjph/wasmjs')).default(silent()),
  jpeg12: loadGdcm,
});

/**
 * OpenJPEG decodes blocks in one huge function. V8 11 (Node 20) compiles such functions with a register allocator that
 * saves time in compiling: a slice of 512 × 512 then takes 16.5 ms in place of 12. Later versions of V8 have neither
 * that allocator nor the flag.
 */
async function loadOpenjpeg(): Promise<OpenjpegModule> {
  if (process.versions.v8.startsWith('11.')) {
    setFlagsFromString('--no-turbo-use-mid-tier-regalloc-for-huge-functions');
  }
  return (await import('@cornerstonejs/codec-openjpeg/decodewasmjs')).default(silent());
}

async function loadGdcm(): Promise<GdcmModule> {
  const files = gdcmOfPackage() ?? (await gdcmOfPage(fileURLToPath(import.meta.url)));
  const script: GdcmScript = await import(/* @vite-ignore */ pathToFileURL(files.script).href);
  const { startGdcm } = await import('#shared/dicom/startGdcm.ts');
  const gdcm = await startGdcm(script, await readFile(files.wasm));
  return keepingExitCode(gdcm);
}

interface GdcmFiles {
  readonly script: string;
  readonly wasm: string;
}

/** In the package, which exports only its entry; the programs are in a folder beside it. Undefined: it is not installed. */
function gdcmOfPackage(): GdcmFiles | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve('@itk-wasm/image-io');
    const program = path.join(path.dirname(entry), 'pipelines', 'gdcm-read-image');
    return { script: `${program}.js`, wasm: `${program}.wasm.zst` };
  } catch {
    return undefined;
  }
}

/**
 * Among the page's files, where an installed program has the decoder once for both.
 * @param builtFile a file of dist/main
 */
export async function gdcmOfPage(builtFile: string): Promise<GdcmFiles> {
  let folder = path.dirname(builtFile);
  while (path.basename(folder) !== 'main' && path.dirname(folder) !== folder) folder = path.dirname(folder);
  const assets = path.join(path.dirname(folder), 'renderer', 'assets');
  const names = (await readdir(assets)).filter((name) => name.startsWith('gdcm-read-image'));
  const [script, wasm] = ['.js', '.zst'].map((end) => names.find((name) => name.endsWith(end)));
  if (script === undefined || wasm === undefined) throw new Error('The decoder for 12-bit JPEG is missing.');
  return { script: path.join(assets, script), wasm: path.join(assets, wasm) };
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
