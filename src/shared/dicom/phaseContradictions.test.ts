import { describe, expect, it } from 'vitest';
import type { ImageSeries } from './imageSeries.ts';
import { words } from '../words/words.ts';
import { type Changes, ctFiles } from './testing/ctFixtures.ts';
import { SLICES, scan, twoPhases, volume } from './testing/scanFiles.ts';

const said = (series: readonly ImageSeries[]): string[] =>
  series.flatMap(({ warnings }) =>
    warnings
      .filter(({ code }) => code === 'series.phase-contradicted' || code === 'series.told-otherwise')
      .map((warning) => words().sentence(warning)),
  );
const followed = (value: string, other: string): string =>
  `The heart phase is taken from Nominal Percentage of Cardiac Phase (${value}); ${other} contradicts it.`;
const percent = (value: string, more: Changes = {}): Changes => ({ '0020,9241': value, ...more });

describe('attributes of the heart phase that contradict each other', () => {
  it.each([
    [{ '0018,1060': '750' }, { '0018,1060': '350' }, 'Trigger Time (750 ms)', 'Trigger Time (350 ms)'],
    [{ '0020,4000': '75%' }, { '0020,4000': '40%' }, 'Image Comments (75 %)', 'Image Comments (40 %)'],
  ] satisfies [Changes, Changes, string, string][])(
    'are said, with the one that was followed: %j',
    async (a, b, first, second) => {
      const series = await scan(twoPhases((phase) => (phase === 0 ? percent('40', a) : percent('75', b))));
      expect(said(series)).toEqual([followed('40 %', first), followed('75 %', second)]);
    },
  );

  it('are said of a series alone, by the length of its beats or without', async () => {
    const alone = async (changes: Changes): Promise<string[]> =>
      said(await scan(ctFiles(volume, () => changes)));
    expect(await alone(percent('40', { '0018,1060': '750' }))).toEqual([
      followed('40 %', 'Trigger Time (750 ms)'),
    ]);
    expect(await alone(percent('75', { '0018,1060': '350', '0018,1062': '1000' }))).toEqual([
      followed('75 %', 'Trigger Time (350 ms)'),
    ]);
    expect(await alone(percent('75', { '0008,103e': 'BestSyst 40 %' }))).toEqual([
      followed('75 %', 'Series Description (40 %)'),
    ]);
  });

  it.each([
    ['a time that fits', { '0018,1060': '600' }],
    ['a long beat', { '0018,1060': '1100', '0018,1062': '1480' }],
    ['no time', { '0018,1060': '0' }],
    ['a time of the scan', { '0018,1060': '5200' }],
    ['a rounded percentage', { '0008,103e': 'BestDiast 73 %' }],
    ['what was planned', { '0018,1030': 'CTA 30-80%', '0008,103e': 'CTA 30-80%' }],
    ['a strength of iteration', { '0008,103e': 'ASiR 40%' }],
  ] satisfies [string, Changes][])('are not seen in %s', async (_, changes) => {
    expect(said(await scan(ctFiles(volume, () => percent('75', changes))))).toEqual([]);
  });

  it('are said where another attribute or the order of numbers tells other sets apart', async () => {
    const note = (name: string): string =>
      `By ${name} the slices in the same place would be told apart in another way: heart phases may be mixed here.`;
    const swapped = (phase: number, k: number): string => String(k % 2 === 0 ? 1 + phase : 2 - phase);
    const byComments = twoPhases((phase, k) => ({
      '0020,0100': swapped(phase, k),
      '0020,4000': phase === 0 ? '40%' : '75%',
    }));
    expect(said(await scan(byComments))).toEqual(Array(2).fill(note('Image Comments')));
    const byNumber = twoPhases((phase, k) => ({
      '0020,0012': swapped(phase, k),
      '0020,0013': String(phase * SLICES + k + 1),
    }));
    expect(said(await scan(byNumber))).toEqual(Array(2).fill(note('Instance Number')));
    const inOrder = twoPhases((phase, k) => ({
      '0020,0012': String(phase + 1),
      '0020,0013': String(phase * SLICES + k + 1),
    }));
    expect(said(await scan(inOrder))).toEqual([]);
  });
});
