import { describe, expect, it } from 'vitest';
import { failure } from '../failures/failure.ts';
import { inWords } from '../words/testing/inWords.ts';
import type { ImageSeries } from './imageSeries.ts';
import { type Changes, ctFiles } from './testing/ctFixtures.ts';
import { outcome, phaseOf, scan, twoPhases, volume } from './testing/scanFiles.ts';

/** Both phases as they are, none mixed, none left out. */
function expectTwoPhases(series: readonly ImageSeries[]): void {
  expect(outcome(series)).toEqual(['8 regular', '8 regular']);
  expect(series.map(phaseOf)).toEqual([new Set(['0']), new Set(['1'])]);
}

describe('near-equal attributes', () => {
  const rotated = (radians: number): string => `1\\${radians}\\0\\${-radians}\\1\\0`;
  /** Rows and columns are 2.5 to 3 mm long here; the pixels are scaled so that angles count as in a scan. */
  const wide: Changes = { '0028,0030': '75\\50' };

  it.each([
    [
      'alternate in orientation',
      (k: number) => ({ '0020,0037': k % 2 === 0 ? '1\\0\\0\\0\\1\\0' : rotated(2e-4) }),
    ],
    ['jitter in orientation', (k: number) => ({ '0020,0037': rotated(((k * 5) % 8) * 5e-5) })],
    ['differ in orientation by halves', (k: number) => ({ '0020,0037': rotated(k < 4 ? 0 : 3e-4) })],
    ['alternate in pixel size', (k: number) => ({ '0028,0030': k % 2 === 0 ? '75\\50' : '75.02\\50.02' })],
  ] satisfies [string, (k: number) => Changes][])('keep slices in one volume that %s', async (_, changes) => {
    const series = await scan(ctFiles(volume, (k) => ({ ...wide, ...changes(k) })));
    expect(outcome(series)).toEqual(['8 regular']);
    expect(inWords(series[0]?.warnings)).toEqual([
      expect.stringMatching(
        /^The slices differ in orientation or pixel size by up to 0\.[01]\d mm over the image/,
      ),
    ]);
  });

  it('do not join two reconstructions of slightly different pixel size', async () => {
    const files = twoPhases((phase) => ({ '0028,0030': phase === 0 ? '75\\50' : '75.02\\50.02' }));
    expectTwoPhases(await scan(files));
  });

  it('are told from different ones, and what lies between is said', async () => {
    const series = await scan(
      ctFiles(volume, (k) => ({ '0028,0030': k % 2 === 0 ? '0.75\\0.5' : '0.95\\0.7' })),
    );
    expect(outcome(series)).toEqual(['4 regular', '4 regular']);
    for (const { warnings } of series) expect(warnings).toEqual([failure('series.slices-between')]);
  });

  it('names what tells images of other kinds in the same place apart', async () => {
    const series = await scan(
      twoPhases((phase) => ({
        '0008,0008': phase === 0 ? 'ORIGINAL\\PRIMARY\\AXIAL' : 'DERIVED\\SECONDARY\\MPR',
      })),
    );
    expect(series.map(({ description }) => description)).toEqual([
      expect.stringContaining(', original primary axial ('),
      expect.stringContaining(', derived secondary mpr ('),
    ]);
    for (const { warnings } of series)
      expect(inWords(warnings)).toEqual([
        expect.stringContaining('One of 2 sets of slices in the same place, told apart by Image Type'),
      ]);
  });

  it('joins slices that each have a frame of reference of their own, and says so', async () => {
    const series = await scan(ctFiles(volume, (k) => ({ '0020,0052': `1.2.${k}` })));
    expect(outcome(series)).toEqual(['8 regular']);
    expect(series[0]?.warnings).toEqual([failure('series.frames-of-reference', { frames: 8 })]);
  });

  it('joins slices that each have a study of their own, and says so', async () => {
    const series = await scan(ctFiles(volume, (k) => ({ '0020,000d': `1.2.${k}` })));
    expect(outcome(series)).toEqual(['8 regular']);
    expect(series[0]?.warnings).toEqual([failure('series.studies-joined', { studies: 8 })]);
  });

  it.each([
    ['frames of reference', (k: number) => ({ '0020,0052': `1.2.${k % 2}` })],
    [
      'kinds of image',
      (k: number) => ({ '0008,0008': k % 2 === 0 ? 'ORIGINAL\\PRIMARY\\AXIAL' : 'ORIGINAL\\PRIMARY' }),
    ],
  ] satisfies [string, (k: number) => Changes][])(
    'joins slices that alternate between two %s',
    async (_, changes) => {
      const series = await scan(ctFiles(volume, changes));
      expect(outcome(series)).toEqual(['8 regular']);
      expect(series[0]?.warnings).toEqual([failure('series.alternating-joined')]);
    },
  );

  it('says where a series goes on in slices of another kind', async () => {
    const series = await scan(ctFiles(volume, (k) => ({ '0020,0052': k < 4 ? '1.1' : '1.2' })));
    for (const { warnings } of series) expect(warnings).toEqual([failure('series.continued')]);
  });

  it.each([
    ['derived', 'DERIVED\\PRIMARY\\AXIAL'],
    ['of no kind', undefined],
    ['of a kind without its third word', 'ORIGINAL\\PRIMARY'],
  ])('joins slices one above the other whose upper half is %s, and says so', async (_, imageType) => {
    const series = await scan(ctFiles(volume, (k) => (k < 5 ? {} : { '0008,0008': imageType })));
    expect(outcome(series)).toEqual(['8 regular']);
    expect(series[0]?.warnings).toEqual([failure('series.kinds-joined')]);
    // Not across a gap.
    const files = ctFiles(volume, (k) => (k < 5 ? {} : { '0008,0008': imageType }));
    files.delete('slice-0006');
    expect(outcome(await scan(files))).toEqual(['5 regular', expect.stringContaining('2 ')]);
  });

  it('joins slices of which some lack the frame of reference', async () => {
    const series = await scan(ctFiles(volume, (k) => (k < 4 ? {} : { '0020,0052': undefined })));
    expect(outcome(series)).toEqual(['8 regular']);
    expect(series[0]?.warnings).toEqual([]);
  });

  it('takes images of the class CT for CT where they name no modality', async () => {
    const series = await scan(ctFiles(volume, (k) => (k % 3 === 0 ? { '0008,0060': '' } : {})));
    expect(outcome(series)).toEqual(['8 regular']);
  });
});
