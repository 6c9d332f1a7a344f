import { KIND_WORDS } from '../annotations/annotationInWords.ts';
import { isNamelessSentence } from '../words/namelessSentences.ts';
import type { TreeElement } from './dataSetTree.ts';
import { namesPatient } from './identifyingText.ts';

/** Text of a report; it may not be absent. */
export const TEXT_VALUE = 0x0040a160;
const CONCEPT_NAME = 0x0040a043;
const CODE_VALUE = 0x00080100;
const TRACKING_IDENTIFIER = '112039';

/** What Auricle's own reports call what it measures, and what a reader draws. */
const OWN_NAMES = [
  /^Left atrial appendage$/,
  /^Ostium$/,
  /^Landmarks of the ostium, set by the reader$/,
  /^Landing zone at [\d.]+ mm$/,
  /^Virtual device, placed by the reader$/,
  /^Part of the appendage that contrast (fills|does not fill)$/,
  new RegExp(`^(${Object.values(KIND_WORDS).join('|')}) \\d+$`),
];

/** How a warning begins in the reports that Auricle writes. */
const WARNING = 'Warning: ';
/** A verdict with its reviewer; the steps that may follow are the program's words. */
const VERDICT =
  /^(Accepted|Rejected) by .* UTC\.( Reviewed step by step: [^.]*\.(?: Not reviewed: [^.]*\.)?)?$/s;
const LEFT_OUT = 'Left out: it may hold a name.';

const plain = (text: string): string => text.replace(/[\0 ]+$/, '');

/** The names that readers typed for what they drew, which also stand as comments: they may hold anything. */
export function typedNames(
  elements: readonly TreeElement[],
  decode: (bytes: Uint8Array) => string,
): ReadonlySet<string> {
  const names = new Set<string>();
  const walk = (within: readonly TreeElement[]): void => {
    const isTracking = conceptOf(within, decode) === TRACKING_IDENTIFIER;
    for (const { tag, value } of within) {
      if (!(value instanceof Uint8Array)) for (const item of value) walk(item.elements);
      else if (isTracking && tag === TEXT_VALUE) names.add(plain(decode(value)));
    }
  };
  walk(elements);
  return new Set([...names].filter((name) => !OWN_NAMES.some((own) => own.test(name))));
}

function conceptOf(elements: readonly TreeElement[], decode: (bytes: Uint8Array) => string): string {
  const concept = elements.find(({ tag }) => tag === CONCEPT_NAME)?.value;
  const code =
    concept === undefined || concept instanceof Uint8Array
      ? undefined
      : concept[0]?.elements.find(({ tag }) => tag === CODE_VALUE)?.value;
  return code instanceof Uint8Array ? plain(decode(code)) : '';
}

/**
 * The text of a report without names: verdicts lose their reviewer; of the warnings those are kept that cannot hold the
 * name of a file, as people name files after patients; what readers typed and what names the patient is left out.
 */
export function namelessText(text: string, words: readonly string[], typed: ReadonlySet<string>): string {
  const whole = plain(text);
  const [, verdict, steps = ''] = VERDICT.exec(whole) ?? [];
  if (verdict !== undefined) return `${verdict} by a reviewer.${steps}`;
  const isUnsure = whole.startsWith(WARNING) && !isNamelessSentence(whole.slice(WARNING.length));
  return isUnsure || typed.has(whole) || namesPatient(whole, words) ? LEFT_OUT : whole;
}
