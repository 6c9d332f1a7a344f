import { addScaled, dot, length, normalize, type Vec3 } from '../geometry/vec3.ts';
import { type DataElements, parseElements } from './dataElements.ts';
import { findFileEncoding } from './fileEncoding.ts';
import {
  type ParsedFile,
  type PixelFormat,
  pixelDataLength,
  type SliceHeader,
  type SlicePlane,
} from './sliceHeader.ts';
import { CT_IMAGE_STORAGE, transferSyntaxOf } from './transferSyntax.ts';

const ENHANCED_CT_CLASSES = new Set(['1.2.840.10008.5.1.4.1.1.2.1', '1.2.840.10008.5.1.4.1.1.2.2']);
const SECONDARY_CAPTURE_PREFIX = '1.2.840.10008.5.1.4.1.1.7';
/** Largest matrix that is believed; beyond it a length is taken for damage. */
const MAX_MATRIX = 4096;
/** Row and column directions may miss a right angle by this cosine before the file counts as damaged. */
const MAX_SKEW_COSINE = 1e-3;

/**
 * Reads what a file says about itself without decoding its pixels (explicit or implicit VR, little endian, with or
 * without preamble and meta group).
 *
 * @param bytes the file's first bytes, or all of them
 * @param fileSize the whole file's length in bytes, against which the pixel data's extent is checked
 * @returns what the file is; `needsMoreBytes` only where `bytes` is shorter than the file and ends too early
 */
export function parseSliceHeader(
  bytes: Uint8Array,
  fileSize = bytes.length,
): ParsedFile | { readonly kind: 'needsMoreBytes' } {
  const partial = bytes.length < fileSize;
  const encoding = findFileEncoding(bytes);
  if (encoding.kind === 'notDicom') return { kind: 'notDicom' };
  if (encoding.kind === 'cut') {
    return partial ? { kind: 'needsMoreBytes' } : damaged('The file ends within its header.', '');
  }
  const syntax = transferSyntaxOf(encoding.transferSyntaxUid);
  if (syntax.kind === 'unreadable') return unsupportedSyntax(syntax.name, '');
  const explicitVr = syntax.kind === 'compressed' || syntax.explicitVr;
  const { elements, complete } = parseElements(bytes, encoding.dataSetOffset, explicitVr);
  const seriesInstanceUid = elements.text('x0020000e');
  if (elements.pixelData === undefined) {
    if (partial) return { kind: 'needsMoreBytes' };
    if (!complete) return damaged('The file ends within its header.', seriesInstanceUid);
    const sopClassUid = elements.text('x00080016') || encoding.mediaStorageSopClassUid;
    if (sopClassUid === CT_IMAGE_STORAGE)
      return damaged('The file ends before its pixel data.', seriesInstanceUid);
    return { kind: 'notImage', reason: `The file holds no image${kindInWords(elements)}.` };
  }
  const sopClass = elements.text('x00080016');
  if (ENHANCED_CT_CLASSES.has(sopClass)) {
    return {
      kind: 'unsupported',
      reason: 'The image is an Enhanced (multi-frame) CT, which this version cannot read yet.',
      seriesInstanceUid,
    };
  }
  if (!isPictureOfPatient(elements, sopClass)) {
    return { kind: 'notImage', reason: `The image has no position in the patient${kindInWords(elements)}.` };
  }
  if (syntax.kind === 'compressed') return unsupportedSyntax(syntax.name, seriesInstanceUid);
  return readSlice(elements, fileSize, seriesInstanceUid);
}

const damaged = (reason: string, seriesInstanceUid: string): ParsedFile => ({
  kind: 'damaged',
  reason,
  seriesInstanceUid,
});

const unsupportedSyntax = (name: string, seriesInstanceUid: string): ParsedFile => ({
  kind: 'unsupported',
  reason: `The image is encoded as ${name}, which this version cannot read yet.`,
  seriesInstanceUid,
});

function kindInWords(elements: DataElements): string {
  const modality = elements.text('x00080060');
  return modality === '' ? '' : ` (modality ${modality})`;
}

/** CT is held to its attributes even where they are missing; of other modalities only cross sections are of interest. */
function isPictureOfPatient(elements: DataElements, sopClass: string): boolean {
  if (sopClass.startsWith(SECONDARY_CAPTURE_PREFIX)) return false;
  const frames = elements.decimals('x00280008')[0] ?? 1;
  if (elements.text('x00080060') === 'CT') return true;
  return frames <= 1 && elements.has('x00200032') && elements.has('x00200037');
}

/** Raised within this file only, to leave the nested readers with a reason. */
class Damage extends Error {}

function readSlice(elements: DataElements, fileSize: number, seriesInstanceUid: string): ParsedFile {
  const unsupported = (reason: string): ParsedFile => ({ kind: 'unsupported', reason, seriesInstanceUid });
  try {
    if ((elements.uint16('x00280002') ?? 1) !== 1)
      return unsupported('The image is in colour, not CT values.');
    const photometric = elements.text('x00280004');
    if (photometric !== '' && photometric !== 'MONOCHROME2') {
      return unsupported(`The image is stored as ${photometric}, which this version cannot read yet.`);
    }
    if ((elements.decimals('x00280008')[0] ?? 1) > 1) {
      return unsupported('The file holds several frames, which this version cannot read yet.');
    }
    const bitsAllocated = elements.uint16('x00280100');
    if (bitsAllocated !== 8 && bitsAllocated !== 16) {
      return unsupported(`The image has ${bitsAllocated ?? 'unknown'} bits a value; 8 and 16 can be read.`);
    }
    const plane = readPlane(elements);
    const pixels = readPixelFormat(elements, bitsAllocated);
    const shortfall = pixelShortfall(elements, plane, pixels, fileSize);
    if (shortfall !== undefined) return damaged(shortfall, seriesInstanceUid);
    return { kind: 'slice', header: { ...readTexts(elements), plane, pixels, window: readWindow(elements) } };
  } catch (thrown) {
    if (thrown instanceof Damage) return damaged(thrown.message, seriesInstanceUid);
    throw thrown;
  }
}

function readPlane(elements: DataElements): SlicePlane {
  const rows = elements.uint16('x00280010') ?? 0;
  const columns = elements.uint16('x00280011') ?? 0;
  if (rows < 2 || columns < 2 || rows > MAX_MATRIX || columns > MAX_MATRIX) {
    throw new Damage(`The slice has a matrix of ${columns} by ${rows}, which is no CT image.`);
  }
  const [rowSpacingMm, columnSpacingMm] = numbers(elements, 'x00280030', 2, 'Pixel Spacing');
  if (!(rowSpacingMm! > 0 && columnSpacingMm! > 0))
    throw new Damage('The slice has a Pixel Spacing of zero or less.');
  const [x, y, z] = numbers(elements, 'x00200032', 3, 'Image Position (Patient)');
  const cosines = numbers(elements, 'x00200037', 6, 'Image Orientation (Patient)');
  const first: Vec3 = [cosines[0]!, cosines[1]!, cosines[2]!];
  const second: Vec3 = [cosines[3]!, cosines[4]!, cosines[5]!];
  if (Math.abs(length(first) - 1) > 0.01 || Math.abs(length(second) - 1) > 0.01) {
    throw new Damage('The slice has an Image Orientation (Patient) that is not made of unit vectors.');
  }
  const alongRow = normalize(first);
  const skew = dot(alongRow, normalize(second));
  if (Math.abs(skew) > MAX_SKEW_COSINE)
    throw new Damage('The rows and columns of the slice are not at right angles.');
  const thickness = elements.decimals('x00180050')[0];
  const tilt = elements.decimals('x00181120')[0];
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

function readPixelFormat(elements: DataElements, bitsAllocated: 8 | 16): PixelFormat {
  const bitsStored = elements.uint16('x00280101') ?? bitsAllocated;
  const highBit = elements.uint16('x00280102') ?? bitsStored - 1;
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit < bitsStored - 1 || highBit >= bitsAllocated) {
    throw new Damage(`The slice claims ${bitsStored} bits stored up to bit ${highBit} of ${bitsAllocated}.`);
  }
  const signed = elements.uint16('x00280103') === 1;
  const isCt = elements.text('x00080060') === 'CT';
  const rescale = (tag: string, name: string, otherwise: number): number => {
    if (!isCt && !elements.has(tag)) return otherwise;
    return numbers(elements, tag, 1, name)[0]!;
  };
  const slope = rescale('x00281053', 'Rescale Slope', 1);
  if (slope === 0) throw new Damage('The slice has a Rescale Slope of zero.');
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

/** A sentence where the file holds fewer stored values than its matrix needs; lengths are checked, never trusted. */
function pixelShortfall(
  elements: DataElements,
  plane: SlicePlane,
  pixels: PixelFormat,
  fileSize: number,
): string | undefined {
  const needed = pixelDataLength(plane, pixels);
  const {
    offset,
    length: claimed,
    undefinedLength,
  } = elements.pixelData ?? { offset: 0, length: 0, undefinedLength: false };
  if (undefinedLength) return 'The slice claims to be uncompressed but its pixel data is encapsulated.';
  if (claimed < needed) {
    return `The pixel data is too short for the matrix: ${claimed} bytes where ${needed} are needed.`;
  }
  const present = fileSize - offset;
  if (present < needed) {
    const percent = Math.max(0, Math.floor((100 * present) / needed));
    return `The file is cut short: only ${percent} % of its pixel data is there.`;
  }
  return undefined;
}

function numbers(elements: DataElements, tag: string, count: number, name: string): number[] {
  const values = elements.decimals(tag).slice(0, count);
  if (values.length === 0) throw new Damage(`The slice has no ${name}.`);
  if (values.length < count || !values.every(Number.isFinite))
    throw new Damage(`The slice's ${name} is unreadable.`);
  return values;
}

function readWindow(elements: DataElements): SliceHeader['window'] {
  const centreHu = elements.decimals('x00281050')[0];
  const widthHu = elements.decimals('x00281051')[0];
  if (centreHu === undefined || widthHu === undefined || !Number.isFinite(centreHu) || !(widthHu > 0))
    return undefined;
  return { centreHu, widthHu };
}

function readTexts(elements: DataElements): Pick<SliceHeader, 'identity' | 'labels' | 'acquisition'> {
  const { text } = elements;
  const finite = (tag: string): number | undefined => {
    const value = elements.decimals(tag)[0];
    return value !== undefined && Number.isFinite(value) ? value : undefined;
  };
  return {
    identity: {
      sopClassUid: text('x00080016'),
      sopInstanceUid: text('x00080018'),
      seriesInstanceUid: text('x0020000e'),
      studyInstanceUid: text('x0020000d'),
      frameOfReferenceUid: text('x00200052'),
    },
    labels: {
      modality: text('x00080060'),
      patientName: text('x00100010'),
      patientId: text('x00100020'),
      patientBirthDate: text('x00100030'),
      patientSex: text('x00100040'),
      studyDate: text('x00080020'),
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
      acquisitionTime: text('x00080032'),
      temporalPosition: finite('x00200100'),
      cardiacPhasePercent: elements.double('x00209241') ?? finite('x00209241'),
      triggerTimeMs: finite('x00181060'),
    },
  };
}
