import type { SourceInstance, SourceSeries } from '#shared/dicom/sourceSeries.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type GridLps, ijkToLps } from '#shared/geometry/gridLps.ts';
import { EVEN_MM, unevennessMm } from '#shared/geometry/sliceStack.ts';
import { distance, type Vec3 } from '#shared/geometry/vec3.ts';
import type { SlicedLabels } from '../interchange/gzipSlices.ts';
import { CODES, codeSequence } from './codes.ts';
import { derivedUid } from './derivedUid.ts';
import { type DicomDataset, encodeDicom, fitted } from './dicomDataset.ts';
import {
  commonInstanceReference,
  equipment,
  fieldModels,
  frameOfReference,
  identity,
  lossyCompression,
  NOT_CLINICAL,
  type ObjectContext,
  patientAndStudy,
  trackingUid,
} from './objectContext.ts';

/** A written object and the UIDs by which others refer to it. */
export interface WrittenObject {
  readonly bytes: Uint8Array;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
}

export type SegmentationKind = 'BINARY' | 'LABELMAP';

const KINDS = {
  BINARY: {
    sopClassUid: '1.2.840.10008.5.1.4.1.1.66.4',
    seriesOffset: 1,
    seriesDescription: 'Auricle: left atrial appendage, segmentation',
  },
  LABELMAP: {
    sopClassUid: '1.2.840.10008.5.1.4.1.1.66.7',
    seriesOffset: 2,
    seriesDescription: 'Auricle: left atrial appendage, label map',
  },
} as const;

/** Coral, as CIE L*a*b* in 16 bits each (PS3.3 C.10.7.1.1): L* 67, a* 48, b* 30. */
const DISPLAY_COLOUR = [43803, 45210, 40606];

/** The number of the only segment. */
export const APPENDAGE_SEGMENT = 1;

/** A slice that holds something, and the image that it lies on. */
interface Frame {
  readonly k: number;
  readonly positionLpsMm: Vec3;
  readonly instance: SourceInstance | undefined;
}

/**
 * The appendage's voxels as a DICOM Segmentation (PS3.3 A.51) or a Label Map Segmentation (A.90): one segment, a frame
 * for each slice of the scan that it touches, in the order of the source's slices, on its rows and columns, each frame
 * with the image that it was drawn on.
 * @param labels on the whole scan's grid: 1 where the appendage is, else 0
 * @throws UserError where nothing is labelled
 */
export function writeSegmentation(
  labels: SlicedLabels,
  context: ObjectContext,
  kind: SegmentationKind = 'BINARY',
): WrittenObject {
  const { grid } = labels;
  const frames: Frame[] = [];
  const slices: Uint8Array[] = [];
  let k = 0;
  for (const slice of labels.slices) {
    if (slice.includes(1)) {
      frames.push({ k, ...planeOf(labels, k, context.source) });
      slices.push(kind === 'BINARY' ? slice : slice.map((value) => (value === 1 ? APPENDAGE_SEGMENT : 0)));
    }
    k++;
  }
  if (frames.length === 0) throw new UserError(failure('export.labels-empty'));
  const pixels = kind === 'BINARY' ? packedBits(slices) : Buffer.concat(slices);
  const { sopClassUid } = KINDS[kind];
  const ids = identity(context, { ...KINDS[kind], modality: 'SEG' }, JSON.stringify(frames), pixels);
  const dataset: DicomDataset = {
    ...patientAndStudy(context),
    ...frameOfReference(context),
    ...equipment(context),
    ...ids,
    ...commonInstanceReference(context),
    ...segmentationImage(grid, frames.length, kind),
    ...lossyCompression(context),
    SegmentSequence: [segment(context)],
    ...dimensions(kind, String(ids.SOPInstanceUID)),
    SharedFunctionalGroupsSequence: [sharedGroups(labels, context.source, kind)],
    PerFrameFunctionalGroupsSequence: frames.map((frame) => frameGroups(frame, kind)),
    PixelData: pixels,
  };
  return {
    bytes: encodeDicom(dataset),
    sopClassUid,
    sopInstanceUid: String(ids.SOPInstanceUID),
    seriesInstanceUid: String(ids.SeriesInstanceUID),
  };
}

/** Planes of image and mask are the same within this. */
const SAME_PLANE_MM = 0.05;

/** Where slice k lies, in the source's own digits where an image of it lies there. */
function planeOf({ grid, stack }: SlicedLabels, k: number, { instances }: SourceSeries): Omit<Frame, 'k'> {
  const positionLpsMm = stack?.positionsLpsMm[k] ?? ijkToLps(grid, [0, 0, k]);
  const isThere = (one: SourceInstance | undefined): boolean =>
    one !== undefined && distance(one.positionLpsMm, positionLpsMm) < SAME_PLANE_MM;
  // The slices are the series' own, in order.
  const instance = isThere(instances[k]) ? instances[k] : instances.find(isThere);
  return { positionLpsMm: instance?.positionLpsMm ?? positionLpsMm, instance };
}

/** One bit for each voxel, the lowest first, frames without gaps between them (PS3.5 section 8.1.1). */
function packedBits(slices: readonly Uint8Array[]): Uint8Array {
  const area = slices[0]?.length ?? 0;
  const packed = new Uint8Array(Math.ceil((area * slices.length) / 8));
  slices.forEach((slice, frame) => {
    for (let at = 0; at < area; at++) {
      if (slice[at] !== 1) continue;
      const bit = frame * area + at;
      packed[bit >> 3]! |= 1 << (bit & 7);
    }
  });
  return packed;
}

/** General Image, Image Pixel, Segmentation Image (PS3.3 C.7.6.1, C.7.6.3, C.8.20.2). */
function segmentationImage(
  { sizeIjk: [columns, rows] }: GridLps,
  frames: number,
  kind: SegmentationKind,
): DicomDataset {
  const isBinary = kind === 'BINARY';
  return {
    ImageType: ['DERIVED', 'PRIMARY'],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    NumberOfFrames: frames,
    BitsAllocated: isBinary ? 1 : 8,
    BitsStored: isBinary ? 1 : 8,
    HighBit: isBinary ? 0 : 7,
    PixelRepresentation: 0,
    ...(isBinary ? {} : { PixelPaddingValue: 0 }),
    SegmentationType: kind,
    ...(isBinary ? { SegmentsOverlap: 'NO' } : {}),
    ContentLabel: 'LAA',
    ContentDescription: NOT_CLINICAL,
    ContentCreatorName: 'Auricle^Program',
    BurnedInAnnotation: 'NO',
  };
}

/** The segment: what it is, and what drew it (PS3.3 C.8.20.4). */
function segment(context: ObjectContext): DicomDataset {
  const models = fieldModels(context);
  const names = models.map(({ id }) => id).join(', ');
  const isEdited = context.edits.length > 0;
  return {
    SegmentNumber: APPENDAGE_SEGMENT,
    SegmentLabel: 'Left atrial appendage',
    SegmentDescription: isEdited ? 'Closed lumen; edited by a person' : 'Closed lumen',
    SegmentAlgorithmType: isEdited ? 'SEMIAUTOMATIC' : 'AUTOMATIC',
    SegmentAlgorithmName: fitted(`Auricle ${names}`, 64),
    SegmentedPropertyCategoryCodeSequence: codeSequence(CODES.anatomicalStructure),
    SegmentedPropertyTypeCodeSequence: codeSequence(CODES.appendage),
    SegmentationAlgorithmIdentificationSequence: models.map((model) => algorithm(model, context)),
    TrackingID: 'Left atrial appendage',
    TrackingUID: trackingUid(context, 'Left atrial appendage'),
    RecommendedDisplayCIELabValue: DISPLAY_COLOUR,
  };
}

/** What drew it: the model by name and checksum, the program's version (PS3.3 C.7.5.1 and 10.16). */
export const algorithm = (
  { id, sha256 }: ObjectContext['models'][number],
  { programVersion }: ObjectContext,
): DicomDataset => ({
  AlgorithmFamilyCodeSequence: codeSequence(CODES.artificialIntelligence),
  AlgorithmName: fitted(id, 64),
  AlgorithmVersion: fitted(programVersion, 64),
  AlgorithmParameters: `sha256=${sha256}`,
  AlgorithmSource: 'Auricle',
});

/** Multi-frame Dimension (PS3.3 C.7.6.17): segment and position; a label map has no segments to tell apart. */
function dimensions(kind: SegmentationKind, sopInstanceUid: string): DicomDataset {
  const organization = derivedUid('dimensions', sopInstanceUid);
  const position: DicomDataset = {
    DimensionOrganizationUID: organization,
    DimensionIndexPointer: 0x00200032,
    FunctionalGroupPointer: 0x00209113,
    DimensionDescriptionLabel: 'Image Position (Patient)',
  };
  const segmentNumber: DicomDataset = {
    DimensionOrganizationUID: organization,
    DimensionIndexPointer: 0x0062000b,
    FunctionalGroupPointer: 0x0062000a,
    DimensionDescriptionLabel: 'Segment Number',
  };
  return {
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: organization }],
    DimensionIndexSequence: kind === 'BINARY' ? [segmentNumber, position] : [position],
  };
}

/** What all frames share: voxel size, orientation, and of a binary segmentation the segment. */
function sharedGroups(
  {
    grid: {
      spacingMm,
      directions: [alongRow, alongColumn],
    },
    stack,
  }: SlicedLabels,
  { attributes }: SourceSeries,
  kind: SegmentationKind,
): DicomDataset {
  return {
    PixelMeasuresSequence: [
      {
        SliceThickness: spacingMm[2],
        // Uneven slices have no one distance.
        ...(stack && unevennessMm(stack) > EVEN_MM ? {} : { SpacingBetweenSlices: spacingMm[2] }),
        PixelSpacing: ownDigits(attributes.PixelSpacing, [spacingMm[1], spacingMm[0]]),
      },
    ],
    PlaneOrientationSequence: [
      {
        ImageOrientationPatient: ownDigits(attributes.ImageOrientationPatient, [...alongRow, ...alongColumn]),
      },
    ],
    ...(kind === 'BINARY'
      ? { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: APPENDAGE_SEGMENT }] }
      : {}),
  };
}

/** The values as the source writes them, where these are the same numbers: readers compare them digit by digit. */
function ownDigits(text: string | undefined, values: readonly number[]): string | readonly number[] {
  const own = (text ?? '').split('\\').map(Number);
  const isSame =
    own.length === values.length && own.every((value, at) => Math.abs(value - values[at]!) < 1e-4);
  return isSame && text !== undefined ? text : values;
}

function frameGroups({ k, positionLpsMm, instance }: Frame, kind: SegmentationKind): DicomDataset {
  return {
    FrameContentSequence: [
      { DimensionIndexValues: kind === 'BINARY' ? [APPENDAGE_SEGMENT, k + 1] : [k + 1] },
    ],
    PlanePositionSequence: [{ ImagePositionPatient: [...positionLpsMm] }],
    DerivationImageSequence: instance === undefined ? [] : [derivation(instance)],
  };
}

/** The image that a frame was drawn on (PS3.3 C.7.6.16.2.6). */
const derivation = ({ sopClassUid, sopInstanceUid, frameNumber }: SourceInstance): DicomDataset => ({
  DerivationCodeSequence: codeSequence(CODES.segmentation),
  SourceImageSequence: [
    {
      ReferencedSOPClassUID: sopClassUid,
      ReferencedSOPInstanceUID: sopInstanceUid,
      ...(frameNumber === null ? {} : { ReferencedFrameNumber: frameNumber }),
      PurposeOfReferenceCodeSequence: codeSequence(CODES.sourceImage),
      SpatialLocationsPreserved: 'YES',
    },
  ],
});
