import { type DataElements, parseElements } from '#shared/dicom/dataElements.ts';
import { frameOfItems, frameRanges } from '#shared/dicom/encapsulated.ts';
import { findFileEncoding } from '#shared/dicom/fileEncoding.ts';
import { inflateBounded } from '#shared/dicom/inflateBounded.ts';
import { decodeRle } from '#shared/dicom/rle.ts';
import { Damage, readPlane } from '#shared/dicom/sliceAttributes.ts';
import { transferSyntaxOf } from '#shared/dicom/transferSyntax.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Label, LabelImage, SegmentedImages } from './labelImage.ts';
import {
  latticeOf,
  MOST_SEGMENTATION_BYTES,
  onPlanesOf,
  type PlacedFrames,
  placesOnSlices,
  type SegmentationFrame,
  stackOf,
} from './segmentationFrames.ts';

/** Segmentation Storage and Label Map Segmentation Storage (PS3.4 B.5). */
const CLASSES = new Set(['1.2.840.10008.5.1.4.1.1.66.4', '1.2.840.10008.5.1.4.1.1.66.7']);

const RT_STRUCTURE_SET = '1.2.840.10008.5.1.4.1.1.481.3';

/** Tags of PS3.3 C.8.20.2 and C.7.6.16. */
const TAG = {
  sopClass: 'x00080016',
  frameOfReference: 'x00200052',
  rows: 'x00280010',
  columns: 'x00280011',
  frames: 'x00280008',
  bitsAllocated: 'x00280100',
  type: 'x00620001',
  segments: 'x00620002',
  segmentNumber: 'x00620004',
  segmentLabel: 'x00620005',
  identification: 'x0062000a',
  referencedSegment: 'x0062000b',
  maximumFraction: 'x0062000e',
  shared: 'x52009229',
  perFrame: 'x52009230',
  extendedOffsets: 'x7fe00001',
  position: 'x00209113',
  orientation: 'x00209116',
  measures: 'x00289110',
  spacingBetweenSlices: 'x00180088',
  referencedSeries: 'x00081115',
  otherStudies: 'x00081200',
  seriesInstance: 'x0020000e',
  referencedInstances: 'x0008114a',
  referencedInstance: 'x00081155',
  derivation: 'x00089124',
  sourceImages: 'x00082112',
} as const;

/** Steps of slices that differ by less than this share are the same. */
const SAME_STEP = 0.01;

const MOST_FRAMES = 100_000;

interface Pixels {
  readonly type: 'BINARY' | 'FRACTIONAL' | 'LABELMAP';
  readonly bytes: Uint8Array;
  readonly bitsAllocated: number;
  readonly maximum: number;
}

interface OpenedDataSet {
  readonly elements: DataElements;
  readonly bytes: Uint8Array;
  readonly pixelsAre: 'littleEndian' | 'bigEndian' | 'rle';
}

/** Whether a file is a DICOM SEG, from its first bytes. */
export function isDicomSegmentation(start: Uint8Array): boolean {
  const encoding = findFileEncoding(start);
  if (encoding.kind !== 'dicom') return false;
  if (CLASSES.has(encoding.mediaStorageSopClassUid)) return true;
  const syntax = transferSyntaxOf(encoding.transferSyntaxUid);
  if (syntax.kind !== 'native') return false;
  return CLASSES.has(parseElements(start, encoding.dataSetOffset, syntax).elements.text(TAG.sopClass));
}

/**
 * Reads a DICOM segmentation (PS3.3 A.51): BINARY, FRACTIONAL (a voxel belongs to a segment from one half on) or
 * LABELMAP, frames in any order and only where there is something, on the lattice that its frames lie on.
 * @param isAnyStack reads frames that lie on no lattice too; its mask can then be had on the slices of its scan
 * @throws UserError where it is damaged, compressed otherwise than by run lengths, or its frames lie on no lattice
 */
export function readDicomSegmentation(
  file: Uint8Array,
  name: string,
  { isAnyStack = false }: { readonly isAnyStack?: boolean } = {},
): LabelImage {
  try {
    const image = readSegmentation(file);
    return image.isLattice || isAnyStack ? image : refuse(failure('preparation.seg-uneven'));
  } catch (thrown) {
    const refusal = (reason: Failure): UserError =>
      new UserError(failure('preparation.seg-unreadable', { name, reason }));
    if (thrown instanceof Damage) throw refusal(thrown.failure);
    if (thrown instanceof UserError) throw refusal(thrown.failure);
    throw thrown;
  }
}

const refuse = (reason: Failure): never => {
  throw new UserError(reason);
};

function readSegmentation(file: Uint8Array): LabelImage {
  const opened = dataSet(file);
  const { elements } = opened;
  const type = elements.text(TAG.type) || 'LABELMAP';
  if (type !== 'BINARY' && type !== 'FRACTIONAL' && type !== 'LABELMAP') {
    return refuse(failure('preparation.seg-type', { type }));
  }
  const frames = framesOf(elements, type === 'LABELMAP');
  const bitsAllocated = elements.uint16(TAG.bitsAllocated) ?? 0;
  const isUsual =
    type === 'BINARY'
      ? bitsAllocated === 1
      : bitsAllocated === 8 || (type === 'LABELMAP' && bitsAllocated === 16);
  if (!isUsual) return refuse(failure('preparation.seg-type', { type: `${type}, ${bitsAllocated} bits` }));
  const rows = elements.uint16(TAG.rows) ?? 0;
  const columns = elements.uint16(TAG.columns) ?? 0;
  const valuesOfFrame = rows * columns;
  const pixels: Pixels = {
    type,
    bytes: pixelBytes(opened, { valuesOfFrame, frames: frames.length, bitsAllocated }),
    bitsAllocated,
    maximum: elements.uint16(TAG.maximumFraction) ?? 255,
  };
  const statedMm = statedSpacingMm(elements);
  const lattice = latticeOf(frames, statedMm);
  const placed = (
    { grid, sliceOfFrame }: PlacedFrames,
    parts: Pick<LabelImage, 'isLattice' | 'isStepStated'>,
  ): LabelImage => ({
    ...parts,
    grid,
    labels: labelsOf(elements, frames, pixels),
    frameOfReferenceUid: elements.text(TAG.frameOfReference),
    madeOn: imagesNamedIn(elements),
    mask: (segment) => maskOf(segment, frames, sliceOfFrame, grid.sizeIjk, pixels),
    maskOnSlices(segment, slices) {
      const places = placesOnSlices(frames, slices);
      const size: Vec3 = [columns, rows, slices.positionsLpsMm.length];
      return places && maskOf(segment, frames, places, size, pixels);
    },
    onPlanesOf(scan) {
      const found = onPlanesOf(frames, scan);
      return found ? placed(found, { isLattice: true, isStepStated: true }) : null;
    },
  });
  if (!lattice) return placed(stackOf(frames), { isLattice: false, isStepStated: false });
  const [, , stepMm] = lattice.grid.spacingMm;
  const isStepStated = statedMm !== undefined && Math.abs(statedMm - stepMm) < SAME_STEP * stepMm;
  return placed(lattice, { isLattice: true, isStepStated });
}

/** The images that the file refers to: its series, and what its frames were derived from. */
function imagesNamedIn(elements: DataElements): SegmentedImages {
  const uids = (items: readonly DataElements[], tag: string): string[] =>
    items.map((item) => item.text(tag)).filter((uid) => uid !== '');
  const series = [elements, ...elements.items(TAG.otherStudies)].flatMap((one) =>
    one.items(TAG.referencedSeries),
  );
  const groups = [elements, ...elements.items(TAG.shared), ...elements.items(TAG.perFrame)];
  const sources = groups.flatMap((one) => [
    ...one.items(TAG.sourceImages),
    ...one.items(TAG.derivation).flatMap((derivation) => derivation.items(TAG.sourceImages)),
  ]);
  return {
    seriesInstanceUids: [...new Set(uids(series, TAG.seriesInstance))],
    sopInstanceUids: new Set([
      ...uids(
        series.flatMap((one) => one.items(TAG.referencedInstances)),
        TAG.referencedInstance,
      ),
      ...uids(sources, TAG.referencedInstance),
    ]),
  };
}

/** The segments that the file describes, and those that it holds without describing them, which have no name. */
function labelsOf(elements: DataElements, frames: readonly SegmentationFrame[], pixels: Pixels): Label[] {
  const names = new Map<number, string>();
  const held = pixels.type === 'LABELMAP' ? valuesOf(pixels) : frames.map(({ segment }) => segment);
  for (const value of held) names.set(value, '');
  for (const item of elements.items(TAG.segments))
    names.set(item.uint16(TAG.segmentNumber) ?? 0, item.text(TAG.segmentLabel));
  return (
    [...names]
      .map(([value, name]): Label => ({ value, name }))
      // In a label map, 0 may be described as the background.
      .filter(({ value }) => value !== 0)
      .sort((a, b) => a.value - b.value)
  );
}

function valuesOf(pixels: Pixels): Set<number> {
  const seen = new Uint8Array(0x10000);
  const count = (pixels.bytes.length * 8) / pixels.bitsAllocated;
  for (let at = 0; at < count; at++) seen[labelAt(pixels, at)] = 1;
  return new Set([...seen.keys()].filter((value) => seen[value] === 1));
}

const labelAt = ({ bytes, bitsAllocated }: Pixels, at: number): number =>
  bitsAllocated === 8 ? bytes[at]! : bytes[2 * at]! | (bytes[2 * at + 1]! << 8);

/** The pixels of all frames, little endian and without compression. */
function pixelBytes(
  { elements, bytes, pixelsAre }: OpenedDataSet,
  {
    valuesOfFrame,
    frames,
    bitsAllocated,
  }: { readonly valuesOfFrame: number; readonly frames: number; readonly bitsAllocated: number },
): Uint8Array {
  const { pixelData } = elements;
  const needed = Math.ceil((valuesOfFrame * frames * bitsAllocated) / 8);
  if (!pixelData || needed > MOST_SEGMENTATION_BYTES) return refuse(failure('preparation.seg-cut'));
  const { offset, length, undefinedLength, vr } = pixelData;
  if (pixelsAre === 'rle') {
    const ranges = undefinedLength
      ? frameRanges(bytes, offset, frames, elements.uint64s(TAG.extendedOffsets))
      : undefined;
    // One bit for each voxel has no encoding by run lengths (PS3.5 8.2.2).
    if (!ranges || bitsAllocated === 1) return refuse(failure('preparation.seg-cut'));
    const whole = new Uint8Array(needed);
    for (const [frame, { from, to }] of ranges.entries()) {
      const encoded = frameOfItems(bytes.subarray(from, to), false);
      const decoded = encoded && decodeRle(encoded, valuesOfFrame, bitsAllocated === 8 ? 8 : 16);
      if (!decoded) return refuse(failure('preparation.seg-cut'));
      whole.set(decoded, frame * decoded.length);
    }
    return whole;
  }
  if (undefinedLength || offset + needed > bytes.length || length < needed)
    return refuse(failure('preparation.seg-cut'));
  const isSwapped = pixelsAre === 'bigEndian' && (bitsAllocated === 16 || vr === 'OW');
  if (!isSwapped) return bytes.subarray(offset, offset + needed);
  // Words of which the last may be padded.
  const swapped = bytes.slice(offset, offset + needed + (needed % 2));
  for (let at = 0; at + 1 < swapped.length; at += 2) swapped.subarray(at, at + 2).reverse();
  return swapped.subarray(0, needed);
}

function dataSet(file: Uint8Array): OpenedDataSet {
  const encoding = findFileEncoding(file);
  if (encoding.kind !== 'dicom') return refuse(failure('preparation.seg-cut'));
  const syntax = transferSyntaxOf(encoding.transferSyntaxUid);
  let [bytes, offset] = [file, encoding.dataSetOffset];
  if (syntax.kind === 'deflated') {
    bytes = inflateBounded(file.subarray(offset), MOST_SEGMENTATION_BYTES).bytes;
    offset = 0;
  } else if (syntax.kind !== 'native' && !(syntax.kind === 'encapsulated' && syntax.codec === 'rle'))
    return refuse(failure('preparation.seg-compressed', { encoding: syntax.name }));
  const { elements } = parseElements(
    bytes,
    offset,
    syntax.kind === 'native' ? syntax : { explicitVr: true, bigEndian: false },
  );
  const sopClass = elements.text(TAG.sopClass);
  if (sopClass === RT_STRUCTURE_SET) return refuse(failure('preparation.seg-contours'));
  if (!CLASSES.has(sopClass)) return refuse(failure('preparation.not-seg'));
  const isBigEndian = syntax.kind === 'native' && syntax.bigEndian;
  const pixelsAre = syntax.kind === 'encapsulated' ? 'rle' : isBigEndian ? 'bigEndian' : 'littleEndian';
  return { elements, bytes, pixelsAre };
}

function framesOf(elements: DataElements, isLabelMap: boolean): SegmentationFrame[] {
  const count = elements.decimals(TAG.frames)[0] ?? 1;
  const perFrame = elements.items(TAG.perFrame);
  const shared = elements.items(TAG.shared)[0];
  if (!(count >= 1 && count <= MOST_FRAMES) || perFrame.length !== count) {
    return refuse(failure('dicom.frames-undescribed', { described: perFrame.length, frames: count }));
  }
  // One segment needs no number to be told apart.
  const described = elements.items(TAG.segments).map((item) => item.uint16(TAG.segmentNumber) ?? 0);
  const [only = 0] = described.length === 1 ? described : [];
  return perFrame.map((frame): SegmentationFrame => {
    const group = (tag: string): DataElements => frame.items(tag)[0] ?? shared?.items(tag)[0] ?? elements;
    return {
      plane: readPlane({
        matrix: elements,
        position: group(TAG.position),
        orientation: group(TAG.orientation),
        measures: group(TAG.measures),
      }),
      segment: isLabelMap ? 0 : segmentOf(group(TAG.identification), only),
    };
  });
}

function segmentOf(identification: DataElements, otherwise: number): number {
  const segment = identification.uint16(TAG.referencedSegment) ?? otherwise;
  return segment === 0 ? refuse(failure('preparation.seg-frame-unnamed')) : segment;
}

function statedSpacingMm(elements: DataElements): number | undefined {
  const groups = [elements.items(TAG.shared)[0], elements.items(TAG.perFrame)[0]];
  const [stated] = groups.flatMap(
    (group) => group?.items(TAG.measures)[0]?.decimals(TAG.spacingBetweenSlices) ?? [],
  );
  return stated;
}

function maskOf(
  segment: number,
  frames: readonly SegmentationFrame[],
  sliceOfFrame: readonly number[],
  [columns, rows, slices]: Vec3,
  pixels: Pixels,
): Uint8Array<ArrayBuffer> {
  const { type, bytes, maximum } = pixels;
  const area = rows * columns;
  const mask = new Uint8Array(area * slices);
  frames.forEach((frame, index) => {
    if (type !== 'LABELMAP' && frame.segment !== segment) return;
    const to = area * sliceOfFrame[index]!;
    const from = area * index;
    for (let pixel = 0; pixel < area; pixel++) {
      const at = from + pixel;
      const isSet =
        type === 'BINARY'
          ? // Bits follow each other without gaps between frames, the lowest bit first (PS3.5 8.1.1).
            ((bytes[at >> 3]! >> (at & 7)) & 1) === 1
          : type === 'FRACTIONAL'
            ? 2 * bytes[at]! >= maximum
            : labelAt(pixels, at) === segment;
      if (isSet) mask[to + pixel] = 1;
    }
  });
  return mask;
}
