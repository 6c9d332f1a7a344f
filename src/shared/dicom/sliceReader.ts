import type { SliceFile } from './imageSeries.ts';
import { inflateBounded } from './inflateBounded.ts';
import { type SliceHeader, storedRange } from './sliceHeader.ts';

/** Reads bytes `from` to `to` (its end where undefined) of a file by its `sourceId`; fewer where it is shorter. */
export type ReadBytes = (sourceId: string, from: number, to: number | undefined) => Promise<Uint8Array>;

/** What a slice is decoded from. */
export interface StoredSlice {
  readonly stored: Uint8Array;
  /** How `stored` is to be decoded: the slice's own header, or one that says that it is inflated by now. */
  readonly header: SliceHeader;
}

/** Deflated data sets that are kept inflated: the frames of one or two files are read in turn. */
const INFLATED_KEPT = 2;

/** Reads the stored bytes of slices; a deflated file is inflated once, however many of the slices are its frames. */
export function createSliceReader(readBytes: ReadBytes): (slice: SliceFile) => Promise<StoredSlice> {
  const inflated = new Map<string, Promise<Uint8Array>>();
  return async ({ sourceId, header }) => {
    const { from, to } = storedRange(header);
    const { storage } = header;
    if (storage.kind !== 'deflated') return { stored: await readBytes(sourceId, from, to), header };
    let dataSet = inflated.get(sourceId);
    if (dataSet === undefined) {
      dataSet = readBytes(sourceId, from, to).then(
        (deflated) => inflateBounded(deflated, storage.inflatedBytes).bytes,
      );
      inflated.set(sourceId, dataSet);
      const [oldest] = inflated.keys();
      if (inflated.size > INFLATED_KEPT && oldest !== undefined) inflated.delete(oldest);
    }
    return inflatedSlice(await dataSet, header);
  };
}

/** A slice of a data set that has been inflated. */
export function inflatedSlice(dataSet: Uint8Array, header: SliceHeader): StoredSlice {
  const native = inflatedHeader(header);
  const { from, to } = storedRange(native);
  return { stored: dataSet.subarray(from, to), header: native };
}

/** The header of a slice of a deflated data set, as it is when the data set has been inflated. */
export const inflatedHeader = (header: SliceHeader): SliceHeader => ({
  ...header,
  storage: { kind: 'native', bigEndian: false },
});
