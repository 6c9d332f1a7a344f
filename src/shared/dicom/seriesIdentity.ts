import { type Failure, failure } from '../failures/failure.ts';
import type { SliceFile } from './imageSeries.ts';
import type { IdentifiedSeries } from './identifiedSeries.ts';
import { joinSingles } from './joinSingles.ts';

const LEAST_SLICES = 3;

/**
 * Sorts slices by patient, study and series: a Series Instance UID alone proves nothing, as programs that anonymise or
 * copy give one to many. A missing Patient ID, Study or Series Instance UID contradicts no other, and a study of its own
 * for each slice says nothing.
 */
export function identifySeries(slices: readonly SliceFile[]): IdentifiedSeries[] {
  const ofNumber = new Map(
    groupBy(slices, numberOf).map((numbered) => [numberOf(numbered[0]!), onlyUid(numbered)]),
  );
  const bySeries = groupBy(
    slices,
    (slice) => uidOf(slice) || ofNumber.get(numberOf(slice)) || `number ${numberOf(slice)}`,
  );
  const singles = joinSingles(bySeries);
  const joined = new Set(singles.flatMap(({ slices: own }) => own));
  const others = bySeries.filter((series) => !joined.has(series[0]!));
  return [...singles, ...others.flatMap(identifyOne)];
}

function identifyOne(series: readonly SliceFile[]): IdentifiedSeries[] {
  const seriesInstanceUid = series.map(uidOf).find((uid) => uid !== '') ?? '';
  const found = byStudy(series).flatMap(({ slices: study, notes }) =>
    byPatient(study).map((patient) => ({ slices: patient, notes })),
  );
  // A patient of its own for each slice: a program that anonymises files one by one, or damage.
  if (found.length > 1 && found.every(({ slices: own }) => own.length < LEAST_SLICES)) {
    const contradiction = failure('series.patients-mixed', { attribute: 'Patient ID' });
    return [{ seriesInstanceUid, slices: series, contradiction, notes: [] }];
  }
  const isShared = found.length > 1 && seriesInstanceUid !== '';
  const shared = isShared ? [failure('series.uid-shared', { owners: found.length })] : [];
  return found.map(({ slices: own, notes }) => ({
    seriesInstanceUid,
    slices: own,
    contradiction: contradictionOf(own),
    notes: [...notes, ...shared],
  }));
}

const uidOf = ({ header }: SliceFile): string => header.identity.seriesInstanceUid;
const numberOf = ({ header }: SliceFile): string => header.labels.seriesNumber;

/** The UID of a series number, to which slices without one belong; undefined where there are several. */
function onlyUid(numbered: readonly SliceFile[]): string | undefined {
  const uids = new Set(numbered.map(uidOf).filter((uid) => uid !== ''));
  return uids.size === 1 ? [...uids][0] : undefined;
}

function byStudy(series: readonly SliceFile[]): Pick<IdentifiedSeries, 'slices' | 'notes'>[] {
  const studies = withUnknownJoined(series, (slice) => slice.header.identity.studyInstanceUid);
  const sayNothing = studies.length > 1 && studies.every((study) => study.length < LEAST_SLICES);
  if (sayNothing && series.length >= LEAST_SLICES) {
    return [{ slices: series, notes: [failure('series.studies-joined', { studies: studies.length })] }];
  }
  return studies.map((study) => ({ slices: study, notes: [] }));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** Groups by a key; where there is one key besides the empty one, those without it belong to it. */
function withUnknownJoined(slices: readonly SliceFile[], keyOf: (slice: SliceFile) => string): SliceFile[][] {
  const groups = groupBy(slices, keyOf);
  const isKnown = (group: SliceFile[]): boolean => keyOf(group[0]!) !== '';
  return groups.filter(isKnown).length === 1 ? [[...slices]] : groups;
}

/** By Patient ID and its issuer; without any, by name and date of birth. */
function byPatient(slices: readonly SliceFile[]): SliceFile[][] {
  const idOf = ({ header }: SliceFile): string => header.labels.patientId;
  const ids = new Set(slices.map(idOf).filter((id) => id !== ''));
  if (ids.size === 0) {
    const byName = withUnknownJoined(slices, ({ header }) => nameKey(header.labels.patientName));
    return byName.flatMap((group) =>
      withUnknownJoined(group, ({ header }) => header.labels.patientBirthDate),
    );
  }
  const known = groupBy(
    slices.filter((slice) => idOf(slice) !== ''),
    idOf,
  ).flatMap((group) => withUnknownJoined(group, ({ header }) => header.labels.patientIdIssuer));
  const strangers: SliceFile[] = [];
  for (const slice of slices.filter((one) => idOf(one) === '')) {
    const fitting = known.filter((group) => contradictionOf([group[0]!, slice]) === undefined);
    if (fitting.length === 1) fitting[0]!.push(slice);
    else strangers.push(slice);
  }
  return strangers.length === 0 ? known : [...known, ...byPatient(strangers)];
}

/** The first attribute by which slices cannot be of one patient. */
function contradictionOf(slices: readonly SliceFile[]): Failure | undefined {
  const values = (of: (slice: SliceFile) => string): string[] => [
    ...new Set(slices.map(of).filter((value) => value !== '')),
  ];
  const names = values(({ header }) => header.labels.patientName);
  const differ =
    (names.some((name) => areDifferentNames(name, names[0]!)) && 'Patient’s Name') ||
    (values(({ header }) => header.labels.patientBirthDate.replace(/\D/g, '')).length > 1 &&
      'Patient’s Birth Date') ||
    (values(({ header }) => sexKey(header.labels.patientSex)).length > 1 && 'Patient’s Sex');
  return differ === false ? undefined : failure('series.patients-mixed', { attribute: differ });
}

/** "O" is what programs that anonymise write for both. */
const sexKey = (sex: string): string => (sex === 'M' || sex === 'F' ? sex : '');

/** Names in their scripts, each without case and with one blank for whatever separates its components. */
const scriptsOf = (name: string): string[] =>
  name.split('=').map((script) =>
    script
      .toUpperCase()
      .replace(/[\s^,]+/g, ' ')
      .trim(),
  );

const nameKey = (name: string): string => scriptsOf(name).find((script) => script !== '') ?? '';

/** Whether two names differ in a script that both have; one may have more scripts than the other. */
function areDifferentNames(a: string, b: string): boolean {
  const [first, second] = [scriptsOf(a), scriptsOf(b)];
  const common = first.flatMap((script, index) => {
    const other = second[index] ?? '';
    return script === '' || other === '' ? [] : [script === other];
  });
  return common.length > 0 && !common.includes(true);
}
