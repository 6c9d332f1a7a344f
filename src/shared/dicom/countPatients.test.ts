import { expect, it } from 'vitest';
import { inWords } from '../words/testing/inWords.ts';
import { assembleSeries } from './assembleSeries.ts';
import { countPatients } from './countPatients.ts';
import { scanWarnings } from './studyScan.ts';
import { type Changes, ctFiles, parsed } from './testing/ctFixtures.ts';
import { volume } from './testing/scanFiles.ts';

const of = (name: string, id: string, birthDate: string): Changes => ({
  '0010,0010': name,
  '0010,0020': id,
  '0010,0030': birthDate,
});
const seriesOf = (...people: Changes[]) =>
  assembleSeries(people.flatMap((change, seed) => parsed(ctFiles(volume, () => change, seed)).slices));
const jane = of('DOE^JANE', '17', '19500131');

it.each([
  ['one patient, written in two ways', [jane, of('Doe^Jane^', '17', '19500131')], 1],
  ['one patient of whom one series lacks the ID', [jane, of('DOE^JANE', '', '19500131')], 1],
  ['two patients of one name', [jane, of('DOE^JANE', '18', '19610203')], 2],
  ['two patients by the same anonymous ID', [of('ANON1', '0', ''), of('ANON2', '0', '')], 2],
  ['three patients', [jane, of('ROE^R', '18', ''), of('POE^P', '19', '')], 3],
])('counts %s', (_, people, count) => expect(countPatients(seriesOf(...people))).toBe(count));

it('is said of what was opened', () => {
  const scan = (...people: Changes[]) => ({ series: seriesOf(...people), problems: [], skippedNonDicom: 0 });
  expect(scanWarnings(scan(jane, jane))).toEqual([]);
  expect(inWords(scanWarnings(scan(jane, of('ROE^R', '18', ''))))).toEqual([
    'These files are of 2 different patients: check that the right series is selected.',
  ]);
});
