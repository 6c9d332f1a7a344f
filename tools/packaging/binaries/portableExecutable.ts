import type { BinaryImports } from './imports.ts';

/**
 * Microsoft's "PE Format": offsets from the file's header of 64 bits. All addresses in the tables are relative to where
 * the image is loaded, and are found in the file through its sections.
 */
const OPTIONAL_HEADER = 24;
const DIRECTORIES = OPTIONAL_HEADER + 112;
const IMPORTS = 1;
const DELAYED_IMPORTS = 13;
const SECTION_BYTES = 40;

/** A table of imports: the size of an entry, and where in it the library's name and the list of functions are. */
const TABLES = [
  { directory: IMPORTS, entryBytes: 20, name: 12, functions: 0, isDelayed: false },
  { directory: DELAYED_IMPORTS, entryBytes: 32, name: 4, functions: 16, isDelayed: true },
] as const;

const ARCHITECTURES: Readonly<Record<number, 'arm64' | 'x64'>> = { 34404: 'x64', 43620: 'arm64' };

/** The imports of a PE file (.exe, .dll, .node) of 64 bits. */
export function peImports(bytes: Buffer): BinaryImports {
  const header = bytes.readUInt32LE(0x3c);
  const sections = header + OPTIONAL_HEADER + bytes.readUInt16LE(header + 20);
  const sectionCount = bytes.readUInt16LE(header + 6);

  /** Where an address of the loaded image is in the file. */
  const offsetOf = (address: number): number => {
    for (let index = 0; index < sectionCount; index++) {
      const section = sections + index * SECTION_BYTES;
      const start = bytes.readUInt32LE(section + 12);
      const size = bytes.readUInt32LE(section + 16);
      if (address >= start && address < start + size)
        return address - start + bytes.readUInt32LE(section + 20);
    }
    throw new RangeError(`No section holds the address ${address}.`);
  };
  const textAt = (address: number): string => {
    const start = offsetOf(address);
    return bytes.toString('latin1', start, bytes.indexOf(0, start));
  };
  /** The names of a list of functions; those imported by number have none. */
  const functionsAt = (address: number): string[] => {
    const names: string[] = [];
    for (let at = offsetOf(address); bytes.readBigUInt64LE(at) !== 0n; at += 8) {
      const isNumber = (bytes.readUInt32LE(at + 4) & 0x80000000) !== 0;
      // Before each name stands a hint of two bytes.
      if (!isNumber) names.push(textAt(bytes.readUInt32LE(at) + 2));
    }
    return names;
  };

  const libraries: string[] = [];
  const delayedLibraries: string[] = [];
  const symbols: string[] = [];
  for (const { directory, entryBytes, name, functions, isDelayed } of TABLES) {
    const address = bytes.readUInt32LE(header + DIRECTORIES + 8 * directory);
    if (address === 0) continue;
    for (let at = offsetOf(address); bytes.readUInt32LE(at + name) !== 0; at += entryBytes) {
      (isDelayed ? delayedLibraries : libraries).push(textAt(bytes.readUInt32LE(at + name)));
      const list = bytes.readUInt32LE(at + functions);
      if (list !== 0) symbols.push(...functionsAt(list));
    }
  }
  return {
    format: 'pe',
    architecture: ARCHITECTURES[bytes.readUInt16LE(header + 4)] ?? 'other',
    libraries,
    delayedLibraries,
    searchPaths: [],
    symbols,
  };
}
