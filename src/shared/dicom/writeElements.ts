/** One element to write: its tag as group·65536 + element, its VR, and its value. */
export interface ElementToWrite {
  readonly tag: number;
  readonly vr:
    | 'AE'
    | 'AS'
    | 'CS'
    | 'DA'
    | 'DS'
    | 'FD'
    | 'FL'
    | 'IS'
    | 'LO'
    | 'OB'
    | 'OW'
    | 'PN'
    | 'SH'
    | 'SQ'
    | 'TM'
    | 'UI'
    | 'UL'
    | 'US';
  /** Text (values joined by backslashes), one number for US and UL, or the raw bytes of OB, OW, FD and FL. */
  readonly value: string | number | Uint8Array | readonly (readonly ElementToWrite[])[];
}

const PREAMBLE_LENGTH = 128;
const ITEM = 0xfffee000;
const LONG_VRS = new Set(['OB', 'OW', 'SQ']);

/** A decimal string of at most 16 characters (VR DS), the closest that fits. */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('A DICOM decimal string must be finite.');
  const plain = String(value === 0 ? 0 : value);
  if (plain.length <= 16) return plain;
  for (let digits = 15; digits > 0; digits--) {
    const shorter = String(Number(value.toPrecision(digits)));
    if (shorter.length <= 16) return shorter;
  }
  return value.toExponential(8);
}

/**
 * The bytes of a DICOM file in Explicit VR Little Endian (PS3.10 section 7): preamble, file meta information with its
 * group length, and the data set, its elements sorted by tag. Text must be ASCII.
 */
export function writeDicomFile(
  meta: readonly ElementToWrite[],
  dataSet: readonly ElementToWrite[],
): Uint8Array {
  const metaBytes = sizeOf(meta);
  const header: ElementToWrite[] = [{ tag: 0x00020000, vr: 'UL', value: metaBytes }, ...meta];
  const bytes = new Uint8Array(PREAMBLE_LENGTH + 4 + sizeOf(header) + sizeOf(dataSet));
  bytes.set([0x44, 0x49, 0x43, 0x4d], PREAMBLE_LENGTH);
  const view = new DataView(bytes.buffer);
  const end = writeAll(view, PREAMBLE_LENGTH + 4, header);
  writeAll(view, end, dataSet);
  return bytes;
}

const byTag = (elements: readonly ElementToWrite[]): ElementToWrite[] =>
  [...elements].sort((a, b) => a.tag - b.tag);

const sizeOf = (elements: readonly ElementToWrite[]): number =>
  elements.reduce((sum, element) => sum + (LONG_VRS.has(element.vr) ? 12 : 8) + valueSize(element), 0);

function valueSize({ vr, value }: ElementToWrite): number {
  if (typeof value === 'number') return vr === 'UL' ? 4 : 2;
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length + (value.length % 2);
  return value.reduce((sum, item) => sum + 8 + sizeOf(item), 0);
}

function writeAll(view: DataView, start: number, elements: readonly ElementToWrite[]): number {
  let at = start;
  for (const element of byTag(elements)) at = writeOne(view, at, element);
  return at;
}

function writeTag(view: DataView, at: number, tag: number): void {
  view.setUint16(at, Math.floor(tag / 0x10000), true);
  view.setUint16(at + 2, tag % 0x10000, true);
}

function writeOne(view: DataView, start: number, element: ElementToWrite): number {
  const { tag, vr, value } = element;
  const size = valueSize(element);
  writeTag(view, start, tag);
  view.setUint8(start + 4, vr.charCodeAt(0));
  view.setUint8(start + 5, vr.charCodeAt(1));
  let at = start + 8;
  if (LONG_VRS.has(vr)) {
    view.setUint32(start + 8, size, true);
    at = start + 12;
  } else {
    if (size > 0xffff) throw new RangeError('The value is too long for its value representation.');
    view.setUint16(start + 6, size, true);
  }
  if (typeof value === 'number') {
    if (vr === 'UL') view.setUint32(at, value, true);
    else view.setUint16(at, value, true);
  } else if (typeof value === 'string') writeText(view, at, value, vr);
  else if (value instanceof Uint8Array) new Uint8Array(view.buffer).set(value, at);
  else {
    let itemAt = at;
    for (const item of value) {
      writeTag(view, itemAt, ITEM);
      view.setUint32(itemAt + 4, sizeOf(item), true);
      itemAt = writeAll(view, itemAt + 8, item);
    }
  }
  return at + size;
}

function writeText(view: DataView, at: number, text: string, vr: string): void {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 126) throw new RangeError('DICOM text is written as ASCII here.');
    view.setUint8(at + index, code);
  }
  // Odd lengths are padded: UIDs with a zero byte (already there), text with a space.
  if (text.length % 2 === 1 && vr !== 'UI') view.setUint8(at + text.length, 0x20);
}
