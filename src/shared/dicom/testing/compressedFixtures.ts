import type { Volume } from '../../volume/volume.ts';
import { ctSliceElements, defaultCtSeriesMetadata } from '../writeCtSlice.ts';
import { writeDicomFile } from '../writeElements.ts';
import { type Changes, changed } from './ctFixtures.ts';

/** Synthetic slices whose pixel data is encapsulated, and ways to break them. */

const word = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);

function item(bytes: Uint8Array): number[] {
  const padding = bytes.length % 2;
  return [0xfe, 0xff, 0x00, 0xe0, ...word(bytes.length + padding), ...bytes, ...(padding ? [0] : [])];
}

/** The encapsulated pixel data element: offset table, one item for each fragment, and the delimiter. */
export function encapsulatedElement(
  fragments: readonly Uint8Array[],
  offsetTable: readonly number[] = [],
): Uint8Array {
  return Uint8Array.from([
    ...[0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff],
    ...item(Uint8Array.from(offsetTable.flatMap(word))),
    ...fragments.flatMap(item),
    ...[0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0],
  ]);
}

/** Slice k of a volume as a file of another transfer syntax, its pixel data given as code stream fragments. */
export function encapsulatedSlice(
  volume: Volume<Int16Array>,
  k: number,
  transferSyntaxUid: string,
  fragments: readonly Uint8Array[],
  changes: Changes = {},
): Uint8Array {
  const { meta, dataSet } = ctSliceElements(volume, k, defaultCtSeriesMetadata(1, volume.grid));
  const head = writeDicomFile(
    changed(meta, { '0002,0010': transferSyntaxUid }),
    changed(dataSet, { ...changes, '7fe0,0010': undefined }),
  );
  return joined([head, encapsulatedElement(fragments)]);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The stored values of slice k as the synthetic writer stores them: HU + 1024, 16 bits little-endian. */
export function storedWords(volume: Volume<Int16Array>, k: number): Uint8Array {
  const count = volume.grid.sizeIjk[0] * volume.grid.sizeIjk[1];
  const words = Uint16Array.from(volume.data.subarray(k * count, (k + 1) * count), (hu) => hu + 1024);
  return new Uint8Array(words.buffer);
}

/** Run-length encodes by the simplest rules: literal runs only where `runs` is false. */
export function encodeRle(stored: Uint8Array, runs: boolean): Uint8Array {
  const planes = [1, 0].map((first) => {
    const plane: number[] = [];
    for (let at = first; at < stored.length; at += 2) plane.push(stored[at]!);
    return packBits(plane, runs);
  });
  const starts = [64, 64 + planes[0]!.length];
  const header = [2, ...starts, ...Array<number>(13).fill(0)].flatMap(word);
  return Uint8Array.from([...header, ...planes.flat()]);
}

function packBits(values: readonly number[], runs: boolean): number[] {
  const packed: number[] = [];
  for (let at = 0; at < values.length; ) {
    let run = 1;
    while (runs && run < 128 && values[at + run] === values[at]) run++;
    if (run > 1) packed.push(257 - run, values[at]!);
    else packed.push(0, values[at]!);
    at += run;
  }
  return packed.length % 2 === 0 ? packed : [...packed, 128];
}

const marker = (code: number, ...payload: number[]): number[] => {
  const length = payload.length + 2;
  return [0xff, code, length >> 8, length & 255, ...payload];
};

/**
 * Lossless JPEG (ITU-T T.81 annex H, process 14) of one component: predictor 1 to 7, all 17 difference categories coded
 * with 5 bits each.
 */
export function encodeJpegLossless(
  values: ArrayLike<number>,
  columns: number,
  rows: number,
  { predictor = 1, bits = 16 } = {},
): Uint8Array {
  const categories = Array.from({ length: 17 }, (_, category) => category);
  const head = [
    ...[0xff, 0xd8],
    ...marker(0xc3, bits, rows >> 8, rows & 255, columns >> 8, columns & 255, 1, 1, 0x11, 0),
    ...marker(0xc4, 0, 0, 0, 0, 0, 17, ...Array<number>(11).fill(0), ...categories),
    ...marker(0xda, 1, 1, 0, predictor, 0, 0),
  ];
  const writer = bitWriter();
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const at = i + columns * j;
      const predicted = predict(values, at, columns, { i, j, predictor, bits });
      // Differences are modulo 65536, −32767 to 32768.
      let difference = (values[at]! - predicted) & 0xffff;
      if (difference > 32768) difference -= 65536;
      const category = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference));
      writer.put(category, 5);
      if (category > 0 && category < 16) {
        writer.put(difference > 0 ? difference : difference + (1 << category) - 1, category);
      }
    }
  }
  return Uint8Array.from([...head, ...writer.end(), 0xff, 0xd9]);
}

function predict(
  values: ArrayLike<number>,
  at: number,
  columns: number,
  { i, j, predictor, bits }: { i: number; j: number; predictor: number; bits: number },
): number {
  if (i === 0 && j === 0) return 1 << (bits - 1);
  if (j === 0) return values[at - 1]!;
  if (i === 0) return values[at - columns]!;
  const [left, above, corner] = [values[at - 1]!, values[at - columns]!, values[at - columns - 1]!];
  return [
    0,
    left,
    above,
    corner,
    left + above - corner,
    left + ((above - corner) >> 1),
    above + ((left - corner) >> 1),
    (left + above) >> 1,
  ][predictor]!;
}

/** Bits, the most significant first; a zero is stuffed after each byte of ones, and ones fill the last byte. */
function bitWriter(): { put(value: number, count: number): void; end(): number[] } {
  const bytes: number[] = [];
  let current = 0;
  let filled = 0;
  const putBit = (bit: number): void => {
    current = (current << 1) | bit;
    if (++filled < 8) return;
    bytes.push(current, ...(current === 255 ? [0] : []));
    current = 0;
    filled = 0;
  };
  return {
    put: (value, count) => {
      for (let bit = count - 1; bit >= 0; bit--) putBit((value >> bit) & 1);
    },
    end: () => {
      while (filled > 0) putBit(1);
      return bytes;
    },
  };
}
