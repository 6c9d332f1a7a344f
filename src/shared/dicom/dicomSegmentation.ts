import { type DataElements, parseElements } from '#shared/dicom/dataElements.ts';
import { findFileEncoding } from '#shared/dicom/fileEncoding.ts';
import { inflateBounded } from '#shared/dicom/inflateBounded.ts';
import { Damage, readPlane } from '#shared/dicom/sliceAttributes.ts';
import { transferSyntaxOf } from '#shared/dicom/transferSyntax.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Label, LabelImage } from './labelImage.ts';
import {
  latticeOf,
  MOST_SEGMENTATION_BYTES,
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
  position: 'x00209113',
  orientation: 'x00209116',
  measures: 'x00289110',
  spacingBetweenSlices: 'x00180088',
} as const;

const MOST_FRAMES = 100_000;

interface Pixels {
  readonly type: 'BINARY' | 'FRACTIONAL' | 'LABELMAP';
  readonly bytes: Uint8Array;
  readonly bitsAllocated: number;
  readonly maximum: number;
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
 * @throws UserError where it is damaged, compressed, or its frames lie on no lattice
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
  const { elements, bytes } = dataSet(file);
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
  const { pixelData } = elements;
  const needed = Math.ceil((rows * columns * frames.length * bitsAllocated) / 8);
  if (
    !pixelData ||
    pixelData.undefinedLength ||
    pixelData.offset + needed > bytes.length ||
    pixelData.length < needed
  ) {
    return refuse(failure('preparation.seg-cut'));
  }
  const pixels: Pixels = {
    type,
    bytes: bytes.subarray(pixelData.offset, pixelData.offset + needed),
    bitsAllocated,
    maximum: elements.uint16(TAG.maximumFraction) ?? 255,
  };
  const lattice = latticeOf(frames, statedSpacingMm(elements));
  const { grid, sliceOfFrame } = lattice ?? stackOf(frames);
  const labels = elements
    .items(TAG.segments)
    .map((item): Label => ({ value: item.uint16(TAG.segmentNumber) ?? 0, name: item.text(TAG.segmentLabel) }))
    // In a label map, 0 may be described as the background.
    .filter(({ value }) => value !== 0)
    .sort((a, b) => a.value - b.value);
  return {
    grid,
    labels,
    frameOfReferenceUid: elements.text(TAG.frameOfReference),
    isLattice: lattice !== undefined,
    mask: (segment) => maskOf(segment, frames, sliceOfFrame, grid.sizeIjk, pixels),
    maskOnSlices(segment, slices) {
      const places = placesOnSlices(frames, slices);
      const size: Vec3 = [columns, rows, slices.positionsLpsMm.length];
      return places && maskOf(segment, frames, places, size, pixels);
    },
  };
}

function dataSet(file: Uint8Array): { elements: DataElements; bytes: Uint8Array } {
  const encoding = findFileEncoding(file);
  if (encoding.kind !== 'dicom') return refuse(failure('preparation.seg-cut'));
  const syntax = transferSyntaxOf(encoding.transferSyntaxUid);
  let [bytes, offset] = [file, encoding.dataSetOffset];
  if (syntax.kind === 'deflated') {
    bytes = inflateBounded(file.subarray(offset), MOST_SEGMENTATION_BYTES).bytes;
    offset = 0;
  } else if (syntax.kind !== 'native')
    return refuse(failure('preparation.seg-compressed', { encoding: syntax.name }));
  const { elements } = parseElements(
    bytes,
    offset,
    syntax.kind === 'native' ? syntax : { explicitVr: true, bigEndian: false },
  );
  const sopClass = elements.text(TAG.sopClass);
  if (sopClass === RT_STRUCTURE_SET) return refuse(failure('preparation.seg-contours'));
  if (!CLASSES.has(sopClass)) return refuse(failure('preparation.not-seg'));
  return { elements, bytes };
}

function framesOf(elements: DataElements, isLabelMap: boolean): SegmentationFrame[] {
  const count = elements.decimals(TAG.frames)[0] ?? 1;
  const perFrame = elements.items(TAG.perFrame);
  const shared = elements.items(TAG.shared)[0];
  if (!(count >= 1 && count <= MOST_FRAMES) || perFrame.length !== count) {
    return refuse(failure('dicom.frames-undescribed', { described: perFrame.length, frames: count }));
  }
  return perFrame.map((frame): SegmentationFrame => {
    const group = (tag: string): DataElements => frame.items(tag)[0] ?? shared?.items(tag)[0] ?? elements;
    return {
      plane: readPlane({
        matrix: elements,
        position: group(TAG.position),
        orientation: group(TAG.orientation),
        measures: group(TAG.measures),
      }),
      segment: isLabelMap ? 0 : (group(TAG.identification).uint16(TAG.referencedSegment) ?? 0),
    };
  });
}

const statedSpacingMm = (elements: DataElements): number | undefined =>
  elements.items(TAG.shared)[0]?.items(TAG.measures)[0]?.decimals(TAG.spacingBetweenSlices)[0];

function maskOf(
  segment: number,
  frames: readonly SegmentationFrame[],
  sliceOfFrame: readonly number[],
  [columns, rows, slices]: Vec3,
  { type, bytes, bitsAllocated, maximum }: Pixels,
): Uint8Array<ArrayBuffer> {
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
            : (bitsAllocated === 8 ? bytes[at]! : bytes[2 * at]! | (bytes[2 * at + 1]! << 8)) === segment;
      if (isSet) mask[to + pixel] = 1;
    }
  });
  return mask;
}
