import type { ImageSeries } from './imageSeries.ts';

interface Person {
  readonly id: string;
  readonly name: string;
  readonly birthDate: string;
}

/** "Doe^Jane^" and "DOE^JANE" are one name; so is a name without its other scripts. */
const comparable = (text: string): string =>
  (text.split('=')[0] ?? '')
    .toUpperCase()
    .replace(/[\^,\s]+/g, ' ')
    .trim();

const personOf = ({ slices }: ImageSeries): Person => {
  const { patientId, patientName, patientBirthDate } = slices[0]!.header.labels;
  return {
    id: comparable(patientId),
    name: comparable(patientName),
    birthDate: comparable(patientBirthDate),
  };
};

/** What both give agrees: what one of them lacks tells nothing. */
const mayBeSame = (a: Person, b: Person): boolean =>
  (['id', 'name', 'birthDate'] as const).every((part) => !a[part] || !b[part] || a[part] === b[part]);

/** How many patients the series are of, by ID, name and date of birth. */
export function countPatients(series: readonly ImageSeries[]): number {
  const persons: Person[] = [];
  for (const person of series.map(personOf)) {
    if (!persons.some((known) => mayBeSame(known, person))) persons.push(person);
  }
  return persons.length;
}
