import { OUTSIDE_HU } from '../volume/volume.ts';
import { hounsfieldKernel, kernelWords, type WordRun } from './hounsfieldKernel.ts';
import type { PixelFormat } from './sliceHeader.ts';

const MAX_HU = 32767;

export interface HounsfieldTable {
  /** The HU of every word that a file may store, indexed by the word as an unsigned number. */
  readonly values: Int16Array;
  /** The longest run of words that become HU by adding one number; undefined for 8 bits and other slopes than 1. */
  readonly run: WordRun | undefined;
}

/**
 * The HU of all words of a pixel format. The table cuts out the stored bits, extends the sign, rescales, rounds to whole
 * HU (far below the noise of any CT) and maps padding, and whatever lies below it, to OUTSIDE_HU. One look-up per voxel
 * is then all that decoding takes.
 */
export function hounsfieldTable(pixels: PixelFormat): HounsfieldTable {
  const { bitsAllocated, bitsStored, highBit, signed, slope, intercept, padding } = pixels;
  const table = new Int16Array(1 << bitsAllocated);
  const shift = highBit - bitsStored + 1;
  const mask = (1 << bitsStored) - 1;
  const signBit = signed ? 1 << (bitsStored - 1) : 0;
  // Bits above High Bit are cut away, so that the table repeats itself.
  const period = Math.min(table.length, 2 ** (highBit + 1));
  for (let word = 0; word < period; word++) {
    const cut = (word >> shift) & mask;
    // Two's complement of `bitsStored` bits: worked example for 12 bits, 0x800 → −2048, 0xfff → −1.
    const stored = (cut ^ signBit) - signBit;
    const isPadding = padding !== undefined && stored >= padding.from && stored <= padding.to;
    const valueHu = isPadding ? OUTSIDE_HU : Math.round(stored * slope + intercept);
    table[word] = Math.max(OUTSIDE_HU, Math.min(MAX_HU, valueHu));
  }
  for (let from = period; from < table.length; from *= 2) table.copyWithin(from, 0, from);
  return { values: table, run: bitsAllocated === 16 && slope === 1 ? longestRun(table) : undefined };
}

/** Words are counted in a circle, for those of negative values lie above those of positive ones. */
function longestRun(table: Int16Array): WordRun {
  const words = table.length;
  let [longestFirst, longestSpan, longestShift] = [0, -1, 0];
  let first = 0;
  let shift = table[0]!;
  for (let at = 0; at <= 2 * words; at++) {
    const word = at & (words - 1);
    // Sums are those of 16 bits.
    const own = ((table[word]! - word) << 16) >> 16;
    if (own === shift && at - first < words) continue;
    if (at - 1 - first > longestSpan)
      [longestFirst, longestSpan, longestShift] = [first, at - 1 - first, shift];
    // Runs that begin in the second round are those of the first.
    if (at >= words) break;
    [first, shift] = [at, own];
  }
  return { first: longestFirst & (words - 1), span: longestSpan, shift: longestShift };
}

/** Makes tables once per distinct pixel format: series mostly share one, rescaled series have one a slice. */
export function createHounsfieldTables(): (pixels: PixelFormat) => HounsfieldTable {
  const tables = new Map<string, HounsfieldTable>();
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
  { values: table, run }: HounsfieldTable,
  count: number,
  out: Int16Array,
  outOffset: number,
): void {
  if (bitsAllocated === 8) {
    for (let v = 0; v < count; v++) out[outOffset + v] = table[stored[v]!]!;
    return;
  }
  const isInPlace = stored.buffer === out.buffer && stored.byteOffset === out.byteOffset + 2 * outOffset;
  const inPlace = run && isInPlace ? kernelWords(stored.subarray(0, 2 * count)) : undefined;
  if (inPlace !== undefined && run !== undefined) {
    inPlace.toHu(table, run);
    return;
  }
  const kernel = run === undefined ? undefined : hounsfieldKernel();
  if (kernel !== undefined && run !== undefined) {
    kernel.look(stored, table, run, count, out, outOffset);
    return;
  }
  // A 16 bit view needs an even address; all hosts of Node and browsers are little-endian.
  const even = stored.byteOffset % 2 === 0 ? stored : new Uint8Array(stored);
  const words = new Uint16Array(even.buffer, even.byteOffset, count);
  for (let v = 0; v < count; v++) out[outOffset + v] = table[words[v]!]!;
}
