import { describe, expect, it } from 'vitest';
import { failure } from '../failures/failure.ts';
import { assembleSeries } from './assembleSeries.ts';
import { heartPhaseOf, heartPhases, leftOutWarnings } from './heartPhases.ts';
import type { ImageSeries } from './imageSeries.ts';
import { type Changes, ctFiles, parsed, rampVolume, smallGrid } from './testing/ctFixtures.ts';

const volume = rampVolume(smallGrid());
let count = 0;

/** A series of its own with these elements. */
function series(changes: Changes): ImageSeries {
  const uid = `1.2.3.${++count}`;
  const files = ctFiles(volume, () => ({ '0020,000e': uid, '0008,103e': 'Heart', ...changes }));
  return assembleSeries(parsed(files).slices)[0]!;
}

/** Series of one UID, as many as there are sets of elements. */
function oneSeries(...sets: readonly Changes[]): ImageSeries[] {
  const files = sets.flatMap((changes, set) =>
    [...ctFiles(volume, (k) => ({ '0008,0018': `1.2.${set}.${k}`, ...changes }))].map(
      ([name, bytes]) => [`${set}/${name}`, bytes] as const,
    ),
  );
  return assembleSeries(parsed(new Map(files)).slices);
}

const labels = (all: readonly ImageSeries[]): string[][] =>
  heartPhases(all).map((set) => set.map(({ phase }) => phase.label));

describe('the heart phase of a series', () => {
  it.each<[string, Changes, string, string]>([
    ['the percentage', { '0020,9241': '40' }, '40 %', 'Nominal Percentage of Cardiac Phase'],
    ['the description', { '0008,103e': 'BestDiast 75 % 0.6 Bv36' }, '75 %', 'Series Description'],
    ['a time after the R wave', { '0008,103e': 'CTA 350ms' }, '350 ms', 'Series Description'],
    ['the trigger time', { '0018,1060': '412' }, '412 ms', 'Trigger Time'],
    ['a temporal position', { '0020,0100': '3' }, 'phase 3', 'Temporal Position Identifier'],
  ])('is that of %s', (_, changes, label, attribute) => {
    expect(heartPhaseOf(series(changes))).toMatchObject({ label, attribute, isByOrder: false });
  });

  it('has one decimal: files keep percentages as 32-bit numbers', () => {
    const phase = heartPhaseOf(series({ '0020,9241': '6.699999809265137' }));
    expect(phase).toMatchObject({ label: '6.7 %', percent: 6.7, place: 6.7 });
  });

  it.each<[string, Changes]>([
    ['nothing says so', {}],
    ['the percentage is the strength of a reconstruction', { '0008,103e': 'CTA ASiR-V 40%' }],
  ])('is not known where %s', (_, changes) => {
    expect(heartPhaseOf(series(changes))).toBeUndefined();
  });
});

describe('the phases of a study', () => {
  it('are series of their own in the order of the cycle, with their percentages as numbers', () => {
    const all = [75, 5, 40].map((percent) => series({ '0008,103e': `CTA ${percent}%` }));
    expect(labels(all)).toEqual([['5 %', '40 %', '75 %']]);
    expect(heartPhases(all)[0]!.map(({ phase }) => phase.percent)).toEqual([5, 40, 75]);
  });

  it('are parts of one series', () => {
    expect(labels(oneSeries({ '0020,9241': '70' }, { '0020,9241': '30' }))).toEqual([['30 %', '70 %']]);
  });

  it('are told apart by the order of images, and say so', () => {
    const [set] = heartPhases(oneSeries(...['1', '2', '3'].map((number) => ({ '0020,0013': number }))));
    expect(set!.map(({ phase }) => phase)).toMatchObject(
      ['phase 1', 'phase 2', 'phase 3'].map((label) => ({
        label,
        percent: null,
        attribute: 'Instance Number',
        isByOrder: true,
      })),
    );
  });

  it('do not mix what differs in kernel or matrix, nor what is alone', () => {
    const soft = [40, 75].map((percent) => series({ '0020,9241': `${percent}`, '0018,1210': 'Bv36' }));
    const sharp = series({ '0020,9241': '40', '0018,1210': 'Bv64' });
    expect(labels([sharp, ...soft, series({})])).toEqual([['40 %', '75 %']]);
  });

  it('leave out a smaller series at the same phase, and say so', () => {
    const fewer = series({ '0008,103e': 'CTA 40%' });
    const small = { ...fewer, slices: fewer.slices.slice(1) };
    const all = [series({ '0008,103e': 'CTA 5%' }), small, series({ '0008,103e': 'CTA 40%' })];
    const [set] = heartPhases(all);
    expect(set!.map(({ phase, series: { slices } }) => [phase.label, slices.length])).toEqual([
      ['5 %', fewer.slices.length],
      ['40 %', fewer.slices.length],
    ]);
    expect(set!.map(leftOutWarnings)).toEqual([
      [],
      [
        failure('series.same-phase-left-out', {
          slices: fewer.slices.length - 1,
          used: fewer.slices.length,
        }),
      ],
    ]);
  });

  it('are two sets where two descriptions have the same phases', () => {
    const named = (name: string) =>
      [40, 75].map((percent) => series({ '0008,103e': `${name} ${percent} %` }));
    expect(labels([...named('CTA'), ...named('Thick')])).toEqual([
      ['40 %', '75 %'],
      ['40 %', '75 %'],
    ]);
  });

  it('have one that cannot be used among them', () => {
    const broken = series({ '0008,103e': 'CTA 50%', '0018,1120': '20' });
    const set = heartPhases([series({ '0008,103e': 'CTA 40%' }), broken])[0]!;
    expect(set.map(({ series: one }) => one.geometry.kind)).toContain('regular');
    expect(set).toHaveLength(2);
  });
});
