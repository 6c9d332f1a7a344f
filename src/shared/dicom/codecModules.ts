/**
 * The parts of the codec libraries' Emscripten modules that are used. Hosts load the modules, each in its way;
 * `createPixelCodecs` drives them.
 */
interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned?: boolean;
}

/** A decoder object in WebAssembly memory; the buffers are views of it, invalid after the next call. */
interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array | Uint8ClampedArray;
  decode(): void;
  getFrameInfo(): FrameInfo;
  delete(): void;
}

export interface CharlsModule {
  readonly JpegLSDecoder: new () => WasmDecoder;
}
export interface LibjpegTurboModule {
  readonly JPEGDecoder: new () => WasmDecoder;
}
export interface OpenjpegModule {
  readonly J2KDecoder: new () => WasmDecoder;
}
export interface OpenjphModule {
  readonly HTJ2KDecoder: new () => WasmDecoder;
}
/** The parts of itk-wasm's program `gdcm-read-image` that are used: it reads a DICOM file with GDCM. */
export interface GdcmModule {
  fs_writeFile(path: string, bytes: Uint8Array): void;
  fs_unlink(path: string): void;
  /** Runs the program. @returns its exit status */
  callMain(programArguments: string[]): number;
  stackSave(): number;
  stackRestore(position: number): void;
  ccall(
    name: string,
    returns: 'number' | null,
    types: readonly 'number'[],
    values: readonly number[],
  ): number | null;
  /** All of its memory; another view after the memory has grown. */
  readonly HEAPU8: Uint8Array;
}

/** How a host gets each library; called when the first image of its kind is met, and again after a failure. */
export interface CodecLoaders {
  readonly jpegLs: () => Promise<CharlsModule>;
  readonly jpeg: () => Promise<LibjpegTurboModule>;
  readonly jpeg2000: () => Promise<OpenjpegModule>;
  readonly htj2k: () => Promise<OpenjphModule>;
  readonly jpeg12: () => Promise<GdcmModule>;
}

export type { WasmDecoder };
