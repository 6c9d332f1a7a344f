import { OUTSIDE_HU } from '../volume/volume.ts';
import type { PixelFormat } from './sliceHeader.ts';

const MAX_HU = 32767;

/**
 * The HU of every word that a file may store, indexed by the word as an unsigned number: `table[word]`. It cuts out
 * the stored bits, extends the sign, rescales, rounds to whole HU (far below the noise of any CT) and maps padding,
 * and whatever lies below it, to OUTSIDE_HU. One look-up per voxel is then all that decoding takes.
 */
export function hounsfieldTable(pixels: PixelFormat): Int16Array {
  const { bitsAllocated, bitsStored, highBit, signed, slope, intercept, padding } = pixels;
  const table = new Int16Array(1 << bitsAllocated);
  const shift = highBit - bitsStored + 1;
  const mask = (1 << bitsStored) - 1;
  const signBit = signed ? 1 << (bitsStored - 1) : 0;
  for (let word = 0; word < table.length; word++) {
    const cut = (word >> shift) & mask;
    // Two's complement of `bitsStored` bits: worked example for 12 bits, 0x800 → −2048, 0xfff → −1.
    const stored = (cut ^ signBit) - signBit;
    const isPadding = padding !== undefined && stored >= padding.from && stored <= padding.to;
    const valueHu = isPadding ? OUTSIDE_HU : Math.round(stored * slope + intercept);
    table[word] = Math.max(OUTSIDE_HU, Math.min(MAX_HU, valueHu));
  }
  return table;
}

/** Makes tables once per distinct pixel format: series mostly share one, rescaled series have one a slice. */
export function createHounsfieldTables(): (pixels: PixelFormat) => Int16Array {
  const tables = new Map<string, Int16Array>();
  return (pixels) => {
    const key = JSON.stringify({ ...pixels, dataOffset: 0 });
    let table = tables.get(key);
    if (table === undefined) {
      // Per-slice rescale would otherwise keep hundreds of tables alive.
      if (tables.size >= 16) tables.clear();
      table = hounsfieldTable(pixels);
      tables.set(key, table);
    }
    return table;
  };
}

/**
 * Looks up the HU of `count` stored values into `out` from voxel `outOffset` on.
 *
 * @param stored the values' bytes, little-endian, at least `count · bitsAllocated / 8` of them
 */
export function lookUpHu(
  stored: Uint8Array,
  bitsAllocated: 8 | 16,
  table: Int16Array,
  count: number,
  out: Int16Array,
  outOffset: number,
): void {
  if (bitsAllocated === 8) {
    for (let v = 0; v < count; v++) out[outOffset + v] = table[stored[v]!]!;
    return;
  }
  // A 16 bit view needs an even address; all hosts of Node and browsers are little-endian.
  const even = stored.byteOffset % 2 === 0 ? stored : new Uint8Array(stored);
  const words = new Uint16Array(even.buffer, even.byteOffset, count);
  for (let v = 0; v < count; v++) out[outOffset + v] = table[words[v]!]!;
}
