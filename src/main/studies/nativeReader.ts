import { decodeNativeInto, type OnRemark } from '#shared/dicom/decodeSlice.ts';
import { createHounsfieldTables } from '#shared/dicom/hounsfield.ts';
import type { SliceFile } from '#shared/dicom/imageSeries.ts';
import { storedRange } from '#shared/dicom/sliceHeader.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { readFileInto, readFileRange, readFileRangeNow } from './dicomFiles.ts';
import { createDiskAccess } from './diskAccess.ts';

/** Decodes a slice into a volume, from its voxel `outOffset` on. @returns the reason where it failed */
export type ReadNative = (
  slice: Pick<SliceFile, 'sourceId' | 'header'>,
  out: Int16Array,
  outOffset: number,
  onRemark?: OnRemark,
) => Promise<Failure | undefined>;

/** Reads natively stored slices to their place, where they become HU. */
export function createNativeReader(): ReadNative {
  const disk = createDiskAccess();
  const tableOf = createHounsfieldTables();
  return async ({ sourceId, header }, out, outOffset, onRemark) => {
    const { from, to } = storedRange(header);
    const { rows, columns } = header.plane;
    const place = new Uint8Array(out.buffer, out.byteOffset + 2 * outOffset, 2 * rows * columns);
    await disk.pause();
    const isInPlace = to !== undefined && to - from === place.length;
    const stored = await disk.call<Uint8Array | Promise<Uint8Array>>(
      () => (isInPlace ? readFileInto(sourceId, from, place) : readFileRangeNow(sourceId, from, to)),
      () => readFileRange(sourceId, from, to),
    );
    return decodeNativeInto(out, outOffset, stored, header, tableOf, onRemark);
  };
}
