import type { SliceFile } from './imageSeries.ts';
import { OTHER_ATTRIBUTES } from './otherDistinctions.ts';

/** An attribute by whose values one series may hold several heart phases, acquisitions or reconstructions. */
export interface PhaseAttribute {
  /** By its name in PS3.6. */
  readonly name: string;
  /** For the list of series; the value follows. */
  readonly label: string;
  /** Equal for slices of one phase; '' where the file does not say. */
  readonly of: (slice: SliceFile) => string;
  /** The value for people. */
  readonly shown: (slice: SliceFile) => string;
}

/** An attribute whose order may tell phases apart though its values differ from slice to slice. */
export interface OrderedAttribute {
  readonly name: string;
  readonly label: string;
  readonly of: (slice: SliceFile) => number | undefined;
  /** A number that a writer gives, not a time: of two images in the same place the lower one need not be the first phase's. */
  readonly isArbitrary?: boolean;
}

type Reading = (slice: SliceFile) => string;

const attribute = (name: string, label: string, of: Reading, unit = ''): PhaseAttribute => ({
  name,
  label,
  of,
  shown: (slice) => (of(slice) === '' ? '' : `${of(slice)}${unit}`),
});

const text = (value: number | undefined): string => (value === undefined ? '' : String(value));

/** "BestDiast 75 %" → "75 %", "TRIGGER 350ms" → "350 ms"; '' where a text has neither. */
export function phaseInText(value: string): string {
  const found = /(-?\d+(?:[.,]\d+)?)\s*(%|ms\b|msec\b)/i.exec(value);
  return found === null ? '' : `${Number(found[1]!.replace(',', '.'))} ${found[2] === '%' ? '%' : 'ms'}`;
}

const scanOptions: Reading = (slice) => slice.header.acquisition.scanOptions;
const imageComments: Reading = (slice) => slice.header.acquisition.imageComments;
const description: Reading = (slice) => slice.header.labels.seriesDescription;
const protocol: Reading = (slice) => slice.header.labels.protocolName;
const derivation: Reading = (slice) => slice.header.acquisition.derivation;
const inText = (name: string, of: Reading): PhaseAttribute =>
  attribute(name, name.toLowerCase(), (slice) => phaseInText(of(slice)));

/** Those that name a heart phase, the most telling first. */
export const HEART_PHASE_ATTRIBUTES: readonly PhaseAttribute[] = [
  attribute(
    'Nominal Percentage of Cardiac Phase',
    'nominal phase',
    (slice) => text(slice.header.acquisition.cardiacPhasePercent),
    ' %',
  ),
  attribute('Temporal Position Identifier', 'temporal phase', (slice) =>
    text(slice.header.acquisition.temporalPosition),
  ),
  inText('Scan Options', scanOptions),
  inText('Image Comments', imageComments),
  inText('Series Description', description),
  inText('Protocol Name', protocol),
  inText('Derivation Description', derivation),
];

/** Frames of several energies are several volumes at the same place. */
export const MONOENERGETIC = attribute(
  'Monoenergetic Energy Equivalent',
  'virtual monoenergetic',
  (slice) => text(slice.header.acquisition.monoenergeticKev),
  ' keV',
);

/** The most telling first. */
export const PHASE_ATTRIBUTES: readonly PhaseAttribute[] = [
  ...HEART_PHASE_ATTRIBUTES,
  attribute(
    'Nominal Cardiac Trigger Delay Time',
    'trigger delay',
    (slice) => text(slice.header.acquisition.triggerDelayMs),
    ' ms',
  ),
  attribute('Acquisition Number', 'acquisition', (slice) => text(slice.header.acquisition.acquisitionNumber)),
  attribute('Trigger Time', 'trigger time', (slice) => text(slice.header.acquisition.triggerTimeMs), ' ms'),
  attribute('Scan Options', 'scan options', scanOptions),
  attribute('Image Comments', 'image comments', imageComments),
  attribute('Acquisition Time', 'acquired at', (slice) => slice.header.acquisition.acquisitionTime),
  attribute('Content Time', 'content time', (slice) => slice.header.acquisition.contentTime),
  attribute('Acquisition DateTime', 'acquired at', (slice) => slice.header.acquisition.acquisitionDateTime),
  attribute('Acquisition Date', 'acquired on', (slice) => slice.header.acquisition.acquisitionDate),
  attribute('Content Date', 'content date', (slice) => slice.header.acquisition.contentDate),
  attribute('Series Time', 'series time', (slice) => slice.header.acquisition.seriesTime),
  attribute('Series Number', 'series', (slice) => slice.header.labels.seriesNumber),
  attribute('Convolution Kernel', 'kernel', (slice) => slice.header.labels.convolutionKernel),
  MONOENERGETIC,
  attribute('KVP', 'tube voltage', (slice) => text(slice.header.acquisition.tubeVoltageKv), ' kV'),
  attribute('Slice Thickness', 'thickness', (slice) => text(slice.header.plane.sliceThicknessMm), ' mm'),
  attribute('Series Description', 'description', description),
  attribute('Protocol Name', 'protocol', protocol),
  attribute('Derivation Description', 'derivation', derivation),
  attribute('Filter Type', 'filter', (slice) => slice.header.acquisition.filterType),
  attribute('Image Type', 'image type', (slice) => slice.header.labels.imageType.slice(3).join(' ')),
];

/** What may tell images at the same place apart where none of those above does. */
export const OTHER_PHASE_ATTRIBUTES: readonly PhaseAttribute[] = OTHER_ATTRIBUTES.map(({ name, label, of }) =>
  attribute(name, label, (slice) => of(slice.header.acquisition.others)),
);

/** "101530.5" → 36930.5; undefined where it is no time of day (VR TM). */
export function secondsOf(time: string): number | undefined {
  const found = /^(\d\d):?(\d\d)?:?(\d\d(?:\.\d+)?)?/.exec(time);
  return found === null
    ? undefined
    : 3600 * Number(found[1]) + 60 * Number(found[2] ?? 0) + Number(found[3] ?? 0);
}

/** "20200131101530.5" in seconds; undefined where it is no date with a time (VR DT). */
function momentOf(dateTime: string): number | undefined {
  const [, year, month, day, time] = /^(\d{4})(\d\d)(\d\d)(\d\d.*)$/.exec(dateTime) ?? [];
  const seconds = secondsOf(time ?? '');
  if (seconds === undefined) return undefined;
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1000 + seconds;
}

export const ORDERED_ATTRIBUTES: readonly OrderedAttribute[] = [
  {
    name: 'Nominal Percentage of Cardiac Phase',
    label: 'nominal phase',
    of: (slice) => slice.header.acquisition.cardiacPhasePercent,
  },
  { name: 'Trigger Time', label: 'trigger time', of: (slice) => slice.header.acquisition.triggerTimeMs },
  {
    name: 'Nominal Cardiac Trigger Delay Time',
    label: 'trigger delay',
    of: (slice) => slice.header.acquisition.triggerDelayMs,
  },
  {
    name: 'Acquisition Time',
    label: 'acquisition time',
    of: (slice) => secondsOf(slice.header.acquisition.acquisitionTime),
  },
  {
    name: 'Acquisition DateTime',
    label: 'acquisition date and time',
    of: (slice) => momentOf(slice.header.acquisition.acquisitionDateTime),
  },
  {
    name: 'Content Time',
    label: 'content time',
    of: (slice) => secondsOf(slice.header.acquisition.contentTime),
  },
  {
    name: 'Instance Number',
    label: 'number',
    of: (slice) => slice.header.acquisition.instanceNumber,
    isArbitrary: true,
  },
];
