/** How the headers of a data set's elements are written (PS3.5 section 7.1). */
export interface ElementEncoding {
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
}

/** One element's header; `tag` is group·65536 + element. */
export interface ElementHeader {
  readonly tag: number;
  /** undefined where the header has none: Implicit VR, and items of sequences. */
  readonly vr: string | undefined;
  /** Offset of the value's first byte. */
  readonly valueAt: number;
  /** {@link UNDEFINED_LENGTH} where the value ends with a delimiter. */
  readonly length: number;
}

export const UNDEFINED_LENGTH = 0xffffffff;
export const ITEM_TAG = 0xfffee000;
export const ITEM_DELIMITER_TAG = 0xfffee00d;
export const SEQUENCE_DELIMITER_TAG = 0xfffee0dd;
const DELIMITER_GROUP = 0xfffe;

const SHORT_VRS = new Set('AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));
/** The value representations with a 32 bit length (PS3.5 table 7.1-1). */
const LONG_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

interface Representation {
  readonly vr: string;
  /** How long its lengths are; `unknown`: no representation of DICOM's. */
  readonly lengths: 'short' | 'long' | 'unknown';
}

/** Every header asks for one: they are found by their two letters as a number, without making a text. */
const representations = new Map<number, Representation>();
/** Damaged files have any letters. */
const MOST_REPRESENTATIONS = 256;

function representationAt(view: DataView, at: number): Representation {
  const letters = view.getUint16(at);
  const known = representations.get(letters);
  if (known !== undefined) return known;
  const vr = String.fromCharCode(letters >> 8, letters & 0xff);
  const lengths = LONG_VRS.has(vr) ? 'long' : SHORT_VRS.has(vr) ? 'short' : 'unknown';
  const representation: Representation = { vr, lengths };
  if (representations.size < MOST_REPRESENTATIONS) representations.set(letters, representation);
  return representation;
}

/** Whether the element at `at` has one of DICOM's value representations in its header. */
export const hasVr = (view: DataView, at: number): boolean =>
  at + 6 <= view.byteLength && representationAt(view, at + 4).lengths !== 'unknown';

/** The header at `at`; undefined where the bytes end within it. */
export function readElementHeader(
  view: DataView,
  at: number,
  { explicitVr, bigEndian }: ElementEncoding,
): ElementHeader | undefined {
  if (at + 8 > view.byteLength) return undefined;
  const little = !bigEndian;
  const group = view.getUint16(at, little);
  const tag = group * 0x10000 + view.getUint16(at + 2, little);
  if (!explicitVr || group === DELIMITER_GROUP) {
    return { tag, vr: undefined, valueAt: at + 8, length: view.getUint32(at + 4, little) };
  }
  const { vr, lengths } = representationAt(view, at + 4);
  if (lengths === 'unknown' && lacksVr(view, at, little)) {
    return { tag, vr: undefined, valueAt: at + 8, length: view.getUint32(at + 4, little) };
  }
  if (lengths === 'short' || (lengths === 'unknown' && !isLong(view, at, vr, little))) {
    return { tag, vr, valueAt: at + 8, length: view.getUint16(at + 6, little) };
  }
  if (at + 12 > view.byteLength) return undefined;
  return { tag, vr, valueAt: at + 12, length: view.getUint32(at + 8, little) };
}

/**
 * Whether a header is written as in Implicit VR among explicit ones, as some programs write elements that they add: a
 * short length stands where the representation should be. Other readers take them so, too.
 */
function lacksVr(view: DataView, at: number, little: boolean): boolean {
  const isLetterLike = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
  if (!little || (isLetterLike(view.getUint8(at + 4)) && isLetterLike(view.getUint8(at + 5)))) return false;
  const length = view.getUint32(at + 4, true);
  return length < 0x10000 || length === UNDEFINED_LENGTH;
}

/**
 * Representations that are not known yet will have 32 bit lengths after two bytes of zero (PS3.5 section 6.2); writers'
 * own inventions have short ones.
 */
function isLong(view: DataView, at: number, vr: string, little: boolean): boolean {
  if (!/^[A-Z]{2}$/.test(vr)) return false;
  return view.getUint16(at + 6, little) === 0 && at + 12 <= view.byteLength;
}
