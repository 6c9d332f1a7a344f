import { joined } from '#shared/dicom/testing/compressedFixtures.ts';
import type { Random } from '#shared/random/random.ts';
import { elementsOf, type PlacedElement } from './elementsOf.ts';
import type { FuzzStudy } from './fuzzStudies.ts';

/**
 * What the damage to a file may change of its slices, where it is read at all: nothing; values, that many voxels at most;
 * or anything, as what the file now says is sound.
 */
export type Effect = { readonly voxels: number } | 'anything';

export interface Mutant {
  /** What was done, for reports. */
  readonly what: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The files that were changed, added or removed. */
  readonly changedFiles: ReadonlySet<string>;
  readonly effect: Effect;
}

const NOTHING: Effect = { voxels: 0 };
const VALUES: Effect = { voxels: Number.POSITIVE_INFINITY };

const PIXEL_DATA = 0x7fe00010;
const TRANSFER_SYNTAX = 0x00020010;
/** Attributes by which pixels become HU, slices get their places, and series and phases are told apart. */
const MEANINGFUL = new Set([
  ...[
    TRANSFER_SYNTAX,
    PIXEL_DATA,
    0x00080005,
    0x00080008,
    0x00080016,
    0x00080018,
    0x00080032,
    0x00080033,
    0x00080060,
  ],
  ...[
    0x00100010, 0x00100020, 0x00180022, 0x00181060, 0x00181120, 0x0020000d, 0x0020000e, 0x00200012,
    0x00200013,
  ],
  ...[
    0x00200032, 0x00200037, 0x00200052, 0x00200100, 0x00204000, 0x00209241, 0x00280002, 0x00280004,
    0x00280008,
  ],
  ...[
    0x00280010, 0x00280011, 0x00280030, 0x00280100, 0x00280101, 0x00280102, 0x00280103, 0x00280120,
    0x00280121,
  ],
  ...[0x00281052, 0x00281053, 0x00281054, 0x00283000, 0x52009229, 0x52009230, 0xfffee000],
  ...[0x00289110, 0x00289145, 0x00209113, 0x00209116],
]);

interface Place {
  readonly study: FuzzStudy;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly elements: readonly PlacedElement[];
  readonly random: Random;
}

type Mutation = (place: Place) => Omit<Mutant, 'what'> | undefined;

const one = <T>(random: Random, list: readonly T[]): T => list[random.integer(0, list.length - 1)]!;

/** One file changed. */
const with1 = ({ study, name }: Place, bytes: Uint8Array, effect: Effect): Omit<Mutant, 'what'> => ({
  files: new Map([...study.files, [name, bytes]]),
  changedFiles: new Set([name]),
  effect,
});
const spliced = (bytes: Uint8Array, from: number, to: number, between: Uint8Array): Uint8Array =>
  joined([bytes.subarray(0, from), between, bytes.subarray(to)]);
const noise = (random: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random.integer(0, 255));

/** What a changed byte may change, by the element that it is in. */
function effectAt(place: Place, at: number): Effect {
  const own = place.elements.findLast((element) => at >= element.at && at < element.to);
  if (own === undefined)
    return place.elements.length > 0 && at < place.elements[0]!.at ? NOTHING : 'anything';
  if (at < own.valueAt) return 'anything';
  if (own.tag === PIXEL_DATA) return isNative(place) ? { voxels: 1 } : VALUES;
  if (own.tag >>> 16 > 0xfff0 || own.tag === 0xfffee000) return 'anything';
  // The values of an open sequence are not known element by element.
  return MEANINGFUL.has(own.tag) ? 'anything' : NOTHING;
}
const isNative = ({ study }: Place): boolean =>
  [
    'explicit',
    'implicit',
    'big endian',
    'signed with padding',
    'eight bits',
    'two phases',
    'enhanced',
  ].includes(study.name);

const sum = (effects: readonly Effect[]): Effect =>
  effects.reduce(
    (all, effect) =>
      all === 'anything' || effect === 'anything' ? 'anything' : { voxels: all.voxels + effect.voxels },
    NOTHING,
  );

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
const sameElement = (elements: readonly PlacedElement[], tag: number): PlacedElement | undefined =>
  elements.find((element) => element.tag === tag);

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'flip bits': (place) => {
    const { bytes, random, elements } = place;
    const copy = bytes.slice();
    const pixelsAt = sameElement(elements, PIXEL_DATA)?.valueAt ?? bytes.length;
    const effects = Array.from({ length: random.chance(0.7) ? 1 : random.integer(2, 12) }, () => {
      const at = random.chance(0.7) ? random.integer(0, pixelsAt - 1) : random.integer(0, bytes.length - 1);
      copy[at]! ^= 1 << random.integer(0, 7);
      return effectAt(place, at);
    });
    return with1(place, copy, sum(effects));
  },
  cut: (place) =>
    with1(place, place.bytes.slice(0, place.random.integer(0, place.bytes.length - 1)), NOTHING),
  'fill with one byte': (place) => {
    const { bytes, random } = place;
    const from = random.integer(0, bytes.length - 1);
    const to = Math.min(bytes.length, from + random.integer(1, 200));
    const effects = Array.from({ length: to - from }, (_, index) => effectAt(place, from + index));
    return with1(place, bytes.slice().fill(one(random, [0, 0x20, 0xff]), from, to), sum(effects));
  },
  'insert bytes': (place) => {
    const at = place.random.integer(0, place.bytes.length - 1);
    return with1(
      place,
      spliced(place.bytes, at, at, noise(place.random, place.random.integer(1, 9))),
      'anything',
    );
  },
  'remove bytes': (place) => {
    const at = place.random.integer(0, place.bytes.length - 1);
    return with1(
      place,
      spliced(place.bytes, at, at + place.random.integer(1, 9), new Uint8Array(0)),
      'anything',
    );
  },
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
    return with1(place, copy, 'anything');
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
    return with1(place, copy, keepsLength && !MEANINGFUL.has(element.tag) ? NOTHING : 'anything');
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
    return with1(place, spliced(bytes, before.at, before.at, nest), NOTHING);
  },
  'name another transfer syntax': (place) => {
    const element = sameElement(place.elements, TRANSFER_SYNTAX);
    if (element === undefined) return undefined;
    return with1(place, withValue(place.bytes, element, ascii(one(place.random, SYNTAXES))), NOTHING);
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
      return with1(place, spliced(bytes, pixels.at, pixels.at, extended), NOTHING);
    }
    const table = random.chance(0.5)
      ? noise(random, 4 * random.integer(0, 8))
      : Uint8Array.from(
          { length: had },
          (_, at) => bytes[pixels.valueAt + 8 + at]! ^ (random.chance(0.2) ? 2 : 0),
        );
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, table.length, true);
    return with1(
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
    return with1(place, copy, sum(effects));
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
    return with1(place, withValue(bytes, element, value), MEANINGFUL.has(element.tag) ? 'anything' : NOTHING);
  },
  'remove an element': (place) => {
    const { bytes, random, elements } = place;
    const candidates = elements.filter(({ tag }) => tag !== 0xfffee000);
    if (candidates.length === 0) return undefined;
    const element = one(random, candidates);
    const effect = MEANINGFUL.has(element.tag) ? 'anything' : NOTHING;
    return with1(place, spliced(bytes, element.at, element.to, new Uint8Array(0)), effect);
  },
  'repeat an element': (place) => {
    const { bytes, random, elements } = place;
    const candidates = elements.filter(({ tag }) => tag !== 0xfffee000 && tag !== PIXEL_DATA);
    if (candidates.length === 0) return undefined;
    const element = one(random, candidates);
    const again = bytes.slice(element.at, element.to);
    return with1(place, spliced(bytes, element.to, element.to, again), NOTHING);
  },
  concatenate: (place) => {
    const { bytes, random, study } = place;
    const tail = random.chance(0.5)
      ? noise(random, random.integer(1, 300))
      : one(random, [...study.files.values()]);
    return with1(place, joined([bytes, tail]), NOTHING);
  },
  'end with another file': (place) => {
    const other = one(place.random, [...place.study.files.values()]);
    const at = place.random.integer(0, Math.min(place.bytes.length, other.length));
    return with1(place, joined([place.bytes.subarray(0, at), other.subarray(at)]), 'anything');
  },
  'swap an attribute between files': (place) => {
    const { bytes, random, study, name, elements } = place;
    const others = [...study.files].filter(([otherName]) => otherName !== name);
    if (others.length === 0) return undefined;
    const [otherName, otherBytes] = one(random, others);
    const [own, tag] = [
      elements,
      one(random, [0x00080018, 0x00200013, 0x00200032, 0x00181060, PIXEL_DATA, 0x0020000e]),
    ];
    const [mine, theirs] = [sameElement(own, tag), sameElement(elementsOf(otherBytes), tag)];
    if (mine === undefined || theirs === undefined) return undefined;
    const swap = (into: Uint8Array, at: PlacedElement, from: Uint8Array, of: PlacedElement): Uint8Array =>
      spliced(into, at.at, at.to, from.subarray(of.at, of.to));
    return {
      files: new Map([
        ...study.files,
        [name, swap(bytes, mine, otherBytes, theirs)],
        [otherName, swap(otherBytes, theirs, bytes, mine)],
      ]),
      changedFiles: new Set([name, otherName]),
      effect: 'anything',
    };
  },
  'add a copy': ({ study, name, bytes, random }) => ({
    files: new Map([...study.files, [random.chance(0.5) ? `${name}.copy` : 'IM9999', bytes]]),
    changedFiles: new Set([name, `${name}.copy`, 'IM9999']),
    effect: NOTHING,
  }),
  'remove a file': ({ study, name }) => ({
    files: new Map([...study.files].filter(([other]) => other !== name)),
    changedFiles: new Set([name]),
    effect: NOTHING,
  }),
};

const NAMES = Object.keys(MUTATIONS);

/** Damages a study in one way, or in two. */
export function mutate(study: FuzzStudy, random: Random): Mutant {
  for (;;) {
    const what = one(random, NAMES);
    const [name, bytes] = one(random, [...study.files]);
    const place = { study, name, bytes, elements: elementsOf(bytes), random };
    const mutant = MUTATIONS[what]!(place);
    if (mutant !== undefined) return { ...mutant, what: `${study.name}: ${what} (${name})` };
  }
}
