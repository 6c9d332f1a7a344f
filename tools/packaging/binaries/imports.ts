import { readFileSync } from 'node:fs';
import { elfImports } from './elf.ts';
import { isMachO, machOImports } from './machO.ts';
import { peImports } from './portableExecutable.ts';

/** What a program or library asks of others before it runs. */
export interface BinaryImports {
  readonly format: 'elf' | 'mach-o' | 'pe';
  /** As Node names it. */
  readonly architecture: 'arm64' | 'x64' | 'other';
  /** Libraries that must be there when this one is loaded, as the file names them. */
  readonly libraries: readonly string[];
  /** Libraries that are looked for only when one of their functions is called first (Windows' delay-loading). */
  readonly delayedLibraries: readonly string[];
  /** Folders that are searched for the libraries: `$ORIGIN/`, `@loader_path`. */
  readonly searchPaths: readonly string[];
  /** Names of all imported functions and data. */
  readonly symbols: readonly string[];
}

/** The imports of an ELF, Mach-O or PE file of 64 bits; undefined where the file is none of these. */
export function importsOf(bytes: Buffer): BinaryImports | undefined {
  if (bytes.length < 64) return undefined;
  if (bytes.readUInt32BE(0) === 0x7f454c46) return elfImports(bytes);
  if (isMachO(bytes)) return machOImports(bytes);
  if (bytes.readUInt16BE(0) === 0x4d5a) return peImports(bytes);
  return undefined;
}

export const importsOfFile = (path: string): BinaryImports | undefined => importsOf(readFileSync(path));
