import { decompress } from 'fzstd';
import type { GdcmModule } from './codecModules.ts';

interface GdcmOptions {
  readonly wasmBinary: Uint8Array;
  print: (text: string) => void;
  printErr: (text: string) => void;
}

/** What the script beside the WebAssembly exports. */
export interface GdcmScript {
  readonly default: (options: GdcmOptions) => Promise<GdcmModule>;
}

const ignore = (): void => {};

/**
 * Starts itk-wasm's program `gdcm-read-image`. Its own loader cannot be used: it fetches its decompressor from a data:
 * address, which the content security policy forbids, and in Node starts the program anew for every image.
 *
 * @param compressed its WebAssembly as it is published, compressed with Zstandard
 */
export const startGdcm = (script: GdcmScript, compressed: Uint8Array): Promise<GdcmModule> =>
  script.default({
    wasmBinary: decompress(compressed),
    // The script replaces these by ones that write to the console, which the empty setters prevent.
    get print() {
      return ignore;
    },
    set print(_replacement) {},
    get printErr() {
      return ignore;
    },
    set printErr(_replacement) {},
  });
