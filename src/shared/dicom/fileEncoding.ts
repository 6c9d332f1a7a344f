import { latin1 } from './characterSet.ts';
import { type ElementEncoding, hasVr, readElementHeader } from './elementHeader.ts';
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
const META_GROUP = 2;
const MEDIA_STORAGE_SOP_CLASS = 0x00020002;
const TRANSFER_SYNTAX = 0x00020010;

/**
 * Finds the encoding of a DICOM file with or without preamble, with or without file meta information (PS3.10
 * section 7). Where the stated transfer syntax and the first element contradict each other about encoding, the element is
 * believed.
 */
export function findFileEncoding(bytes: Uint8Array): FileEncoding {
  const hasPreamble =
    bytes.length >= PREAMBLE_LENGTH + 4 &&
    String.fromCharCode(...bytes.subarray(PREAMBLE_LENGTH, PREAMBLE_LENGTH + 4)) === 'DICM';
  const start = hasPreamble ? PREAMBLE_LENGTH + 4 : 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const meta = readMetaGroup(bytes, view, start);
  if (meta === undefined) return { kind: 'cut' };
  const { dataSetOffset, stated, mediaStorageSopClassUid } = meta;
  const isDicom = hasPreamble || dataSetOffset > 0;
  if (dataSetOffset + 8 > bytes.length) return isDicom ? { kind: 'cut' } : { kind: 'notDicom' };
  const seen = syntaxOfFirstElement(view, dataSetOffset);
  if (!isDicom && seen === undefined) return { kind: 'notDicom' };
  const contradicts = seen !== undefined && UNCOMPRESSED.has(stated);
  const transferSyntaxUid = stated === '' || contradicts ? (seen ?? IMPLICIT_VR_LITTLE_ENDIAN) : stated;
  return { kind: 'dicom', transferSyntaxUid, dataSetOffset, mediaStorageSopClassUid };
}

interface MetaGroup {
  readonly dataSetOffset: number;
  /** The transfer syntax that the group names, '' where it names none. */
  readonly stated: string;
  readonly mediaStorageSopClassUid: string;
}

/**
 * Reads the file meta information; undefined where the bytes end within it. It has a length of its own, which is not
 * needed, so it is not trusted. It should be in Explicit VR Little Endian; some writers put it in the encoding of the
 * data set.
 */
function readMetaGroup(bytes: Uint8Array, view: DataView, start: number): MetaGroup | undefined {
  const values = new Map<number, string>();
  const encoding = metaEncoding(view, start);
  let at = start;
  while (encoding !== undefined && isOfGroup(view, at, META_GROUP, encoding.bigEndian)) {
    const header = readElementHeader(view, at, encoding);
    if (header === undefined || header.valueAt + header.length > bytes.length) return undefined;
    if (header.tag === TRANSFER_SYNTAX || header.tag === MEDIA_STORAGE_SOP_CLASS)
      values.set(header.tag, uidAt(bytes, header.valueAt, header.length));
    at = header.valueAt + header.length;
  }
  return {
    dataSetOffset: at,
    stated: values.get(TRANSFER_SYNTAX) ?? '',
    mediaStorageSopClassUid: values.get(MEDIA_STORAGE_SOP_CLASS) ?? '',
  };
}

/** How the meta group at `at` is written; undefined where there is none. */
function metaEncoding(view: DataView, at: number): ElementEncoding | undefined {
  const bigEndian = !isOfGroup(view, at, META_GROUP, false);
  if (!isOfGroup(view, at, META_GROUP, bigEndian)) return undefined;
  const explicitVr = hasVr(view, at);
  if (explicitVr) return { explicitVr, bigEndian };
  // Without a representation the only sign is a length that a meta element may have.
  return !bigEndian && view.getUint32(at + 4, true) <= 0xffff ? { explicitVr, bigEndian } : undefined;
}

const isOfGroup = (view: DataView, at: number, group: number, bigEndian: boolean): boolean =>
  at + 8 <= view.byteLength && view.getUint16(at, !bigEndian) === group;

const uidAt = (bytes: Uint8Array, at: number, length: number): string =>
  latin1(bytes.subarray(at, at + Math.min(length, 64)))
    .replace(/[\0 ]+$/, '')
    .trimStart();

/** A data set begins with group 0008 (or, in fragments of files, a later even group below 0100). */
function syntaxOfFirstElement(view: DataView, at: number): string | undefined {
  const explicit = hasVr(view, at);
  if (isOfGroup(view, at, 8, true) && explicit) return EXPLICIT_VR_BIG_ENDIAN;
  if (!isOfGroup(view, at, 8, false)) return undefined;
  if (explicit) return EXPLICIT_VR_LITTLE_ENDIAN;
  return view.getUint32(at + 4, true) < 0x10000 ? IMPLICIT_VR_LITTLE_ENDIAN : undefined;
}
