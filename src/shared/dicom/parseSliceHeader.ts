import { type Failure, failure } from '../failures/failure.ts';
import { type DataElements, type ParsedElements, parseElements } from './dataElements.ts';
import { readEnhancedFrames } from './enhancedCt.ts';
import { findFileEncoding } from './fileEncoding.ts';
import { inflateBounded } from './inflateBounded.ts';
import { describePixels, pixelShortfall, type SlicePixels, storageOf } from './pixelStorage.ts';
import { Damage, readPixelFormat, readPlane, readTexts, readWindow } from './sliceAttributes.ts';
import type { ParsedFile } from './sliceHeader.ts';
import {
  CT_IMAGE_STORAGE,
  ENHANCED_CT_CLASSES,
  MEDIA_STORAGE_DIRECTORY,
  type TransferSyntax,
  transferSyntaxOf,
} from './transferSyntax.ts';

const SECONDARY_CAPTURE_PREFIX = '1.2.840.10008.5.1.4.1.1.7';
/** The largest matrix that is accepted, and its header: a deflated file is inflated to this size at most. */
const MAX_INFLATED_BYTES = 2 * 4096 * 4096 + 2 ** 20;

export type ParsedStart = ParsedFile | { readonly kind: 'needsMoreBytes' };

/**
 * Reads what a file says about itself without decoding its pixels, with or without preamble and meta group.
 *
 * @param bytes the file's first bytes, or all of them
 * @param fileSize the whole file's length in bytes, against which the pixel data's extent is checked
 * @returns what the file is; `needsMoreBytes` only where `bytes` is shorter than the file and ends too early
 */
export function parseSliceHeader(bytes: Uint8Array, fileSize = bytes.length): ParsedStart {
  const partial = bytes.length < fileSize;
  const encoding = findFileEncoding(bytes);
  if (encoding.kind === 'notDicom') return { kind: 'notDicom' };
  if (encoding.kind === 'cut') {
    return partial ? { kind: 'needsMoreBytes' } : damaged(failure('dicom.header-cut'), '');
  }
  if (encoding.mediaStorageSopClassUid === MEDIA_STORAGE_DIRECTORY) return { kind: 'index' };
  const syntax = transferSyntaxOf(encoding.transferSyntaxUid);
  if (syntax.kind === 'deflated' && partial) return { kind: 'needsMoreBytes' };
  const opened = openDataSet(bytes, encoding.dataSetOffset, syntax);
  const { elements, complete } = opened.parsed;
  const seriesInstanceUid = elements.text('x0020000e');
  const modality = elements.text('x00080060');
  if (elements.pixelData === undefined) {
    if (partial) return { kind: 'needsMoreBytes' };
    if (!complete) return damaged(failure('dicom.header-cut'), seriesInstanceUid);
    const sopClassUid = elements.text('x00080016') || encoding.mediaStorageSopClassUid;
    if (sopClassUid === CT_IMAGE_STORAGE)
      return damaged(failure('dicom.pixel-data-missing'), seriesInstanceUid);
    return { kind: 'notImage', reason: failure('dicom.no-image', { modality }) };
  }
  const isEnhanced = ENHANCED_CT_CLASSES.has(elements.text('x00080016'));
  if (!isPictureOfPatient(elements, isEnhanced)) {
    return { kind: 'notImage', reason: failure('dicom.no-position', { modality }) };
  }
  const pixels: SlicePixels = {
    elements,
    bytes: opened.bytes,
    // What the file holds beyond these bytes is only known for what is not deflated.
    fileSize: syntax.kind === 'deflated' ? opened.bytes.length : fileSize,
    syntax,
    dataSetOffset: encoding.dataSetOffset,
  };
  return isEnhanced ? readFrames(pixels, partial, seriesInstanceUid) : readSlice(pixels, seriesInstanceUid);
}

interface OpenedDataSet {
  readonly parsed: ParsedElements;
  /** The bytes that the elements' offsets refer to. */
  readonly bytes: Uint8Array;
}

function openDataSet(bytes: Uint8Array, dataSetOffset: number, syntax: TransferSyntax): OpenedDataSet {
  if (syntax.kind === 'deflated') {
    const dataSet = inflateBounded(bytes.subarray(dataSetOffset), MAX_INFLATED_BYTES);
    const parsed = parseElements(dataSet.bytes, 0, { explicitVr: true, bigEndian: false });
    return { parsed: { ...parsed, complete: parsed.complete && dataSet.complete }, bytes: dataSet.bytes };
  }
  const encoding = syntax.kind === 'native' ? syntax : { explicitVr: true, bigEndian: false };
  return { parsed: parseElements(bytes, dataSetOffset, encoding), bytes };
}

const damaged = (reason: Failure, seriesInstanceUid: string): ParsedFile => ({
  kind: 'damaged',
  reason,
  seriesInstanceUid,
});

/**
 * A CT without its attributes still counts as a picture (and is then damaged); of other modalities only cross
 * sections count.
 */
function isPictureOfPatient(elements: DataElements, isEnhanced: boolean): boolean {
  if (isEnhanced) return true;
  if (elements.text('x00080016').startsWith(SECONDARY_CAPTURE_PREFIX)) return false;
  const frames = elements.decimals('x00280008')[0] ?? 1;
  if (elements.text('x00080060') === 'CT') return true;
  return frames <= 1 && elements.has('x00200032') && elements.has('x00200037');
}

function readSlice(pixels: SlicePixels, seriesInstanceUid: string): ParsedFile {
  const { elements } = pixels;
  return tagged(seriesInstanceUid, () => {
    if ((elements.decimals('x00280008')[0] ?? 1) > 1) {
      return {
        kind: 'unsupported',
        reason: failure('dicom.frames-not-enhanced-ct'),
        seriesInstanceUid,
      };
    }
    const described = describePixels(pixels, elements);
    if (described.kind === 'unsupported') return { ...described, seriesInstanceUid };
    const plane = readPlane({
      matrix: elements,
      position: elements,
      orientation: elements,
      measures: elements,
    });
    const format = readPixelFormat(elements, elements, described.bitsAllocated);
    const shortfall = pixelShortfall(pixels, plane, format, 1);
    if (shortfall !== undefined) return damaged(shortfall, seriesInstanceUid);
    const header = {
      ...readTexts(elements),
      plane,
      pixels: format,
      storage: storageOf(pixels),
      remarks: described.remarks,
      window: readWindow(elements),
    };
    return { kind: 'slice', header };
  });
}

function readFrames(pixels: SlicePixels, partial: boolean, seriesInstanceUid: string): ParsedStart {
  // Where compressed frames begin is only known from the whole file.
  if (partial && pixels.syntax.kind === 'encapsulated') return { kind: 'needsMoreBytes' };
  return tagged(seriesInstanceUid, () => {
    const frames = readEnhancedFrames(pixels);
    return frames.kind === 'frames' ? frames : { ...frames, seriesInstanceUid };
  });
}

function tagged(seriesInstanceUid: string, read: () => ParsedFile): ParsedFile {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof Damage) return damaged(thrown.failure, seriesInstanceUid);
    throw thrown;
  }
}
