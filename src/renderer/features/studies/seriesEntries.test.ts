import { describe, expect, it } from 'vitest';
import { assembleSeries } from '#shared/dicom/assembleSeries.ts';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { type Changes, ctFiles, parsed, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { failure } from '#shared/failures/failure.ts';
import { words } from '#shared/words/words.ts';
import { isoDate, personName, reportSource, seriesEntries } from './seriesEntries.ts';

const volume = rampVolume(smallGrid({ sizeIjk: [6, 5, 24] }));
const series = (...changes: Changes[]): ImageSeries[] =>
  assembleSeries(changes.flatMap((change, seed) => parsed(ctFiles(volume, () => change, seed)).slices));

describe('personName', () => {
  it.each([
    ['DOE^JANE^M^DR^MD', 'DOE, JANE M'],
    ['DOE', 'DOE'],
    ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada, Tarou'],
    ['=山田^太郎', '山田, 太郎'],
    ['', ''],
  ])('shows %s as %s', (value, shown) => expect(personName(value)).toBe(shown));
});

describe('isoDate', () => {
  it('leaves text that is not a date unchanged', () => {
    expect([isoDate('19500131'), isoDate('1950'), isoDate('')]).toEqual(['1950-01-31', '1950', '']);
  });
});

describe('seriesEntries', () => {
  it('marks one series and says what tells them apart', () => {
    const entries = seriesEntries(series({ '0018,1210': 'B70f' }, { '0018,1210': 'B26f' }));
    const shown = entries.map(({ isPreselected, details }) => [details, isPreselected]);
    expect(Object.fromEntries(shown)).toEqual({
      'CT, 6 × 5, kernel B70f, with contrast agent': false,
      'CT, 6 × 5, kernel B26f, with contrast agent': true,
    });
  });
});

it('shows the phase of the heart cycle, (0020,9241)', () => {
  const [entry] = seriesEntries(series({ '0020,9241': '75' }));
  expect(entry?.details).toContain('phase 75 % of R–R');
});

describe('reportSource', () => {
  const all = series({ '0018,1210': 'B70f' }, { '0018,1210': 'B26f' }, { '0018,1210': 'B60f' });
  const withKernel = (kernel: string): ImageSeries =>
    all.find(({ slices }) => slices[0]?.header.labels.convolutionKernel === kernel)!;
  const gridOf = (one: ImageSeries) => {
    if (one.geometry.kind === 'refused') throw new Error(one.geometry.reason.code);
    return one.geometry.grid;
  };

  it('names every other series with why it was not taken', () => {
    const soft = withKernel('B26f');
    const best = reportSource(soft, gridOf(soft), all, 3);
    expect(best.skippedFiles).toBe(3);
    expect(best.otherSeries.map(({ reason }) => words().sentence(reason))).toEqual([
      expect.stringContaining('suits the appendage better'),
      expect.stringContaining('suits the appendage better'),
    ]);
  });

  it('says when a person chose another series than the best', () => {
    const sharp = withKernel('B70f');
    const other = reportSource(sharp, gridOf(sharp), all, 0);
    expect(other.otherSeries).toHaveLength(2);
    expect(other.otherSeries[0]?.reason).toEqual(failure('series.another-chosen-by-hand'));
  });
});
