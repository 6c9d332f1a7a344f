import { type DataElements, parseElements } from '#shared/dicom/dataElements.ts';
import { findFileEncoding } from '#shared/dicom/fileEncoding.ts';
import { inflateBounded } from '#shared/dicom/inflateBounded.ts';
import {
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
} from '#shared/dicom/transferSyntax.ts';
import { isUid } from './dicomUid.ts';

/** Which object a DICOM file of any kind holds. */
export interface DicomIdentity {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly transferSyntaxUid: string;
  /** Where the data set begins in the file, after the file meta information. */
  readonly dataSetOffset: number;
}

/** What is read of a file, step by step: the identity stands near its beginning. */
export const IDENTITY_STEPS_BYTES = [64 * 1024, 4 * 2 ** 20, Number.POSITIVE_INFINITY];

const MOST_INFLATED_BYTES = 4 * 2 ** 20;

/** The identity of the file that begins with these bytes; undefined where they are no DICOM or end before it. */
export function readIdentity(start: Uint8Array): DicomIdentity | undefined {
  const head = readElements(start);
  if (head === undefined) return undefined;
  const { elements, transferSyntaxUid, dataSetOffset } = head;
  const identity = {
    sopClassUid: elements.text('x00080016'),
    sopInstanceUid: elements.text('x00080018'),
    studyUid: elements.text('x0020000d'),
    seriesUid: elements.text('x0020000e'),
  };
  if (!Object.values(identity).every(isUid)) return undefined;
  return { ...identity, transferSyntaxUid, dataSetOffset };
}

/** What a person knows a series by; '' where the file does not say. */
export interface DicomLabels {
  readonly patientName: string;
  readonly modality: string;
  readonly description: string;
  /** YYYYMMDD. */
  readonly date: string;
}

/** The labels of the file that begins with these bytes. */
export function readLabels(start: Uint8Array): DicomLabels {
  const head = readElements(start);
  const text = (tag: string): string => head?.elements.text(tag) ?? '';
  return {
    patientName: text('x00100010'),
    modality: text('x00080060'),
    description: text('x0008103e'),
    date: text('x00080020'),
  };
}

function readElements(
  start: Uint8Array,
): { elements: DataElements; transferSyntaxUid: string; dataSetOffset: number } | undefined {
  const encoding = findFileEncoding(start);
  if (encoding.kind !== 'dicom') return undefined;
  const { transferSyntaxUid, dataSetOffset } = encoding;
  const isDeflated = transferSyntaxUid === DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN;
  const bytes = isDeflated ? inflateBounded(start.subarray(dataSetOffset), MOST_INFLATED_BYTES).bytes : start;
  const { elements } = parseElements(bytes, isDeflated ? 0 : dataSetOffset, {
    explicitVr: transferSyntaxUid !== IMPLICIT_VR_LITTLE_ENDIAN,
    bigEndian: transferSyntaxUid === EXPLICIT_VR_BIG_ENDIAN,
  });
  return { elements, transferSyntaxUid, dataSetOffset };
}
