import { type DataElements, parseElements } from '#shared/dicom/dataElements.ts';
import { findFileEncoding } from '#shared/dicom/fileEncoding.ts';
import { inflateBounded } from '#shared/dicom/inflateBounded.ts';
import { Damage, readPlane } from '#shared/dicom/sliceAttributes.ts';
import type { SlicePlane } from '#shared/dicom/sliceHeader.ts';
import { transferSyntaxOf } from '#shared/dicom/transferSyntax.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { SliceStack } from '#shared/geometry/sliceStack.ts';
import { cross, distance, dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Label, LabelImage } from './labelImage.ts';

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
const MOST_BYTES = 2 ** 31;
/** Positions that belong to one lattice agree within this, mm. */
const TOLERANCE_MM = 0.05;

/** A frame: its place, and the segment that it shows (0 in a label map, which shows all). */
interface Frame {
  readonly plane: SlicePlane;
  readonly segment: number;
}

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
  const lattice = latticeOf(frames, elements);
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
    bytes = inflateBounded(file.subarray(offset), MOST_BYTES).bytes;
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

function framesOf(elements: DataElements, isLabelMap: boolean): Frame[] {
  const count = elements.decimals(TAG.frames)[0] ?? 1;
  const perFrame = elements.items(TAG.perFrame);
  const shared = elements.items(TAG.shared)[0];
  if (!(count >= 1 && count <= MOST_FRAMES) || perFrame.length !== count) {
    return refuse(failure('dicom.frames-undescribed', { described: perFrame.length, frames: count }));
  }
  return perFrame.map((frame): Frame => {
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

interface PlacedFrames {
  readonly grid: GridLps;
  /** The slice of each frame. */
  readonly sliceOfFrame: readonly number[];
}

/**
 * The lattice of all frames, and each frame's slice on it; undefined where they lie on none. Frames may be missing, be
 * in any order, and share a place.
 */
function latticeOf(frames: readonly Frame[], elements: DataElements): PlacedFrames | undefined {
  const first = frames[0]!.plane;
  const normal = cross(first.alongRow, first.alongColumn);
  const heights = frames.map(({ plane }) => {
    const offset = subtract(plane.positionLpsMm, first.positionLpsMm);
    const height = dot(offset, normal);
    const isAlike =
      distance(plane.alongRow, first.alongRow) < 1e-3 &&
      distance(plane.alongColumn, first.alongColumn) < 1e-3 &&
      Math.hypot(...offset) ** 2 - height ** 2 < TOLERANCE_MM ** 2;
    return isAlike ? height : Number.NaN;
  });
  if (heights.some(Number.isNaN)) return undefined;
  const sorted = [...heights].sort((a, b) => a - b);
  const spacing = sliceSpacing(sorted, first, elements);
  const lowest = sorted[0]!;
  const sliceOfFrame = heights.map((height) => Math.round((height - lowest) / spacing));
  const isOff = heights.some(
    (height, index) =>
      Math.abs(height - lowest - sliceOfFrame[index]! * spacing) > TOLERANCE_MM + spacing * 0.01,
  );
  if (isOff) return undefined;
  const slices = Math.max(...sliceOfFrame) + 1;
  if (slices * first.rows * first.columns > MOST_BYTES) return undefined;
  return {
    grid: {
      sizeIjk: [first.columns, first.rows, slices],
      spacingMm: [first.columnSpacingMm, first.rowSpacingMm, spacing],
      originLpsMm: pointAlong(first.positionLpsMm, normal, lowest),
      directions: [first.alongRow, first.alongColumn, normal],
    },
    sliceOfFrame,
  };
}

/** Frames that lie on no lattice, each a slice; the grid has their size alone. */
function stackOf(frames: readonly Frame[]): PlacedFrames {
  const { plane } = frames[0]!;
  return {
    grid: {
      sizeIjk: [plane.columns, plane.rows, frames.length],
      spacingMm: [plane.columnSpacingMm, plane.rowSpacingMm, plane.sliceThicknessMm || 1],
      originLpsMm: plane.positionLpsMm,
      directions: [plane.alongRow, plane.alongColumn, cross(plane.alongRow, plane.alongColumn)],
    },
    sliceOfFrame: frames.map((_, index) => index),
  };
}

/** On which of a scan's slices each frame lies; null where one lies on none of them. */
function placesOnSlices(frames: readonly Frame[], slices: SliceStack): number[] | null {
  const [alongRow, alongColumn] = slices.directions;
  const places = frames.map(({ plane }) =>
    plane.rows === slices.rows &&
    plane.columns === slices.columns &&
    distance(plane.alongRow, alongRow) < 1e-3 &&
    distance(plane.alongColumn, alongColumn) < 1e-3
      ? slices.positionsLpsMm.findIndex((position) => distance(position, plane.positionLpsMm) < TOLERANCE_MM)
      : -1,
  );
  return places.includes(-1) ? null : places;
}

const pointAlong = (point: Vec3, direction: Vec3, mm: number): Vec3 => [
  point[0] + mm * direction[0],
  point[1] + mm * direction[1],
  point[2] + mm * direction[2],
];

/** The smallest step between frames; of a single slice what the file says. */
function sliceSpacing(sorted: readonly number[], plane: SlicePlane, elements: DataElements): number {
  let step = Infinity;
  for (let index = 1; index < sorted.length; index++) {
    const gap = sorted[index]! - sorted[index - 1]!;
    if (gap > TOLERANCE_MM) step = Math.min(step, gap);
  }
  const stated = elements.items(TAG.shared)[0]?.items(TAG.measures)[0]?.decimals(TAG.spacingBetweenSlices)[0];
  // Where slices are missing everywhere the smallest step is a multiple of what is stated.
  if (stated !== undefined && stated > TOLERANCE_MM && stated < step) return stated;
  return Number.isFinite(step) ? step : (plane.sliceThicknessMm ?? 1);
}

function maskOf(
  segment: number,
  frames: readonly Frame[],
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
