/** The part of the platform's WebAssembly that is used in shared code, whose types know neither Node nor browsers. */
export interface Assembly {
  readonly Memory: new (descriptor: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, object>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly validate: (bytes: Uint8Array<ArrayBuffer>) => boolean;
}

/** WebAssembly, where the platform has it. */
export const platformAssembly = (): Assembly | undefined =>
  (globalThis as unknown as { readonly WebAssembly?: Assembly }).WebAssembly;
