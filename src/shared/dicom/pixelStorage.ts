import { type Failure, failure } from '../failures/failure.ts';
import { lossyJpegBits } from './codeStream.ts';
import type { DataElements } from './dataElements.ts';
import { afterItem } from './encapsulated.ts';
import { rescaleUnits } from './rescaleUnits.ts';
import { type PixelFormat, type PixelStorage, pixelDataLength, type SlicePlane } from './sliceHeader.ts';
import type { TransferSyntax } from './transferSyntax.ts';

/** What is known about a file when its pixels' description is read. */
export interface SlicePixels {
  readonly elements: DataElements;
  /** The bytes that the elements' offsets refer to: the file's first bytes, or the inflated data set. */
  readonly bytes: Uint8Array;
  /** Its whole length. */
  readonly fileSize: number;
  readonly syntax: TransferSyntax;
  readonly dataSetOffset: number;
}

export type DescribedPixels =
  | { readonly kind: 'described'; readonly bitsAllocated: 8 | 16; readonly remarks: readonly Failure[] }
  | { readonly kind: 'unsupported'; readonly reason: Failure };

/**
 * Whether the pixels can be read as CT values, and what a radiologist should know of them.
 *
 * @param rescaling where Rescale Type is: the data set itself, or a frame's functional group
 */
export function describePixels(pixels: SlicePixels, rescaling: DataElements): DescribedPixels {
  const { elements, syntax } = pixels;
  const unsupported = (reason: Failure): DescribedPixels => ({ kind: 'unsupported', reason });
  if (syntax.kind === 'undecodable') {
    return unsupported(failure('dicom.compression-unsupported', { compression: syntax.name }));
  }
  if ((elements.uint16('x00280002') ?? 1) !== 1) return unsupported(failure('dicom.colour'));
  const photometric = elements.text('x00280004');
  if (photometric !== '' && photometric !== 'MONOCHROME2' && photometric !== 'MONOCHROME1') {
    return unsupported(failure('dicom.photometric-interpretation', { photometric }));
  }
  if (syntax.kind === 'encapsulated' && syntax.codec === 'jpeg') {
    const bits = lossyJpegBits(firstFragment(pixels)) ?? 8;
    if (bits !== 8 && bits !== 12) {
      return unsupported(failure('dicom.lossy-jpeg-bits', { bits }));
    }
    // The encoder of DCMTK moves the values to the middle of the 12 bits, and says so in the data set's own Rescale
    // Intercept only: an Enhanced CT of it is about 1000 HU too dense.
    if (bits === 12 && rescaling !== elements) {
      return unsupported(failure('dicom.lossy-jpeg-frames'));
    }
  }
  const bitsAllocated = elements.uint16('x00280100');
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    return unsupported(failure('dicom.bits-allocated', { bits: bitsAllocated ?? null }));
  }
  if (elements.items('x00283000').length > 0) {
    return unsupported(failure('dicom.look-up-table'));
  }
  const rescaleType = rescaling.text('x00281054');
  const units = rescaleUnits(rescaleType);
  if (units === 'other') return unsupported(failure('dicom.rescale-type', { rescaleType }));
  const isLossy = (syntax.kind === 'encapsulated' && syntax.lossy) || elements.text('x00282110') === '01';
  const remarks = [
    isLossy ? failure('dicom.lossy') : undefined,
    photometric === 'MONOCHROME1' ? failure('dicom.monochrome1') : undefined,
    units === 'hounsfield' ? undefined : failure('dicom.units-unlabelled'),
  ];
  return { kind: 'described', bitsAllocated, remarks: remarks.filter((remark) => remark !== undefined) };
}

/** The first fragment, as far as it is in the bytes read; else empty. */
function firstFragment({ elements, bytes }: SlicePixels): Uint8Array {
  const tableAt = elements.pixelData?.offset ?? bytes.length;
  if (tableAt + 8 > bytes.length) return bytes.subarray(0, 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.subarray(tableAt + 16 + view.getUint32(tableAt + 4, true));
}

/** How the only frame of a file is stored. */
export function storageOf({ elements, syntax, dataSetOffset, fileSize }: SlicePixels): PixelStorage {
  switch (syntax.kind) {
    case 'deflated':
      return { kind: 'deflated', dataSetOffset, inflatedBytes: fileSize };
    case 'encapsulated': {
      const from = elements.pixelData?.offset ?? 0;
      return { kind: 'encapsulated', codec: syntax.codec, from, to: undefined, hasOffsetTable: true };
    }
    case 'native':
    case 'undecodable': {
      // Bytes are swapped in words only: those of OB stand as they are (PS3.5 section 7.3).
      const inWords = elements.uint16('x00280100') !== 8 || elements.pixelData?.vr === 'OW';
      return { kind: 'native', bigEndian: syntax.kind === 'native' && syntax.bigEndian && inWords };
    }
  }
}

/** The reason where the file holds fewer stored values than its matrix needs; lengths are checked, never trusted. */
export function pixelShortfall(
  { elements, bytes, fileSize, syntax }: SlicePixels,
  plane: SlicePlane,
  pixels: PixelFormat,
  frameCount: number,
): Failure | undefined {
  const {
    offset,
    length: claimed,
    undefinedLength,
  } = elements.pixelData ?? { offset: 0, length: 0, undefinedLength: false };
  if (syntax.kind === 'encapsulated') {
    if (!undefinedLength) return failure('dicom.pixel-data-not-encapsulated');
    return encapsulatedShortfall(bytes, offset, fileSize);
  }
  const needed = pixelDataLength(plane, pixels) * frameCount;
  if (undefinedLength) return failure('dicom.pixel-data-encapsulated');
  if (claimed < needed) {
    return failure('dicom.pixel-data-short', { claimedBytes: claimed, neededBytes: needed });
  }
  // Whole images more: the header is wrong about what they are, and so about the first one.
  if (claimed >= 2 * needed) {
    return failure('dicom.pixel-data-long', { claimedBytes: claimed, neededBytes: needed });
  }
  const present = fileSize - offset;
  if (present < needed) return cutShort(present, needed);
  return undefined;
}

/** A warning where native pixel data goes on for a row or more after the image; padding is shorter. */
export function pixelExcess(
  { elements, syntax }: SlicePixels,
  plane: SlicePlane,
  pixels: PixelFormat,
  frameCount: number,
): Failure[] {
  const claimedBytes = elements.pixelData?.length ?? 0;
  const neededBytes = pixelDataLength(plane, pixels) * frameCount;
  const rowBytes = plane.columns * (pixels.bitsAllocated / 8);
  return syntax.kind === 'encapsulated' || claimedBytes < neededBytes + rowBytes
    ? []
    : [failure('dicom.pixel-data-left', { claimedBytes, neededBytes })];
}

const cutShort = (present: number, needed: number): Failure =>
  failure('dicom.file-cut', { presentPercent: Math.max(0, Math.floor((100 * present) / needed)) });

const ITEM_TAG = 0xe000fffe;

/** Follows the items as far as the bytes read go: truncation shows in the first fragment, usually the only one. */
function encapsulatedShortfall(bytes: Uint8Array, start: number, fileSize: number): Failure | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  while (at + 8 <= bytes.length && view.getUint32(at, true) === ITEM_TAG) {
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > fileSize) return cutShort(fileSize - at - 8, length);
    at = afterItem(view, at, length);
  }
  return at + 8 > fileSize && at === start ? failure('dicom.file-cut-before-pixels') : undefined;
}
