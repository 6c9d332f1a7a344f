import { type Failure, failure } from '../failures/failure.ts';
import { addScaled, dot, length, normalize, type Vec3 } from '../geometry/vec3.ts';
import type { DataElements } from './dataElements.ts';
import { readOtherDistinctions } from './otherDistinctions.ts';
import type { PixelFormat, SliceHeader, SlicePlane } from './sliceHeader.ts';
import { CT_IMAGE_STORAGE, ENHANCED_CT_CLASSES } from './transferSyntax.ts';

/** The largest matrix that is accepted; anything larger counts as damage. */
export const MAX_MATRIX = 4096;
/** Row and column directions may miss a right angle by this cosine before the file counts as damaged. */
const MAX_SKEW_COSINE = 1e-3;

/** Thrown by the readers of attributes; `parseSliceHeader` turns it into a result. */
export class Damage extends Error {
  readonly failure: Failure;

  constructor(reason: Failure) {
    super(reason.code);
    this.failure = reason;
  }
}

/** The values of a DS or IS element that must be there: `count` finite numbers and no other ones, or {@link Damage}. */
export function numbers(elements: DataElements, tag: string, count: number, name: string): number[] {
  const found = elements.decimals(tag);
  const values = found.slice(0, count);
  if (values.length === 0) throw new Damage(failure('dicom.attribute-missing', { attribute: name }));
  const hasOthers = found.some((value, at) => value !== values[at % count]);
  if (values.length < count || !values.every(Number.isFinite) || hasOthers)
    throw new Damage(failure('dicom.attribute-unreadable', { attribute: name }));
  return values;
}

/** Where the attributes of a slice's plane are: all in the data set itself, or in functional groups of a frame. */
export interface PlaneSources {
  readonly matrix: DataElements;
  readonly position: DataElements;
  readonly orientation: DataElements;
  readonly measures: DataElements;
}

/** @throws Damage where an attribute is missing or contradicts itself */
export function readPlane({ matrix, position, orientation, measures }: PlaneSources): SlicePlane {
  const rows = matrix.uint16('x00280010') ?? 0;
  const columns = matrix.uint16('x00280011') ?? 0;
  if (rows < 2 || columns < 2 || rows > MAX_MATRIX || columns > MAX_MATRIX) {
    throw new Damage(failure('dicom.matrix-implausible', { columns, rows }));
  }
  const [rowSpacingMm, columnSpacingMm] = numbers(measures, 'x00280030', 2, 'Pixel Spacing');
  if (!(rowSpacingMm! > 0 && columnSpacingMm! > 0)) throw new Damage(failure('dicom.pixel-spacing-zero'));
  const [x, y, z] = numbers(position, 'x00200032', 3, 'Image Position (Patient)');
  const cosines = numbers(orientation, 'x00200037', 6, 'Image Orientation (Patient)');
  const first: Vec3 = [cosines[0]!, cosines[1]!, cosines[2]!];
  const second: Vec3 = [cosines[3]!, cosines[4]!, cosines[5]!];
  if (Math.abs(length(first) - 1) > 0.01 || Math.abs(length(second) - 1) > 0.01) {
    throw new Damage(failure('dicom.orientation-not-unit'));
  }
  const alongRow = normalize(first);
  const skew = dot(alongRow, normalize(second));
  if (Math.abs(skew) > MAX_SKEW_COSINE) throw new Damage(failure('dicom.axes-skewed'));
  const thickness = measures.decimals('x00180050')[0];
  const tilt = matrix.decimals('x00181120')[0];
  return {
    rows,
    columns,
    rowSpacingMm: rowSpacingMm!,
    columnSpacingMm: columnSpacingMm!,
    alongRow,
    // Rounded cosines miss the right angle by about 1e-6; grids are promised to be orthogonal.
    alongColumn: normalize(addScaled(second, alongRow, -dot(second, alongRow))),
    positionLpsMm: [x!, y!, z!],
    sliceThicknessMm: thickness !== undefined && thickness > 0 ? thickness : undefined,
    gantryTiltDegrees: tilt !== undefined && Number.isFinite(tilt) ? tilt : undefined,
  };
}

/** What the reading of a pixel format needs to know of the file. */
export interface FormatSources {
  readonly elements: DataElements;
  /** Where Rescale Slope and Intercept are: the data set itself, or a frame's functional group. */
  readonly rescaling: DataElements;
  readonly bitsAllocated: 8 | 16;
  readonly isCompressed: boolean;
}

/** What sizes, places and HU are made of. */
const DECISIVE = {
  x00200032: 'Image Position (Patient)',
  x00200037: 'Image Orientation (Patient)',
  x00280010: 'Rows',
  x00280011: 'Columns',
  x00280030: 'Pixel Spacing',
  x00280101: 'Bits Stored',
  x00280103: 'Pixel Representation',
  x00281052: 'Rescale Intercept',
  x00281053: 'Rescale Slope',
} as const;

/** Throws Damage where one of them is there twice, with values that differ: neither can be trusted. */
function refuseContradictions(elements: DataElements): void {
  for (const [tag, element] of Object.entries(DECISIVE)) {
    if (elements.contradictsItself(tag)) throw new Damage(failure('dicom.contradicts-itself', { element }));
  }
}

/**
 * How stored values become HU.
 *
 * @throws Damage where an attribute is missing or contradicts itself
 */
export function readPixelFormat(sources: FormatSources): PixelFormat {
  const { elements, rescaling, bitsAllocated, isCompressed } = sources;
  refuseContradictions(elements);
  if (rescaling !== elements) refuseContradictions(rescaling);
  const bitsStored = elements.uint16('x00280101') ?? bitsAllocated;
  // High Bit says where values lie in words; decompression gives the values themselves.
  const highBit = (isCompressed ? undefined : elements.uint16('x00280102')) ?? bitsStored - 1;
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit < bitsStored - 1 || highBit >= bitsAllocated) {
    throw new Damage(failure('dicom.bits-stored', { bitsStored, highBit, bitsAllocated }));
  }
  const signed = elements.uint16('x00280103') === 1;
  const isCt = modalityOf(elements) === 'CT';
  const rescale = (tag: string, name: string, otherwise: number): number => {
    if (!isCt && !rescaling.has(tag)) return otherwise;
    return numbers(rescaling, tag, 1, name)[0]!;
  };
  const slope = rescale('x00281053', 'Rescale Slope', 1);
  if (slope === 0) throw new Damage(failure('dicom.rescale-slope-zero'));
  const paddingValue = elements.int16('x00280120', signed);
  const paddingLimit = elements.int16('x00280121', signed) ?? paddingValue;
  return {
    bitsAllocated,
    bitsStored,
    highBit,
    signed,
    slope,
    intercept: rescale('x00281052', 'Rescale Intercept', 0),
    padding:
      paddingValue === undefined || paddingLimit === undefined
        ? undefined
        : { from: Math.min(paddingValue, paddingLimit), to: Math.max(paddingValue, paddingLimit) },
    dataOffset: elements.pixelData?.offset ?? 0,
  };
}

export function readWindow(elements: DataElements): SliceHeader['window'] {
  const centreHu = elements.decimals('x00281050')[0];
  const widthHu = elements.decimals('x00281051')[0];
  if (centreHu === undefined || widthHu === undefined || !Number.isFinite(centreHu) || !(widthHu > 0))
    return undefined;
  return { centreHu, widthHu };
}

/** Nominal Percentage of Cardiac Phase (FL), which some writers put as FD or as text. */
export function percentOf(elements: DataElements): number | undefined {
  const asText = elements.decimals('x00209241')[0];
  const percent = elements.float('x00209241');
  return [asText, percent].find((value) => Number.isFinite(value));
}

/** Monoenergetic Energy Equivalent, in the Multi-energy CT Characteristics (PS3.3 C.7.6.16.2, C.8.2.2). */
const monoenergeticKevOf = (elements: DataElements): number | undefined =>
  elements.items('x00189364')[0]?.float('x0018937c') ?? elements.float('x0018937c');

/** The modality, also where it is written in small letters; where it is missing, what the object's class says. */
export function modalityOf(elements: DataElements): string {
  const modality = elements.text('x00080060').toUpperCase();
  return modality === '' && CT_CLASSES.has(elements.text('x00080016')) ? 'CT' : modality;
}
const CT_CLASSES: ReadonlySet<string> = new Set([CT_IMAGE_STORAGE, ...ENHANCED_CT_CLASSES]);

export function readTexts(elements: DataElements): Pick<SliceHeader, 'identity' | 'labels' | 'acquisition'> {
  const { text } = elements;
  const finite = (tag: string): number | undefined => {
    const value = elements.decimals(tag)[0];
    return value !== undefined && Number.isFinite(value) ? value : undefined;
  };
  return {
    identity: {
      sopClassUid: text('x00080016'),
      sopInstanceUid: text('x00080018'),
      frameNumber: undefined,
      seriesInstanceUid: text('x0020000e'),
      studyInstanceUid: text('x0020000d'),
      frameOfReferenceUid: text('x00200052'),
    },
    labels: {
      modality: modalityOf(elements),
      patientName: text('x00100010'),
      patientId: text('x00100020'),
      patientIdIssuer: text('x00100021'),
      patientBirthDate: text('x00100030'),
      patientSex: text('x00100040'),
      studyDate: text('x00080020'),
      studyTime: text('x00080030'),
      accessionNumber: text('x00080050'),
      studyDescription: text('x00081030'),
      seriesNumber: text('x00200011'),
      seriesDescription: text('x0008103e'),
      protocolName: text('x00181030'),
      manufacturer: text('x00080070'),
      convolutionKernel: text('x00181210'),
      contrastAgent: text('x00180010'),
      bodyPart: text('x00180015'),
      imageType: elements.texts('x00080008').map((value) => value.toUpperCase()),
    },
    acquisition: {
      instanceNumber: finite('x00200013'),
      acquisitionNumber: finite('x00200012'),
      imagesInAcquisition: finite('x00201002'),
      acquisitionTime: text('x00080032'),
      temporalPosition: finite('x00200100'),
      cardiacPhasePercent: percentOf(elements),
      triggerTimeMs: finite('x00181060'),
      triggerDelayMs: elements.float('x00209153'),
      acquisitionDateTime: text('x0008002a'),
      acquisitionDate: text('x00080022'),
      contentDate: text('x00080023'),
      contentTime: text('x00080033'),
      seriesTime: text('x00080031'),
      derivation: text('x00082111'),
      filterType: text('x00181160'),
      scanOptions: elements.texts('x00180022').join(' '),
      imageComments: text('x00204000'),
      tubeVoltageKv: finite('x00180060'),
      monoenergeticKev: monoenergeticKevOf(elements),
      others: readOtherDistinctions(elements),
    },
  };
}
