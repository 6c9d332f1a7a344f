import { textDecoder } from '../dicom/characterSet.ts';
import { attributeKind } from './attributeKind.ts';
import { type DeidentifyOptions, isDate, isDescriptor, profileAction } from './confidentialityProfile.ts';
import { beginsAsItems, type TreeElement, type TreeItem } from './dataSetTree.ts';
import { cleanedDescription, namesPatient } from './identifyingText.ts';
import { namelessText, TEXT_VALUE } from './reportTexts.ts';

/** What takes the place of what is replaced, for the files of one patient. */
export interface Replacements {
  readonly options: DeidentifyOptions;
  readonly pseudonym: string;
  /** How far dates are moved back. */
  readonly days: number;
  readonly mapUid: (uid: string) => Promise<string>;
  /** The patient's own words, lower case: they may stand nowhere. */
  readonly words: readonly string[];
  /** What readers typed into a report; see `typedNames`. */
  readonly typed: ReadonlySet<string>;
  readonly decode: (bytes: Uint8Array) => string;
}

export interface Applied {
  readonly elements: TreeElement[];
  /** Elements that were removed for naming the patient although the profile keeps them. */
  readonly cleaned: number;
}

/** UIDs of schemes and standards, not of things: the same in every file. */
const UIDS_TO_KEEP = new Set([0x0008010c, 0x00080117, 0x00080118, 0x00080016, 0x00081150, 0x0020dfff]);
const STANDARD_ROOT = '1.2.840.10008.';
const DUMMY = 'ANONYMOUS';
const DUMMY_DATE = '19000101';
const SPECIFIC_CHARACTER_SET = 0x00080005;
const NUMBER_LABELS = new Set('AS AT DA DS DT FD FL IS SL SS SV TM UI UL US UV'.split(' '));
const TEXT_LABELS = new Set('AE CS LO LT PN SH ST UC UR UT'.split(' '));
/** Longer values of no text's label are bytes, not text. */
const LONGEST_UNKNOWN_TEXT = 64 * 1024;

/**
 * The profile applied to a data set and everything within it: private attributes are left out, the table's attributes
 * removed, emptied or replaced, other people's names left out, UIDs mapped, and what still names the patient removed.
 */
export async function applyProfile(
  elements: readonly TreeElement[],
  replacements: Replacements,
): Promise<Applied> {
  const kept: TreeElement[] = [];
  let cleaned = 0;
  for (const element of elements) {
    const group = Math.floor(element.tag / 0x10000);
    // Private attributes by their odd group; lengths of groups (0000) would be wrong now.
    if (group % 2 === 1 || element.tag % 0x10000 === 0) continue;
    const action = profileAction(element.tag, replacements.options);
    const kind = attributeKind(element.tag);
    if (action === 'remove' || (action === undefined && (element.vr === 'PN' || kind === 'name'))) continue;
    if (!(element.value instanceof Uint8Array)) {
      const isKept = action === undefined || action === 'keep';
      if (!isKept && action !== 'empty') continue;
      const within = isKept ? await itemsApplied(element.value, replacements) : { value: [], cleaned: 0 };
      cleaned += within.cleaned;
      kept.push({ ...element, value: within.value });
      continue;
    }
    // A sequence that cannot be read as one, whatever it is labelled: nobody knows what it holds.
    const isUnread =
      action !== 'empty' && element.value.length > 0
        ? kind === 'sequence' || (kind === undefined && beginsAsItems(element.value))
        : false;
    const value = isUnread ? undefined : await replaced(element, element.value, action, replacements);
    if (value === undefined) cleaned++;
    else kept.push({ ...element, value });
  }
  return { elements: kept, cleaned };
}

async function itemsApplied(
  items: readonly TreeItem[],
  replacements: Replacements,
): Promise<{ value: TreeItem[]; cleaned: number }> {
  const value: TreeItem[] = [];
  let cleaned = 0;
  for (const { encoding, elements } of items) {
    const characterSet = elements.find(({ tag }) => tag === SPECIFIC_CHARACTER_SET)?.value;
    const decode =
      characterSet instanceof Uint8Array ? textDecoder(latin1(characterSet)) : replacements.decode;
    const applied = await applyProfile(elements, { ...replacements, decode });
    value.push({ encoding, elements: applied.elements });
    cleaned += applied.cleaned;
  }
  return { value, cleaned };
}

/** The value that is written; undefined where it names the patient. */
async function replaced(
  { tag, vr, isEncapsulated }: TreeElement,
  value: Uint8Array,
  action: ReturnType<typeof profileAction>,
  { options, pseudonym, days, mapUid, words, typed, decode }: Replacements,
): Promise<Uint8Array | undefined> {
  switch (action) {
    case 'empty':
      return new Uint8Array(0);
    case 'pseudonym':
      return padded(pseudonym);
    case 'dummy':
      return padded(dummyOf(tag, vr, latin1(value)));
    case 'uid':
      return uids(value, mapUid);
    case 'keep':
      if (isDate(tag) && options.dates === 'moved') return padded(movedBack(latin1(value), days));
      if (isDescriptor(tag)) return padded(cleanedDescription(decode(value)));
      break;
    default:
      if (isUid(tag, vr, value)) return uids(value, mapUid);
  }
  const kind = attributeKind(tag);
  if (isEncapsulated || kind === 'bytes') return value;
  const isText = vr !== undefined && TEXT_LABELS.has(vr);
  if (!isText && value.length > LONGEST_UNKNOWN_TEXT) return value;
  const text = decode(value);
  if (tag === TEXT_VALUE) {
    const nameless = namelessText(text, words, typed);
    return nameless === text.replace(/[\0 ]+$/, '') ? value : padded(nameless);
  }
  const isNumber =
    kind === 'number' || kind === 'uid' || (kind === undefined && vr !== undefined && NUMBER_LABELS.has(vr));
  // The digits of a patient's number are found in a position by chance.
  const sought = isNumber ? words.filter((word) => /\p{L}{2}/u.test(word)) : words;
  return namesPatient(text, sought) ? undefined : value;
}

/** A UID by the dictionary or its label, or, of an attribute that has neither, by its looks. */
function isUid(tag: number, vr: string | undefined, value: Uint8Array): boolean {
  if (UIDS_TO_KEEP.has(tag)) return false;
  const kind = attributeKind(tag);
  if (vr === 'UI' || kind === 'uid') return true;
  const isUnlabelled = vr === undefined || !(TEXT_LABELS.has(vr) || NUMBER_LABELS.has(vr));
  return kind === undefined && isUnlabelled && value.length <= 64 && /^[0-2](\.\d+){5,}$/.test(latin1(value));
}

const latin1 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text.replace(/[\0 ]+$/, '');
};

const padded = (text: string): Uint8Array =>
  Uint8Array.from(text.length % 2 === 1 ? `${text} ` : text, (character) => character.charCodeAt(0) & 0xff);

async function uids(value: Uint8Array, mapUid: Replacements['mapUid']): Promise<Uint8Array> {
  const mapped = await Promise.all(
    latin1(value)
      .split('\\')
      .map((uid) => (uid === '' || uid.startsWith(STANDARD_ROOT) ? uid : mapUid(uid))),
  );
  const text = mapped.join('\\');
  return padded(text.length % 2 === 1 ? `${text}\0` : text);
}

/** A value of the same kind that says nothing. In Implicit VR the kind is seen by the value. */
function dummyOf(tag: number, vr: string | undefined, value: string): string {
  const looksLike = isDate(tag) ? (/^\d{8}$/.test(value) ? 'DA' : /^\d{10}/.test(value) ? 'DT' : 'TM') : 'LO';
  switch (vr ?? looksLike) {
    case 'DA':
      return DUMMY_DATE;
    case 'DT':
      return `${DUMMY_DATE}000000`;
    case 'TM':
      return '000000';
    case 'AS':
      return '000Y';
    default:
      return DUMMY;
  }
}

/** "20260304" or "20260304101112.5" moved back by days; times alone stay. */
export function movedBack(text: string, days: number): string {
  return text
    .split('\\')
    .map((value) => {
      const [, year, month, day, rest = ''] = /^(\d{4})(\d{2})(\d{2})(\d{2}.*)?$/.exec(value) ?? [];
      if (year === undefined) return value;
      const moved = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)) - days * 86_400_000);
      return moved.toISOString().slice(0, 10).replaceAll('-', '') + rest;
    })
    .join('\\');
}
