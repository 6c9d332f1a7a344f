import {
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
} from './transferSyntax.ts';

/** Where a file's data set begins and how it is encoded, found from its first bytes alone. */
export type FileEncoding =
  | { readonly kind: 'notDicom' }
  | {
      readonly kind: 'dicom';
      readonly transferSyntaxUid: string;
      readonly dataSetOffset: number;
      /** (0002,0002), '' where absent. */
      readonly mediaStorageSopClassUid: string;
    }
  /** The bytes end within the file meta information. */
  | { readonly kind: 'cut' };

const PREAMBLE_LENGTH = 128;
const UNCOMPRESSED = new Set([IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_BIG_ENDIAN]);
/** The value representations with a 32 bit length, PS3.5 section 7.1.2. */
const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

const uint16 = (bytes: Uint8Array, at: number): number => bytes[at]! | (bytes[at + 1]! << 8);
const uint32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;

function vrAt(bytes: Uint8Array, at: number): string | undefined {
  const [a, b] = [bytes[at], bytes[at + 1]];
  if (a === undefined || b === undefined || a < 65 || a > 90 || b < 65 || b > 90) return undefined;
  return String.fromCharCode(a, b);
}

const uidAt = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + Math.min(length, 64))).replace(/[\0 ]+$/, '');

/**
 * Finds the encoding of a DICOM file with or without preamble, with or without file meta information (PS3.10
 * section 7). Where the stated transfer syntax and the first element contradict each other about encoding, the element is
 * believed.
 */
export function findFileEncoding(bytes: Uint8Array): FileEncoding {
  const hasPreamble =
    bytes.length >= PREAMBLE_LENGTH + 4 &&
    String.fromCharCode(...bytes.subarray(PREAMBLE_LENGTH, PREAMBLE_LENGTH + 4)) === 'DICM';
  let offset = hasPreamble ? PREAMBLE_LENGTH + 4 : 0;
  let stated = '';
  let mediaStorageSopClassUid = '';
  // The meta group is always Explicit VR Little Endian; its own length field is not needed, so it is not trusted.
  while (offset + 8 <= bytes.length && uint16(bytes, offset) === 2) {
    const vr = vrAt(bytes, offset + 4);
    if (vr === undefined) break;
    const long = LONG_VRS.has(vr);
    if (long && offset + 12 > bytes.length) return { kind: 'cut' };
    const length = long ? uint32(bytes, offset + 8) : uint16(bytes, offset + 6);
    const valueAt = offset + (long ? 12 : 8);
    if (valueAt + length > bytes.length) return { kind: 'cut' };
    const element = uint16(bytes, offset + 2);
    if (element === 0x0002) mediaStorageSopClassUid = uidAt(bytes, valueAt, length);
    if (element === 0x0010) stated = uidAt(bytes, valueAt, length);
    offset = valueAt + length;
  }
  const isDicom = hasPreamble || offset > 0;
  if (offset + 8 > bytes.length) return isDicom ? { kind: 'cut' } : { kind: 'notDicom' };
  const seen = syntaxOfFirstElement(bytes, offset);
  if (!isDicom && seen === undefined) return { kind: 'notDicom' };
  const contradicts = seen !== undefined && UNCOMPRESSED.has(stated);
  const transferSyntaxUid = stated === '' || contradicts ? (seen ?? IMPLICIT_VR_LITTLE_ENDIAN) : stated;
  return { kind: 'dicom', transferSyntaxUid, dataSetOffset: offset, mediaStorageSopClassUid };
}

/** A data set begins with group 0008 (or, in fragments of files, a later even group below 0100). */
function syntaxOfFirstElement(bytes: Uint8Array, offset: number): string | undefined {
  const vr = vrAt(bytes, offset + 4);
  const group = uint16(bytes, offset);
  if (group === 0x0800 && vr !== undefined) return EXPLICIT_VR_BIG_ENDIAN;
  if (group !== 0x0008) return undefined;
  if (vr !== undefined) return EXPLICIT_VR_LITTLE_ENDIAN;
  return uint32(bytes, offset + 4) < 0x10000 ? IMPLICIT_VR_LITTLE_ENDIAN : undefined;
}
