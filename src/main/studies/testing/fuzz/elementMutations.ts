import { joined } from '#shared/dicom/testing/compressedFixtures.ts';
import type { PlacedElement } from './elementsOf.ts';
import {
  effectAt,
  MEANINGFUL,
  type Mutation,
  NOTHING,
  noise,
  one,
  PIXEL_DATA,
  sameElement,
  spliced,
  TRANSFER_SYNTAX,
  together,
  withFile,
} from './mutation.ts';

const TEXT_VRS = ['AE', 'AS', 'CS', 'DA', 'DS', 'IS', 'LO', 'LT', 'PN', 'SH', 'ST', 'TM', 'UI'];
const VRS = [...TEXT_VRS, ...'AT FD FL SL SS UL US OB OD OF OL OV OW SQ SV UC UN UR UT UV ZZ'.split(' ')];
const SYNTAXES = [
  ...[
    '1.2.840.10008.1.2',
    '1.2.840.10008.1.2.1',
    '1.2.840.10008.1.2.2',
    '1.2.840.10008.1.2.1.99',
    '1.2.840.10008.1.2.5',
  ],
  ...[50, 51, 57, 70, 80, 81, 90, 91, 100, 201, 202, 203].map((last) => `1.2.840.10008.1.2.4.${last}`),
  ...['1.2.3.4', '', '1.2.840.113619.5.2'],
];
const HOSTILE_TEXTS = [
  '',
  '0',
  '-1',
  '1e400',
  'NaN',
  '1\\2',
  '0\\0\\0',
  '1\\0\\0\\0\\1\\0',
  '65535',
  '1e-30',
  '-0',
  'x',
  '\\\\',
  '0.5',
];
const HOSTILE_WORDS = [
  0, 1, 2, 7, 8, 9, 11, 12, 13, 15, 16, 17, 32, 64, 255, 256, 4096, 4097, 32767, 32768, 65535,
];

/** Puts a value in place of an element's own, with its length. */
function withValue(bytes: Uint8Array, element: PlacedElement, value: Uint8Array): Uint8Array {
  const head = bytes.slice(element.at, element.valueAt);
  const view = new DataView(head.buffer);
  const little = !element.encoding.bigEndian;
  if (head.length === 12) view.setUint32(8, value.length, little);
  else if (element.encoding.explicitVr) view.setUint16(6, value.length, little);
  else view.setUint32(4, value.length, little);
  return spliced(bytes, element.at, element.to, joined([head, value]));
}
const ascii = (text: string): Uint8Array =>
  Uint8Array.from(text.length % 2 === 0 ? text : `${text} `, (letter) => letter.charCodeAt(0));

const isText = (element: PlacedElement): boolean =>
  ![PIXEL_DATA, 0x00020001].includes(element.tag) && element.tag >>> 16 !== 0x5200;
const isSmall = (element: PlacedElement): boolean => element.to - element.valueAt <= 128;

/** Damage to a file's data elements: their lengths, representations and values, and the pixels. */
export const elementMutations: Readonly<Record<string, Mutation>> = {
  'lie about a length': (place) => {
    const { bytes, random, elements } = place;
    if (elements.length === 0) return undefined;
    const element = one(random, elements);
    const copy = bytes.slice();
    const view = new DataView(copy.buffer);
    const little = !element.encoding.bigEndian;
    const length = one(random, [
      0,
      1,
      2,
      3,
      0x7fff,
      0xffff,
      random.integer(0, 400),
      0xfffffffe,
      0xffffffff,
      0x7fffffff,
      0x80000000,
    ]);
    const isLong = element.valueAt - element.at === 12;
    if (isLong) view.setUint32(element.at + 8, length, little);
    else if (element.encoding.explicitVr) view.setUint16(element.at + 6, length & 0xffff, little);
    else view.setUint32(element.at + 4, length, little);
    return withFile(place, copy, 'anything');
  },
  'swap a representation': (place) => {
    const { bytes, random, elements } = place;
    const explicit = elements.filter(({ encoding, tag }) => encoding.explicitVr && tag !== 0xfffee000);
    if (explicit.length === 0) return undefined;
    const element = one(random, explicit);
    const vr = one(random, VRS);
    const copy = bytes.slice();
    copy.set(ascii(vr), element.at + 4);
    const keepsLength = element.valueAt - element.at === 8 && TEXT_VRS.includes(vr);
    return withFile(place, copy, keepsLength && !MEANINGFUL.has(element.tag) ? NOTHING : 'anything');
  },
  'nest sequences': (place) => {
    const { bytes, random, elements } = place;
    const before = elements.find(({ tag }) => tag > 0x00290010);
    if (before === undefined || before.encoding.bigEndian) return undefined;
    const { explicitVr } = before.encoding;
    const depth = random.chance(0.8) ? random.integer(1, 40) : random.integer(60, 3000);
    const head = explicitVr
      ? [0x29, 0, 0x01, 0x10, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff]
      : [0x29, 0, 0x01, 0x10, 0xff, 0xff, 0xff, 0xff];
    const opened = [...head, 0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff];
    const closed = [0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0];
    const missing = random.chance(0.3) ? random.integer(1, depth) : 0;
    const nest = Uint8Array.from([
      ...Array.from({ length: depth }, () => opened).flat(),
      ...Array.from({ length: depth - missing }, () => closed).flat(),
    ]);
    return withFile(place, spliced(bytes, before.at, before.at, nest), NOTHING);
  },
  'name another transfer syntax': (place) => {
    const element = sameElement(place.elements, TRANSFER_SYNTAX);
    if (element === undefined) return undefined;
    return withFile(place, withValue(place.bytes, element, ascii(one(place.random, SYNTAXES))), NOTHING);
  },
  'fill the offset table': (place) => {
    const { bytes, random, elements } = place;
    const pixels = sameElement(elements, PIXEL_DATA);
    if (pixels === undefined || bytes[pixels.valueAt] !== 0xfe || bytes[pixels.valueAt + 3] !== 0xe0)
      return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const had = view.getUint32(pixels.valueAt + 4, true);
    if (random.chance(0.3)) {
      const extended = new Uint8Array(12 + 8 * random.integer(0, 8));
      extended.set([0xe0, 0x7f, 0x01, 0, 0x4f, 0x56]);
      const tableView = new DataView(extended.buffer);
      tableView.setUint32(8, extended.length - 12, true);
      for (let at = 12; at < extended.length; at += 8) tableView.setUint32(at, random.integer(0, 2000), true);
      return withFile(place, spliced(bytes, pixels.at, pixels.at, extended), NOTHING);
    }
    const table = random.chance(0.5)
      ? noise(random, 4 * random.integer(0, 8))
      : Uint8Array.from(
          { length: had },
          (_, at) => bytes[pixels.valueAt + 8 + at]! ^ (random.chance(0.2) ? 2 : 0),
        );
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, table.length, true);
    return withFile(
      place,
      spliced(bytes, pixels.valueAt + 4, pixels.valueAt + 8 + had, joined([length, table])),
      NOTHING,
    );
  },
  'damage the pixels': (place) => {
    const { bytes, random, elements } = place;
    const pixels = sameElement(elements, PIXEL_DATA);
    if (pixels === undefined) return undefined;
    const copy = bytes.slice();
    const effects = Array.from({ length: random.integer(1, 6) }, () => {
      const at = random.integer(pixels.valueAt, Math.min(bytes.length, pixels.to) - 1);
      copy[at] = random.integer(0, 255);
      return effectAt(place, at);
    });
    return withFile(place, copy, together(effects));
  },
  'set an attribute': (place) => {
    const { bytes, random, elements } = place;
    const candidates = elements.filter(
      (element) => isText(element) && isSmall(element) && element.tag !== 0xfffee000,
    );
    if (candidates.length === 0) return undefined;
    const element = one(random, candidates);
    const isWord = element.tag >>> 16 === 0x28 && element.to - element.valueAt === 2;
    const word = one(random, HOSTILE_WORDS);
    const little = element.encoding.bigEndian ? [word >> 8, word & 255] : [word & 255, word >> 8];
    const value = isWord ? Uint8Array.from(little) : ascii(one(random, HOSTILE_TEXTS));
    return withFile(
      place,
      withValue(bytes, element, value),
      MEANINGFUL.has(element.tag) ? 'anything' : NOTHING,
    );
  },
  'remove an element': (place) => {
    const { bytes, random, elements } = place;
    const candidates = elements.filter(({ tag }) => tag !== 0xfffee000);
    if (candidates.length === 0) return undefined;
    const element = one(random, candidates);
    const effect = MEANINGFUL.has(element.tag) ? 'anything' : NOTHING;
    return withFile(place, spliced(bytes, element.at, element.to, new Uint8Array(0)), effect);
  },
  'repeat an element': (place) => {
    const { bytes, random, elements } = place;
    const candidates = elements.filter(({ tag }) => tag !== 0xfffee000 && tag !== PIXEL_DATA);
    if (candidates.length === 0) return undefined;
    const element = one(random, candidates);
    const again = bytes.slice(element.at, element.to);
    return withFile(place, spliced(bytes, element.to, element.to, again), NOTHING);
  },
};
