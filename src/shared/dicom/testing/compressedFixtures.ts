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
