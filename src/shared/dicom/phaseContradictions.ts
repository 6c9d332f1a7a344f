import { type Failure, failure } from '../failures/failure.ts';
import { type HeartPhase, heartPhaseOf, heartPhases, isOtherPercentage } from './heartPhases.ts';
import type { ImageSeries, SliceFile } from './imageSeries.ts';
import { OTHER_ATTRIBUTES } from './otherDistinctions.ts';
import { PHASE_ATTRIBUTES, type PhaseAttribute } from './phaseAttributes.ts';

/** Of the RR interval; phases are reconstructed every 5 or 10 %, and named rounded. */
const LEAST_PERCENT = 5;
const LEAST_MS = 100;
/** Longer after an R wave there is another one: such times count from the start of the scan. */
const LONGEST_BEAT_MS = 2000;
/** Beats whose length no header gives: 33 to 200 a minute. */
const LIKELY_BEAT_MS = { from: 300, to: 1800 };
/** How far from its percentage a time may lie, of the beat that the header gives: single beats differ from it. */
const MOST_OF_BEAT = 0.25;

/** The protocol is chosen before the scan and names what was planned. */
const TEXTS = ['Scan Options', 'Image Comments', 'Series Description', 'Derivation Description'];
const TIMES = ['Nominal Cardiac Trigger Delay Time', 'Trigger Time'];
const named = (names: readonly string[]): PhaseAttribute[] =>
  names.map((name) => PHASE_ATTRIBUTES.find((attribute) => attribute.name === name)!);
const TIME_ATTRIBUTES = named(TIMES);
const TEXT_ATTRIBUTES = named(TEXTS);

/** What an attribute says of the phase of a series: one value, or times that vary a little. */
interface Statement {
  readonly attribute: string;
  readonly unit: HeartPhase['unit'];
  readonly from: number;
  readonly to: number;
  readonly shown: string;
}

/** Which attribute was followed for the phase of a series, and which one says another phase. */
export function phaseContradictions(series: readonly ImageSeries[]): ReadonlyMap<ImageSeries, Failure> {
  const found = new Map<ImageSeries, Failure>();
  for (const one of series) {
    const phase = heartPhaseOf(one);
    const other = phase === undefined ? undefined : contradicting(phase, one, series);
    if (phase !== undefined && other !== undefined) found.set(one, note(phase, other));
  }
  for (const set of heartPhases(series)) {
    for (const { phase, series: one } of set) {
      const time = phase.unit === '%' ? timeOf(one) : undefined;
      if (time === undefined || found.has(one)) continue;
      const isReversed = set.some(({ phase: { place }, series: other }) => {
        const otherTime = timeOf(other);
        if (otherTime === undefined || otherTime.attribute !== time.attribute) return false;
        return place - phase.place >= LEAST_PERCENT
          ? time.from - otherTime.to >= LEAST_MS
          : phase.place - place >= LEAST_PERCENT && otherTime.from - time.to >= LEAST_MS;
      });
      if (isReversed) found.set(one, note(phase, time));
    }
  }
  return found;
}

const note = (phase: HeartPhase, other: Statement): Failure =>
  failure('series.phase-contradicted', {
    attribute: phase.attribute,
    value: phase.label,
    other: other.attribute,
    otherValue: other.shown,
  });

function contradicting(
  phase: HeartPhase,
  one: ImageSeries,
  all: readonly ImageSeries[],
): Statement | undefined {
  const time = timeOf(one);
  const texts = TEXT_ATTRIBUTES.flatMap((attribute) => textStatement(attribute, one, all) ?? []);
  const statements = [...texts, ...(time === undefined ? [] : [time])];
  return statements.find(({ attribute, unit, from, to }) => {
    if (attribute === phase.attribute) return false;
    if (unit === phase.unit) {
      const least = unit === '%' ? LEAST_PERCENT : LEAST_MS;
      return Math.max(from - phase.place, phase.place - to) >= least;
    }
    const isTime = TIMES.includes(attribute) && phase.unit === '%';
    return isTime && !isTimeOf(phase.place, (from + to) / 2, one.slices[0]!);
  });
}

/** Whether a time after the R wave can be a percentage of a beat. */
function isTimeOf(percent: number, timeMs: number, slice: SliceFile): boolean {
  if (percent < LEAST_PERCENT || timeMs <= 0) return true;
  const beatMs = beatOf(slice);
  if (beatMs !== undefined) return Math.abs(timeMs / beatMs - percent / 100) <= MOST_OF_BEAT;
  const impliedMs = (timeMs * 100) / percent;
  return impliedMs >= LIKELY_BEAT_MS.from && impliedMs <= LIKELY_BEAT_MS.to;
}

/** The length of a beat by the header. */
function beatOf({ header }: SliceFile): number | undefined {
  const numberOf = (name: string): number =>
    Number(OTHER_ATTRIBUTES.find((one) => one.name === name)!.of(header.acquisition.others));
  const beats = [numberOf('Nominal Interval'), 60_000 / numberOf('Heart Rate')];
  return beats.find((beat) => beat >= LIKELY_BEAT_MS.from && beat <= LONGEST_BEAT_MS);
}

/** The time after the R wave of a series, where its slices have one that varies no more than beats do. */
function timeOf({ slices }: ImageSeries): Statement | undefined {
  for (const { name, of, shown } of TIME_ATTRIBUTES) {
    const times = slices.map((slice) => Number.parseFloat(of(slice)));
    const [from, to] = [Math.min(...times), Math.max(...times)];
    if (from > 0 && to <= LONGEST_BEAT_MS && to - from < LEAST_MS) {
      return { attribute: name, unit: 'ms', from, to, shown: shown(slices[0]!) };
    }
  }
  return undefined;
}

/** What a text says of the phase of a series, where it says it of no other part of it and names no range. */
function textStatement(
  { name, of, shown }: PhaseAttribute,
  { seriesInstanceUid, id, slices }: ImageSeries,
  all: readonly ImageSeries[],
): Statement | undefined {
  const [first] = slices;
  const value = of(first!);
  const isOfAll = slices.every((slice) => of(slice) === value);
  if (value === '' || !isOfAll || isOtherPercentage(first!, name)) return undefined;
  const isOfOthers = all.some(
    (other) =>
      other.seriesInstanceUid === seriesInstanceUid && other.id !== id && of(other.slices[0]!) === value,
  );
  const place = Number.parseFloat(value);
  if (isOfOthers || !(place >= 0)) return undefined;
  return {
    attribute: name,
    unit: value.endsWith('%') ? '%' : 'ms',
    from: place,
    to: place,
    shown: shown(first!),
  };
}
