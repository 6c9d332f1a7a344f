import { type Failure, failure } from '../failures/failure.ts';
import type { Vec3 } from '../geometry/vec3.ts';
import { type DataElements, type ParsedElements, parseElements } from './dataElements.ts';
import { hasVr } from './elementHeader.ts';
import { MAX_FRAMES, readEnhancedFrames } from './enhancedCt.ts';
import { findFileEncoding } from './fileEncoding.ts';
import { inflateBounded, inflatedLength } from './inflateBounded.ts';
import { isNamedAsOther, isPositioned, whyNoSlice } from './otherImages.ts';
import { describePixels, pixelExcess, pixelShortfall, type SlicePixels, storageOf } from './pixelStorage.ts';
import {
  Damage,
  MAX_MATRIX,
  modalityOf,
  readPixelFormat,
  readPlane,
  readTexts,
  readWindow,
} from './sliceAttributes.ts';
import type { ParsedFile } from './sliceHeader.ts';
import {
  CT_IMAGE_STORAGE,
  ENHANCED_CT_CLASSES,
  MEDIA_STORAGE_DIRECTORY,
  type TransferSyntax,
  transferSyntaxOf,
} from './transferSyntax.ts';

/** What is inflated of a deflated file to find its pixel data: the functional groups of many frames take some MiB. */
const INFLATED_HEADER_BYTES = [2 ** 20, 2 ** 26];

/** More than what comes before the frame header of any code stream, an offset table of one frame included. */
const CODE_STREAM_START = 1024;

export type ParsedStart = ParsedFile | { readonly kind: 'needsMoreBytes' };

/**
 * Reads what a file says about itself without decoding its pixels, with or without preamble and meta group.
 *
 * @param bytes the file's first bytes, or all of them
 * @param fileSize the whole file's length in bytes, against which the pixel data's extent is checked
 * @returns what the file is; `needsMoreBytes` only where `bytes` is shorter than the file and ends too early
 */
export const parseSliceHeader = (bytes: Uint8Array, fileSize = bytes.length): ParsedStart =>
  parseFileStart(bytes, fileSize).parsed;

export interface ParsedFileStart {
  readonly parsed: ParsedStart;
  /** Where the object's pixel data ends, or the object, where it has none; undefined where only its bytes tell. */
  readonly endsAt?: number | undefined;
}

/** Does what {@link parseSliceHeader} does, and says where the object ends. */
export function parseFileStart(bytes: Uint8Array, fileSize: number): ParsedFileStart {
  const partial = bytes.length < fileSize;
  const encoding = findFileEncoding(bytes);
  if (encoding.kind === 'notDicom') return { parsed: { kind: 'notDicom' } };
  if (encoding.kind === 'cut') {
    return { parsed: partial ? { kind: 'needsMoreBytes' } : damaged(failure('dicom.header-cut'), '') };
  }
  if (encoding.mediaStorageSopClassUid === MEDIA_STORAGE_DIRECTORY) return { parsed: { kind: 'index' } };
  const syntax = transferSyntaxOf(encoding.transferSyntaxUid);
  if (syntax.kind === 'deflated' && partial) return { parsed: { kind: 'needsMoreBytes' } };
  const opened = openDataSet(bytes, fileSize, encoding.dataSetOffset, syntax);
  const { nextObjectAt, elements } = opened.parsed;
  const { pixelData } = elements;
  const hasEnd = syntax.kind !== 'deflated' && pixelData !== undefined && !pixelData.undefinedLength;
  return {
    parsed: parseDataSet(opened, encoding, syntax, partial),
    endsAt: hasEnd ? pixelData.offset + pixelData.length : nextObjectAt,
  };
}

function parseDataSet(
  opened: OpenedDataSet,
  encoding: { readonly dataSetOffset: number; readonly mediaStorageSopClassUid: string },
  syntax: TransferSyntax,
  isPartial: boolean,
): ParsedStart {
  const { elements, complete, nextObjectAt } = opened.parsed;
  const partial = isPartial && nextObjectAt === undefined;
  const seriesInstanceUid = elements.text('x0020000e');
  const sopClassUid = elements.text('x00080016') || encoding.mediaStorageSopClassUid;
  if (elements.pixelData === undefined) {
    if (partial) return withoutReadingOn(elements, sopClassUid, seriesInstanceUid);
    return complete
      ? withoutPixels(elements, sopClassUid, syntax, seriesInstanceUid)
      : damaged(failure('dicom.header-cut'), seriesInstanceUid);
  }
  // How compressed values are stored shows in the first code stream's header.
  if (
    partial &&
    syntax.kind === 'encapsulated' &&
    elements.pixelData.offset + CODE_STREAM_START > opened.bytes.length
  )
    return { kind: 'needsMoreBytes' };
  const isEnhanced = ENHANCED_CT_CLASSES.has(sopClassUid);
  const reason = whyNoSlice(elements, sopClassUid);
  if (reason !== undefined) return { kind: 'notImage', reason, seriesInstanceUid };
  const pixels: SlicePixels = {
    elements,
    bytes: opened.bytes,
    fileSize: opened.size,
    syntax,
    dataSetOffset: encoding.dataSetOffset,
  };
  if (isEnhanced) return readFrames(pixels, partial, seriesInstanceUid);
  const slice = withUnplacedMatrix(readSlice(pixels, seriesInstanceUid), elements);
  // What a localiser or a dose page lacks to be a slice is no loss to a series.
  return 'reason' in slice && isNamedAsOther(elements) ? { ...slice, kind: 'notImage' } : slice;
}

interface OpenedDataSet {
  readonly parsed: ParsedElements;
  /** The bytes that the elements' offsets refer to: the first ones, or all. */
  readonly bytes: Uint8Array;
  /** How many there are in all. */
  readonly size: number;
}

function openDataSet(
  bytes: Uint8Array,
  fileSize: number,
  dataSetOffset: number,
  syntax: TransferSyntax,
): OpenedDataSet {
  if (syntax.kind === 'deflated') return openDeflated(bytes.subarray(dataSetOffset));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const encoding =
    syntax.kind === 'native' ? syntax : { explicitVr: hasVr(view, dataSetOffset), bigEndian: false };
  return { parsed: parseElements(bytes, dataSetOffset, encoding), bytes, size: fileSize };
}

/** Keeps the header alone, and counts the rest as far as matrix and frames allow. */
function openDeflated(deflated: Uint8Array): OpenedDataSet {
  let opened: OpenedDataSet | undefined;
  for (const limit of INFLATED_HEADER_BYTES) {
    const { bytes, complete } = inflateBounded(deflated, limit);
    const parsed = parseElements(bytes, 0, EXPLICIT_LITTLE_ENDIAN);
    opened = { parsed: { ...parsed, complete: parsed.complete && complete }, bytes, size: bytes.length };
    if (parsed.elements.pixelData !== undefined) {
      const bound = parsed.elements.pixelData.offset + mostPixelBytes(parsed.elements);
      const size = complete ? bytes.length : inflatedLength(deflated, bound);
      return { ...opened, parsed, size };
    }
    if (bytes.length < limit) break;
  }
  return opened!;
}

const EXPLICIT_LITTLE_ENDIAN = { explicitVr: true, bigEndian: false };

/** What matrix and frames need, within what is accepted of either. */
function mostPixelBytes(elements: DataElements): number {
  const [rows, columns] = [elements.uint16('x00280010') ?? 0, elements.uint16('x00280011') ?? 0];
  const frames = Math.max(1, Math.min(MAX_FRAMES, elements.decimals('x00280008')[0] ?? 1));
  return 2 * Math.min(MAX_MATRIX, rows) * Math.min(MAX_MATRIX, columns) * (Number.isNaN(frames) ? 1 : frames);
}

const damaged = (reason: Failure, seriesInstanceUid: string): ParsedFile => ({
  kind: 'damaged',
  reason,
  seriesInstanceUid,
});

/** Reports, presentation states, waveforms, raw data, registrations, surfaces, documents, structure sets, plans. */
const IMAGELESS = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(88|104|11|9|66(\.[1-356])?$|481\.[358])(\.|$)/;

/** Objects without images may be large; their first bytes say what they are. */
function withoutReadingOn(
  elements: DataElements,
  sopClassUid: string,
  seriesInstanceUid: string,
): ParsedStart {
  if (seriesInstanceUid === '' || !IMAGELESS.test(sopClassUid)) return { kind: 'needsMoreBytes' };
  const modality = modalityOf(elements);
  return { kind: 'notImage', reason: failure('dicom.no-image', { modality }), seriesInstanceUid };
}

/** A whole data set without pixel data: damage where it says that it is a slice, else some other object. */
function withoutPixels(
  elements: DataElements,
  sopClassUid: string,
  syntax: TransferSyntax,
  seriesInstanceUid: string,
): ParsedFile {
  const modality = modalityOf(elements);
  const isCtImage = sopClassUid === CT_IMAGE_STORAGE || ENHANCED_CT_CLASSES.has(sopClassUid);
  const isSlice = sopClassUid === '' && modality === 'CT' && isPositioned(elements);
  if (!isCtImage && !isSlice) {
    return { kind: 'notImage', reason: failure('dicom.no-image', { modality }), seriesInstanceUid };
  }
  if (syntax.kind === 'undecodable') {
    const reason = failure('dicom.compression-unsupported', { compression: syntax.name });
    return { kind: 'unsupported', reason, seriesInstanceUid };
  }
  if (elements.has('x7fe00008') || elements.has('x7fe00009')) {
    return { kind: 'unsupported', reason: failure('dicom.float-pixels'), seriesInstanceUid };
  }
  return damaged(failure('dicom.pixel-data-missing'), seriesInstanceUid);
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
    if (described.kind === 'unsupported')
      return { ...described, seriesInstanceUid, ...pictureOf(described.reason, elements) };
    const plane = readPlane({
      matrix: elements,
      position: elements,
      orientation: elements,
      measures: elements,
    });
    const format = readPixelFormat({
      elements,
      rescaling: elements,
      bitsAllocated: described.bitsAllocated,
      isCompressed: pixels.syntax.kind === 'encapsulated',
    });
    const shortfall = pixelShortfall(pixels, plane, format, 1);
    if (shortfall !== undefined) return damaged(shortfall, seriesInstanceUid);
    const header = {
      ...readTexts(elements),
      plane,
      pixels: format,
      storage: storageOf(pixels),
      remarks: [...described.remarks, ...pixelExcess(pixels, plane, format, 1)],
      window: readWindow(elements),
    };
    return { kind: 'slice', header };
  });
}

/** Where a picture in colour lies, where it says so: nothing else that cannot be read is surely no slice. */
function pictureOf({ code }: Failure, elements: DataElements): { readonly pictureOfLpsMm?: Vec3 } {
  if (code !== 'dicom.colour' && code !== 'dicom.photometric-interpretation') return {};
  const [x, y, z] = elements.decimals('x00200032');
  return x === undefined || y === undefined || z === undefined ? {} : { pictureOfLpsMm: [x, y, z] };
}

/** What tells a scout from a slice that lost its place, where its type does not: a matrix unlike that of the slices. */
function withUnplacedMatrix(parsed: ParsedFile, elements: DataElements): ParsedFile {
  if (parsed.kind !== 'damaged' || elements.has('x00200032') || elements.has('x00200037')) return parsed;
  const [rows, columns] = [elements.uint16('x00280010') ?? 0, elements.uint16('x00280011') ?? 0];
  return rows === 0 || columns === 0 ? parsed : { ...parsed, unplacedMatrix: { rows, columns } };
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
