import type { DcmjsElement } from 'dcmjs';
import * as dcmjs from 'dcmjs';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '#shared/dicom/transferSyntax.ts';
import { uidFromName } from '#shared/dicom/uid.ts';
import { decimalString } from '#shared/dicom/writeElements.ts';

/** A value of an element: text and numbers, several of them, bytes, or the items of a sequence. */
export type DicomValue =
  | string
  | number
  | readonly (string | number)[]
  | Uint8Array
  | readonly DicomDataset[];

/** A data set by the keywords of PS3.6; what is undefined is left out, '' and [] are written as empty elements. */
export interface DicomDataset {
  readonly [keyword: string]: DicomValue | undefined;
}

/** Identifies this writer in file meta information (PS3.10 section 7.1). */
const IMPLEMENTATION_CLASS_UID = uidFromName('Auricle DICOM objects 1');

/** Value representations that depend on the data, as they are used here: bytes, and unsigned numbers. */
const AMBIGUOUS: Readonly<Record<string, string>> = { ox: 'OB', xs: 'US' };

/** Texts in which a backslash is a character, not the mark between two values. */
const SINGLE_TEXTS = new Set(['ST', 'LT', 'UT', 'UR']);

/**
 * The bytes of a DICOM file, Explicit VR Little Endian, texts in UTF-8. dcmjs knows the tags and encodes; numbers become
 * decimal strings here, because dcmjs cuts them off after 16 characters, exponents included.
 * @throws Error for a keyword that is not in PS3.6: a defect of the caller
 */
export function encodeDicom(dataset: DicomDataset): Uint8Array {
  const { SOPClassUID, SOPInstanceUID } = dataset;
  const file = new dcmjs.data.DicomDict(
    elementsOf({
      FileMetaInformationVersion: Uint8Array.of(0, 1),
      MediaStorageSOPClassUID: SOPClassUID,
      MediaStorageSOPInstanceUID: SOPInstanceUID,
      TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
      ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
      ImplementationVersionName: 'AURICLE',
    }),
  );
  file.dict = elementsOf({ SpecificCharacterSet: 'ISO_IR 192', ...dataset });
  // Values of the scan are taken over even where they are longer than their representation allows.
  return new Uint8Array(file.write({ allowInvalidVRLength: true }));
}

function elementsOf(dataset: DicomDataset): Record<string, DcmjsElement> {
  const { nameMap, unpunctuateTag } = dcmjs.data.DicomMetaDictionary;
  const elements: Record<string, DcmjsElement> = {};
  for (const [keyword, value] of Object.entries(dataset)) {
    if (value === undefined) continue;
    const known = nameMap[keyword];
    if (known === undefined) throw new Error(`${keyword} is not a keyword of DICOM.`);
    const vr = AMBIGUOUS[known.vr] ?? known.vr;
    elements[unpunctuateTag(known.tag)] = { vr, Value: valuesOf(value, vr) };
  }
  return elements;
}

function valuesOf(value: DicomValue, vr: string): readonly unknown[] {
  if (value instanceof Uint8Array) return [ownBuffer(value)];
  if (typeof value === 'string') {
    if (value === '') return [];
    return SINGLE_TEXTS.has(vr) ? [value] : value.split('\\');
  }
  if (typeof value === 'number') return [encodedNumber(value, vr)];
  return value.map((one) => {
    if (typeof one === 'object') return elementsOf(one);
    return typeof one === 'number' ? encodedNumber(one, vr) : one;
  });
}

const encodedNumber = (value: number, vr: string): string | number =>
  vr === 'DS' ? decimalString(value) : vr === 'IS' ? String(value) : value;

const ownBuffer = (bytes: Uint8Array): ArrayBufferLike =>
  // A copy by the constructor: slice of Node's buffers shares their memory.
  bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : new Uint8Array(bytes).buffer;

/** A text for an element that holds at most `longest` characters, its end cut where it is longer. */
export const fitted = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`;
