// Types for the parts that we use of libraries that come without types.

interface EmscriptenOptions {
  readonly locateFile?: (fileName: string) => string;
  /** Receives the library's messages; by default the console. */
  readonly print?: (text: string) => void;
  readonly printErr?: (text: string) => void;
}

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const create: (options?: EmscriptenOptions) => Promise<import('./codecModules.ts').CharlsModule>;
  export default create;
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const create: (options?: EmscriptenOptions) => Promise<import('./codecModules.ts').LibjpegTurboModule>;
  export default create;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const create: (options?: EmscriptenOptions) => Promise<import('./codecModules.ts').OpenjpegModule>;
  export default create;
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const create: (options?: EmscriptenOptions) => Promise<import('./codecModules.ts').OpenjphModule>;
  export default create;
}
