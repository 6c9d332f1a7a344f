import { type Failure, failure } from '../failures/failure.ts';
import type { ImageSeries, SliceFile } from './imageSeries.ts';
import { HEART_PHASE_ATTRIBUTES, PHASE_ATTRIBUTES, type PhaseAttribute } from './phaseAttributes.ts';
import { orientationName } from './splitByPlane.ts';

/** Where in the heart cycle a series was reconstructed, and how that is known. */
export interface HeartPhase {
  /** For people: "40 %", "350 ms", "phase 3". */
  readonly label: string;
  /** Of the RR interval; null where the files give a time or a place only. */
  readonly percent: number | null;
  /** What phases of one kind are ordered by: percent, ms or a place. */
  readonly place: number;
  readonly unit: '%' | 'ms' | 'place';
  /** The attribute that says so, by its name in PS3.6. */
  readonly attribute: string;
  /** Whether only the order of that attribute's values tells the phases apart. */
  readonly isByOrder: boolean;
}

/** A series with its phase. */
export interface PhaseSeries {
  readonly phase: HeartPhase;
  readonly series: ImageSeries;
  /** Others at the same phase, with no more slices; they are no part of the cycle. */
  readonly leftOut: readonly ImageSeries[];
}

/** That series at the same phase were left out; none where there are none. */
export const leftOutWarnings = ({ series, leftOut }: PhaseSeries): Failure[] =>
  leftOut.map(({ slices }) =>
    failure('series.same-phase-left-out', { slices: slices.length, used: series.slices.length }),
  );

/** The attributes that name a phase, the most telling first; the last two are times after the R wave. */
const ATTRIBUTES: readonly PhaseAttribute[] = [
  ...HEART_PHASE_ATTRIBUTES,
  ...PHASE_ATTRIBUTES.filter(({ name }) =>
    ['Nominal Cardiac Trigger Delay Time', 'Trigger Time'].includes(name),
  ),
];

/** Strengths of iterative reconstructions and image mixes are given in percent, too: "ASiR 40%". */
const OTHER_PERCENTAGES = /asir|safire|admire|veo|aidr|idose|dlir|iterat|blend|stenos/i;

const onlyValue = (slices: readonly SliceFile[], of: (slice: SliceFile) => string): string => {
  const value = of(slices[0]!);
  return slices.every((slice) => of(slice) === value) ? value : '';
};

/** The phase of a series by its headers; undefined where they name none, or several. */
export function heartPhaseOf({ slices, warnings }: ImageSeries): HeartPhase | undefined {
  for (const { name, of, shown } of ATTRIBUTES) {
    const value = onlyValue(slices, of);
    if (value === '' || !Number.isFinite(Number.parseFloat(value))) continue;
    if (isOtherPercentage(slices[0]!, name)) continue;
    return phase(name, Number.parseFloat(value), shown(slices[0]!));
  }
  // Of images whose order alone tells sets apart the splitting has noted the place.
  for (const warning of warnings) {
    if (warning.code !== 'series.one-by-order') continue;
    const { place, attribute } = warning.fields;
    return { ...phase(attribute, place, String(place)), isByOrder: true };
  }
  return undefined;
}

function phase(attribute: string, value: number, shown: string): HeartPhase {
  const unit = shown.endsWith('%') ? '%' : shown.endsWith('ms') ? 'ms' : 'place';
  // Files keep percentages as 32-bit numbers: 6.7 is 6.699999809265137 there.
  const place = Math.round(value * 10) / 10;
  const label = unit === 'place' ? `phase ${place}` : `${place} ${unit}`;
  return { label, percent: unit === '%' ? place : null, place, unit, attribute, isByOrder: false };
}

/** Whether a percentage in a text of a slice is none of the heart cycle. */
export const isOtherPercentage = (slice: SliceFile, attribute: string): boolean =>
  /^(Series|Protocol|Scan|Image|Derivation)/.test(attribute) &&
  OTHER_PERCENTAGES.test(rawText(slice, attribute));

function rawText({ header: { labels, acquisition } }: SliceFile, name: string): string {
  if (name === 'Series Description') return labels.seriesDescription;
  if (name === 'Protocol Name') return labels.protocolName;
  if (name === 'Scan Options') return acquisition.scanOptions;
  return name === 'Image Comments' ? acquisition.imageComments : acquisition.derivation;
}

/**
 * The series of each heart that was reconstructed in several phases, in the order of the cycle: alike in study, frame of
 * reference, plane, matrix, pixels, thickness and kernel, and apart in phase. Series that cannot be used are among them.
 * Where two have the same phase, descriptions tell two sets apart ("CTA 40 %", "MIP 40 %").
 *
 * @param series those of a scan
 * @returns sets of two phases or more, the largest first
 */
export function heartPhases(series: readonly ImageSeries[]): PhaseSeries[][] {
  const found: PhaseSeries[] = series.flatMap((one) => {
    const { labels } = one.slices[0]!.header;
    const isVolume = labels.modality === 'CT' && !labels.imageType.includes('LOCALIZER');
    const named = isVolume && one.slices.length > 2 ? heartPhaseOf(one) : undefined;
    return named === undefined ? [] : [{ phase: named, series: one, leftOut: [] }];
  });
  return grouped(found, kindKey)
    .flatMap((alike) => (hasRepeats(alike) ? grouped(alike, descriptionKey) : [alike]))
    .map(inOrder)
    .filter((phases) => phases.length > 1)
    .sort((a, b) => b.length - a.length);
}

/** The set that a series belongs to; undefined where it has no other phases. */
export const phasesBeside = (
  sets: readonly (readonly PhaseSeries[])[],
  seriesId: string,
): readonly PhaseSeries[] | undefined =>
  sets.find((phases) => phases.some(({ series }) => series.id === seriesId));

function grouped(
  phases: readonly PhaseSeries[],
  keyOf: (phase: PhaseSeries) => string,
): (readonly PhaseSeries[])[] {
  const groups = new Map<string, PhaseSeries[]>();
  for (const one of phases) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function kindKey({ phase: { attribute, unit }, series }: PhaseSeries): string {
  const first = series.slices[0]!;
  const { identity, labels, plane, acquisition } = first.header;
  return JSON.stringify([
    identity.studyInstanceUid,
    identity.frameOfReferenceUid,
    labels.imageType.slice(0, 2),
    labels.convolutionKernel,
    acquisition.monoenergeticKev,
    orientationName(first),
    plane.columns,
    plane.rows,
    plane.columnSpacingMm.toFixed(2),
    plane.sliceThicknessMm?.toFixed(2),
    attribute,
    unit,
  ]);
}

/** "BestDiast 75 % 0.6" and "BestDiast 40 % 0.6" are alike. */
const descriptionKey = ({ series }: PhaseSeries): string =>
  series.slices[0]!.header.labels.seriesDescription.replace(/-?\d+(?:[.,]\d+)?\s*(%|ms\b|msec\b)/gi, '*');

const placeOf = ({ phase }: PhaseSeries): number => phase.place;

const hasRepeats = (phases: readonly PhaseSeries[]): boolean =>
  new Set(phases.map(placeOf)).size < phases.length;

/** By place; of several at one place the one with the most slices. */
function inOrder(phases: readonly PhaseSeries[]): PhaseSeries[] {
  const sorted = [...phases].sort(
    (a, b) => placeOf(a) - placeOf(b) || b.series.slices.length - a.series.slices.length,
  );
  return sorted
    .filter((one, at) => at === 0 || placeOf(one) !== placeOf(sorted[at - 1]!))
    .map((one) => ({
      ...one,
      leftOut: sorted
        .filter((other) => other !== one && placeOf(other) === placeOf(one))
        .map(({ series }) => series),
    }));
}
