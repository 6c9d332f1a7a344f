import type { BinaryImports } from './imports.ts';

/** <mach-o/loader.h>: the header of 64 bits, and its commands. */
const MAGIC_64 = 0xfeedfacf;
const HEADER_BYTES = 32;
const LC_SYMTAB = 0x2;
const LC_RPATH = 0x8000001c;
/** LOAD_DYLIB, LOAD_WEAK_DYLIB, REEXPORT_DYLIB. */
const LC_DYLIBS = [0xc, 0x80000018, 0x8000001f];
const SYMBOL_BYTES = 16;
/** <mach-o/nlist.h>: the bits of a symbol's kind, and of those that debuggers read. */
const N_STAB = 0xe0;
const N_TYPE = 0x0e;

const ARCHITECTURES: Readonly<Record<number, 'arm64' | 'x64'>> = { 16777223: 'x64', 16777228: 'arm64' };

/** A file for one architecture; those for several ("universal") are none of ours. */
export const isMachO = (bytes: Buffer): boolean => bytes.readUInt32LE(0) === MAGIC_64;

/** The imports of a Mach-O file for one architecture of 64 bits. */
export function machOImports(bytes: Buffer): BinaryImports {
  const text = (start: number): string => bytes.toString('latin1', start, bytes.indexOf(0, start));
  const found = {
    libraries: [] as string[],
    searchPaths: [] as string[],
    symbols: [] as string[],
  };
  let at = HEADER_BYTES;
  for (let command = 0; command < bytes.readUInt32LE(16); command++) {
    const kind = bytes.readUInt32LE(at);
    if (LC_DYLIBS.includes(kind)) found.libraries.push(text(at + bytes.readUInt32LE(at + 8)));
    if (kind === LC_RPATH) found.searchPaths.push(text(at + bytes.readUInt32LE(at + 8)));
    if (kind === LC_SYMTAB) {
      const symbols = bytes.readUInt32LE(at + 8);
      const count = bytes.readUInt32LE(at + 12);
      const texts = bytes.readUInt32LE(at + 16);
      for (let index = 0; index < count; index++) {
        const symbol = symbols + index * SYMBOL_BYTES;
        const flags = bytes.readUInt8(symbol + 4);
        const isUndefined = (flags & N_STAB) === 0 && (flags & N_TYPE) === 0;
        // C's names begin with an underscore there.
        if (isUndefined) found.symbols.push(text(texts + bytes.readUInt32LE(symbol)).replace(/^_/, ''));
      }
    }
    at += bytes.readUInt32LE(at + 4);
  }
  return {
    format: 'mach-o',
    architecture: ARCHITECTURES[bytes.readUInt32LE(4)] ?? 'other',
    delayedLibraries: [],
    ...found,
  };
}
