import { textDecoder } from '../dicom/characterSet.ts';
import { type DataElements, parseElements } from '../dicom/dataElements.ts';
import type { ElementEncoding } from '../dicom/elementHeader.ts';
import { findFileEncoding } from '../dicom/fileEncoding.ts';
import { inflateBounded } from '../dicom/inflateBounded.ts';
import {
  EXPLICIT_VR_LITTLE_ENDIAN,
  MEDIA_STORAGE_DIRECTORY,
  transferSyntaxOf,
} from '../dicom/transferSyntax.ts';
import { type Failure, failure } from '../failures/failure.ts';
import { applyProfile, type Replacements } from './applyProfile.ts';
import { BASIC_PROFILE, type DeidentifyOptions, methodCodes } from './confidentialityProfile.ts';
import { BrokenDataSet, encodeTree, joined, parseTree, type TreeElement } from './dataSetTree.ts';
import { identifyingWords } from './identifyingText.ts';
import { typedNames } from './reportTexts.ts';
import { riskOf } from './riskOf.ts';

export interface DeidentifierInput {
  readonly options?: DeidentifyOptions;
  /**
   * A digest of a text under a secret key (HMAC-SHA-256), at least 16 bytes. All replacements come from it: the same key
   * gives the same UIDs and pseudonyms, another one others, and without the key none can be traced back.
   */
  readonly hash: (text: string) => Promise<Uint8Array>;
  /** Also copies what may show text within its pixels, and documents and reports whose text is not looked at. */
  readonly withRisky?: boolean;
}

export type Deidentified =
  | {
      readonly kind: 'copied';
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly pseudonym: string;
      readonly sopInstanceUid: string;
      readonly seriesInstanceUid: string;
      readonly studyInstanceUid: string;
      /** What must be looked at, where it was copied in spite of it. */
      readonly risk: Failure | null;
      /** Elements that the profile keeps and that were removed because they name the patient. */
      readonly cleaned: number;
    }
  | { readonly kind: 'leftOut'; readonly reason: Failure };

export interface Deidentifier {
  /** Copies a file without what identifies the patient. Never throws for what a file holds. */
  copy(file: Uint8Array): Promise<Deidentified>;
  /** The UID that takes a UID's place. */
  mapUid(uid: string): Promise<string>;
}

const MOST_INFLATED_BYTES = 2 ** 30;
const NOT_DICOM: Deidentified = { kind: 'leftOut', reason: failure('objects.not-dicom') };
const DIRECTORY_RECORDS = 'x00041220';
const DISC_INDEX: Deidentified = { kind: 'leftOut', reason: failure('objects.disc-index') };
const DAMAGED: Deidentified = { kind: 'leftOut', reason: failure('objects.damaged') };

/** Files of one export are copied by one of these: UIDs that are the same stay the same. */
export function createDeidentifier({
  options = BASIC_PROFILE,
  hash,
  withRisky = false,
}: DeidentifierInput): Deidentifier {
  const known = new Map<string, string>();
  const mapUid = async (uid: string): Promise<string> => {
    if (options.keepUids) return uid;
    let mapped = known.get(uid);
    if (mapped === undefined) {
      mapped = uidOf(await hash(`uid ${uid}`));
      known.set(uid, mapped);
    }
    return mapped;
  };

  const replacementsFor = async (
    elements: DataElements,
    tree: readonly TreeElement[],
  ): Promise<Replacements> => {
    // Two patients without ID and name are two all the same.
    const patient =
      elements.text('x00100020') || elements.text('x00100010') || `of study ${elements.text('x0020000d')}`;
    const decode = textDecoder(elements.text('x00080005'));
    const digest = await hash(`patient ${patient}`);
    return {
      pseudonym: `ANON-${hex(digest.subarray(0, 4)).toUpperCase()}`,
      days: 1 + (((digest[4]! << 16) | (digest[5]! << 8) | digest[6]!) % 3650),
      mapUid,
      words: identifyingWords(elements),
      typed: typedNames(tree, decode),
      decode,
      options,
    };
  };

  return {
    mapUid,
    async copy(file) {
      const opened = openDataSet(file);
      if (opened === undefined) return NOT_DICOM;
      const { bytes, offset, encoding, transferSyntaxUid } = opened;
      const { elements } = parseElements(bytes, offset, encoding);
      const sopClassUid = elements.text('x00080016') || opened.mediaStorageSopClassUid;
      if (opened.mediaStorageSopClassUid === MEDIA_STORAGE_DIRECTORY || elements.has(DIRECTORY_RECORDS))
        return DISC_INDEX;
      if (sopClassUid === '') return NOT_DICOM;
      // A picture without its pixels was cut.
      if (elements.has('x00280010') && elements.pixelData === undefined) return DAMAGED;
      const risk = riskOf(elements, sopClassUid) ?? null;
      if (risk !== null && !withRisky) return { kind: 'leftOut', reason: risk };
      let tree: TreeElement[];
      try {
        tree = parseTree(bytes, offset, encoding);
      } catch (thrown) {
        if (thrown instanceof BrokenDataSet || thrown instanceof RangeError) return DAMAGED;
        throw thrown;
      }
      const replacements = await replacementsFor(elements, tree);
      const { elements: kept, cleaned } = await applyProfile(tree, replacements);
      const statements = statementsOf(options, encoding);
      const named = new Set(statements.map(({ tag }) => tag));
      const all = [...kept.filter(({ tag }) => !named.has(tag)), ...statements].sort((a, b) => a.tag - b.tag);
      const [sopInstanceUid, seriesInstanceUid, studyInstanceUid] = await Promise.all(
        ['x00080018', 'x0020000e', 'x0020000d'].map((tag) => mapUid(elements.text(tag))),
      );
      return {
        kind: 'copied',
        bytes: joined([
          fileHeader(sopClassUid, sopInstanceUid!, transferSyntaxUid),
          encodeTree(all, encoding),
        ]),
        pseudonym: replacements.pseudonym,
        sopInstanceUid: sopInstanceUid!,
        seriesInstanceUid: seriesInstanceUid!,
        studyInstanceUid: studyInstanceUid!,
        risk,
        cleaned,
      };
    },
  };
}

interface OpenedDataSet {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly encoding: ElementEncoding;
  /** Of the copy: what was deflated is written inflated. */
  readonly transferSyntaxUid: string;
  readonly mediaStorageSopClassUid: string;
}

function openDataSet(file: Uint8Array): OpenedDataSet | undefined {
  const found = findFileEncoding(file);
  if (found.kind !== 'dicom') return undefined;
  const { transferSyntaxUid, dataSetOffset, mediaStorageSopClassUid } = found;
  const syntax = transferSyntaxOf(transferSyntaxUid);
  const explicit = { explicitVr: true, bigEndian: false };
  if (syntax.kind === 'deflated') {
    const inflated = inflateBounded(file.subarray(dataSetOffset), MOST_INFLATED_BYTES);
    return {
      bytes: inflated.bytes,
      offset: 0,
      encoding: explicit,
      transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
      mediaStorageSopClassUid,
    };
  }
  const encoding =
    syntax.kind === 'native' ? { explicitVr: syntax.explicitVr, bigEndian: syntax.bigEndian } : explicit;
  return { bytes: file, offset: dataSetOffset, encoding, transferSyntaxUid, mediaStorageSopClassUid };
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const uidBytes = (uid: string): Uint8Array => ascii(uid.length % 2 === 1 ? `${uid}\0` : uid);
const EXPLICIT: ElementEncoding = { explicitVr: true, bigEndian: false };

/** An empty preamble and new file meta information (PS3.10 section 7.1): the old one may name stations and people. */
function fileHeader(sopClassUid: string, sopInstanceUid: string, transferSyntaxUid: string): Uint8Array {
  const meta = encodeTree(
    [
      { tag: 0x00020001, vr: 'OB', value: Uint8Array.of(0, 1) },
      { tag: 0x00020002, vr: 'UI', value: uidBytes(sopClassUid) },
      { tag: 0x00020003, vr: 'UI', value: uidBytes(sopInstanceUid) },
      { tag: 0x00020010, vr: 'UI', value: uidBytes(transferSyntaxUid) },
      { tag: 0x00020012, vr: 'UI', value: uidBytes('2.25.124484041697676060320765921656624335027') },
      { tag: 0x00020013, vr: 'SH', value: ascii('AURICLE ') },
    ],
    EXPLICIT,
  );
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, meta.length, true);
  const group = encodeTree([{ tag: 0x00020000, vr: 'UL', value: length }], EXPLICIT);
  return joined([new Uint8Array(128), ascii('DICM'), group, meta]);
}

/** What the copy says of itself (PS3.3 C.7.1.1, C.12.1.1.7): that, and how, it was de-identified. */
function statementsOf(options: DeidentifyOptions, encoding: ElementEncoding): TreeElement[] {
  const text = (tag: number, vr: string, value: string): TreeElement => ({
    tag,
    vr: encoding.explicitVr ? vr : undefined,
    value: ascii(value.length % 2 === 1 ? `${value} ` : value),
  });
  const temporal = { removed: 'REMOVED', kept: 'UNMODIFIED', moved: 'MODIFIED' }[options.dates];
  return [
    text(0x00120062, 'CS', 'YES'),
    text(0x00120063, 'LO', 'Auricle: PS3.15 basic profile, 2024b'),
    {
      tag: 0x00120064,
      vr: encoding.explicitVr ? 'SQ' : undefined,
      value: methodCodes(options).map(([code, meaning]) => ({
        encoding,
        elements: [
          text(0x00080100, 'SH', code),
          text(0x00080102, 'SH', 'DCM'),
          text(0x00080104, 'LO', meaning),
        ],
      })),
    },
    text(0x00280303, 'CS', temporal),
  ];
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** 2.25 and a UUID of version 8 (PS3.5 annex B.2). */
function uidOf(digest: Uint8Array): string {
  const bytes = digest.slice(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${hex(bytes)}`)}`;
}
