import type { BinaryImports } from './imports.ts';

/** System V ABI, chapter 4: types of sections, and tags of the dynamic section. */
const SHT_DYNAMIC = 6;
const SHT_DYNSYM = 11;
const DT_NEEDED = 1;
const DT_RPATH = 15;
const DT_RUNPATH = 29;
const SYMBOL_BYTES = 24;
const DYNAMIC_BYTES = 16;

const ARCHITECTURES: Readonly<Record<number, 'arm64' | 'x64'>> = { 62: 'x64', 183: 'arm64' };

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  /** The section of texts that belongs to this one. */
  readonly link: number;
}

/** The imports of a little-endian ELF file of 64 bits. */
export function elfImports(bytes: Buffer): BinaryImports {
  const first = Number(bytes.readBigUInt64LE(40));
  const entryBytes = bytes.readUInt16LE(58);
  const sections = Array.from({ length: bytes.readUInt16LE(60) }, (_, index): Section => {
    const at = first + index * entryBytes;
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: Number(bytes.readBigUInt64LE(at + 24)),
      size: Number(bytes.readBigUInt64LE(at + 32)),
      link: bytes.readUInt32LE(at + 40),
    };
  });
  const found = {
    libraries: [] as string[],
    searchPaths: [] as string[],
    symbols: [] as string[],
  };
  for (const { type, offset, size, link } of sections) {
    if (type !== SHT_DYNAMIC && type !== SHT_DYNSYM) continue;
    const texts = sections[link]?.offset ?? 0;
    const text = (index: number): string => {
      const start = texts + index;
      return bytes.toString('latin1', start, bytes.indexOf(0, start));
    };
    if (type === SHT_DYNSYM) {
      for (let at = offset; at < offset + size; at += SYMBOL_BYTES) {
        const isUndefined = bytes.readUInt16LE(at + 6) === 0;
        const name = text(bytes.readUInt32LE(at));
        if (isUndefined && name !== '') found.symbols.push(name);
      }
      continue;
    }
    for (let at = offset; at < offset + size; at += DYNAMIC_BYTES) {
      const tag = Number(bytes.readBigUInt64LE(at));
      const value = Number(bytes.readBigUInt64LE(at + 8));
      if (tag === DT_NEEDED) found.libraries.push(text(value));
      if (tag === DT_RPATH || tag === DT_RUNPATH) found.searchPaths.push(...text(value).split(':'));
    }
  }
  return {
    format: 'elf',
    architecture: ARCHITECTURES[bytes.readUInt16LE(18)] ?? 'other',
    delayedLibraries: [],
    ...found,
  };
}
