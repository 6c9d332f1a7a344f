import { type Failure, failure } from '../failures/failure.ts';
import type { SliceFile } from './imageSeries.ts';
import {
  HEART_PHASE_ATTRIBUTES,
  OTHER_PHASE_ATTRIBUTES,
  PHASE_ATTRIBUTES,
  type PhaseAttribute,
} from './phaseAttributes.ts';
import { positionAlong, sliceNormal, sortAlongNormal } from './stackGeometry.ts';

/** Fewer slices of a phase are leftovers. */
const LEAST_SLICES = 3;
/** Heart beats differ, and with them the times of one phase; a tenth of a slow beat is another part of the cycle. */
const LEAST_JUMP_MS = 100;
/** Longer after an R wave there is another one: such times count from the start of the scan. */
const LONGEST_BEAT_MS = 2000;

const named = (name: string): PhaseAttribute =>
  PHASE_ATTRIBUTES.find((attribute) => attribute.name === name)!;
const PERCENT = named('Nominal Percentage of Cardiac Phase');
const TIMES = ['Nominal Cardiac Trigger Delay Time', 'Trigger Time'].map(named);

/** Texts as they are, which may name a part of the cycle in words. */
const WORDS = [...PHASE_ATTRIBUTES, ...OTHER_PHASE_ATTRIBUTES].filter(
  (attribute) =>
    ['Scan Options', 'Image Comments', 'Series Description', 'Cardiac Cycle Position'].includes(
      attribute.name,
    ) && !HEART_PHASE_ATTRIBUTES.includes(attribute),
);

/** '' where a text names no part of the heart cycle, or both. */
function partOfCycle(text: string): string {
  const isSystole = /systol|bestsyst/i.test(text);
  const isDiastole = /diastol|bestdiast/i.test(text);
  if (isSystole === isDiastole) return '';
  return isSystole ? 'systole' : 'diastole';
}

/** The slices of one volume by what an attribute says of them; '' where it says nothing. */
type Reading = (slice: SliceFile) => string;

/**
 * Says where the slices of one volume change from one heart phase to another: slabs of one scan that were taken at
 * different times of the cycle.
 */
export function phaseChanges(slices: readonly SliceFile[]): Failure[] {
  if (slices.length < 2 * LEAST_SLICES) return [];
  const sorted = sortAlongNormal(slices);
  for (const { name, of, shown } of HEART_PHASE_ATTRIBUTES) {
    const note = changeOf(sorted, name, of, shown);
    if (note !== undefined) return [note];
  }
  for (const { name, of, shown } of WORDS) {
    const note = changeOf(sorted, name, (slice) => partOfCycle(of(slice)), shown);
    if (note !== undefined) return [note];
  }
  // Where all slices name one percentage, times follow the length of the beats.
  if (sorted.every((slice) => PERCENT.of(slice) !== '')) return [];
  for (const { name, of, shown } of TIMES) {
    const clusters = timeClusters(sorted.map((slice) => Number.parseFloat(of(slice))));
    const cluster: Reading = (slice) => clusters(Number.parseFloat(of(slice)));
    const note = changeOf(sorted, name, cluster, shown);
    if (note !== undefined) return [note];
  }
  return [];
}

function changeOf(
  sorted: readonly SliceFile[],
  attribute: string,
  of: Reading,
  shown: Reading,
): Failure | undefined {
  // Slices that name none contradict nobody.
  const telling = sorted.filter((slice) => of(slice) !== '');
  const values = [...new Set(telling.map(of))];
  // A value of its own for every slice says nothing.
  if (values.length < 2 || values.length * LEAST_SLICES > sorted.length) return undefined;
  const changes = telling.filter((slice, at) => at > 0 && of(slice) !== of(telling[at - 1]!));
  const first = telling[0]!;
  if (changes.length * LEAST_SLICES > telling.length) {
    return failure('series.phases-joined', { attribute, parts: values.length, value: shown(first) });
  }
  const next = changes[0]!;
  return failure('series.phase-changes', {
    attribute,
    value: shown(telling[telling.indexOf(next) - 1]!),
    next: shown(next),
    atMm: positionAlong(sliceNormal(first.header.plane), next),
    others: changes.length - 1,
  });
}

/** Names the times that lie near each other alike; '' where they tell no part of a cycle. */
function timeClusters(times: readonly number[]): (time: number) => string {
  const known = times.filter((time) => !Number.isNaN(time)).sort((a, b) => a - b);
  if (known.some((time) => time < 0 || time > LONGEST_BEAT_MS)) return () => '';
  const starts = known.filter((time, at) => at === 0 || time - known[at - 1]! >= LEAST_JUMP_MS);
  return (time) => {
    const start = starts.findLast((from) => from <= time);
    return start === undefined ? '' : String(start);
  };
}
