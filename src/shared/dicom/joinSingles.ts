import { type Failure, failure } from '../failures/failure.ts';
import type { SliceFile } from './imageSeries.ts';
import type { IdentifiedSeries } from './identifiedSeries.ts';
import type { SliceHeader } from './sliceHeader.ts';
import { sortAlongNormal, stackGeometry } from './stackGeometry.ts';

const LEAST_SLICES = 3;

/** What the slices of one series have in common, by its name in PS3.6. */
const SHARED: readonly (readonly [name: string, of: (header: SliceHeader) => string])[] = [
  ['Patient ID', ({ labels }) => labels.patientId],
  ['Patient’s Name', ({ labels }) => labels.patientName],
  ['Patient’s Birth Date', ({ labels }) => labels.patientBirthDate],
  ['Patient’s Sex', ({ labels }) => labels.patientSex],
  ['Study Instance UID', ({ identity }) => identity.studyInstanceUid],
  ['Frame of Reference UID', ({ identity }) => identity.frameOfReferenceUid],
  ['Series Number', ({ labels }) => labels.seriesNumber],
  ['Series Description', ({ labels }) => labels.seriesDescription],
  ['Convolution Kernel', ({ labels }) => labels.convolutionKernel],
  ['Image Type', ({ labels }) => labels.imageType.slice(0, 3).join(' ')],
];

/** Without them nothing says that slices belong together. */
const NEEDED = ['Study Instance UID', 'Frame of Reference UID', 'Series Number'];

const looks = ({ header: { labels, plane } }: SliceFile): string =>
  [labels.modality, plane.columns, plane.rows, plane.sliceThicknessMm].join(' ');

/**
 * Slices of which each names a series of its own, as programs leave it that export or anonymise file by file: one
 * series where all that slices share is the same, else one that is refused where they would be one regular stack.
 *
 * @param bySeries slices by their Series Instance UID
 */
export function joinSingles(bySeries: readonly (readonly SliceFile[])[]): IdentifiedSeries[] {
  const singles = bySeries
    .filter((series) => series.length === 1 && series[0]!.header.identity.frameNumber === undefined)
    .flat()
    .filter(({ header }) => header.identity.seriesInstanceUid !== '');
  return groups(singles, looks).flatMap((alike) => {
    if (alike.length < LEAST_SLICES) return [];
    const exact = groups(alike, ({ header }) => JSON.stringify(SHARED.map(([, of]) => of(header))));
    const joined = exact.filter((group) => group.length >= LEAST_SLICES && isNamed(group[0]!));
    const rest = alike.filter((slice) => !joined.some((group) => group.includes(slice)));
    const whole = joined.map((group) => identified(group, undefined));
    if (rest.length < LEAST_SLICES || stackGeometry(sortAlongNormal(rest)).kind !== 'regular') return whole;
    return [...whole, identified(rest, failure('series.singles-apart', reasons(rest)))];
  });
}

function identified(slices: readonly SliceFile[], contradiction: Failure | undefined): IdentifiedSeries {
  return {
    seriesInstanceUid: slices[0]!.header.identity.seriesInstanceUid,
    slices,
    contradiction,
    notes: contradiction === undefined ? [failure('series.singles-joined', { slices: slices.length })] : [],
    isOfSingles: true,
  };
}

const isNamed = ({ header }: SliceFile): boolean =>
  SHARED.every(([name, of]) => !NEEDED.includes(name) || of(header) !== '');

/** How many slices there are, and in what they differ or what they lack. */
function reasons(slices: readonly SliceFile[]): { slices: number; attributes: string } {
  const apart = SHARED.filter(
    ([name, of]) =>
      new Set(slices.map(({ header }) => of(header))).size > 1 ||
      (NEEDED.includes(name) && of(slices[0]!.header) === ''),
  );
  return { slices: slices.length, attributes: apart.map(([name]) => name).join(', ') };
}

function groups(slices: readonly SliceFile[], keyOf: (slice: SliceFile) => string): SliceFile[][] {
  const found = new Map<string, SliceFile[]>();
  for (const slice of slices) {
    const key = keyOf(slice);
    const group = found.get(key);
    if (group === undefined) found.set(key, [slice]);
    else group.push(slice);
  }
  return [...found.values()];
}
