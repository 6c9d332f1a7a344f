import { describe, expect, it } from 'vitest';
import { failure } from '../failures/failure.ts';
import { LPS_AXES } from '../geometry/gridLps.ts';
import { inWords } from '../words/testing/inWords.ts';
import { words } from '../words/words.ts';
import { assembleSeries } from './assembleSeries.ts';
import { assessSeries } from './assessSeries.ts';
import type { ImageSeries } from './imageSeries.ts';
import { pickBestSeries } from './pickBestSeries.ts';
import { type Changes, ctFiles, parsed, rampVolume, smallGrid } from './testing/ctFixtures.ts';

interface Wish {
  readonly description?: string;
  readonly stepMm?: number;
  readonly coverageMm?: number;
  readonly kernel?: string;
  readonly agent?: string;
  readonly more?: Changes;
}

let count = 0;
function series({
  description = 'Heart',
  stepMm = 1,
  coverageMm = 120,
  kernel = '',
  agent = '',
  more = {},
}: Wish): ImageSeries {
  const uid = `1.2.3.${++count}`;
  const grid = smallGrid({
    sizeIjk: [2, 2, Math.round(coverageMm / stepMm)],
    spacingMm: [0.5, 0.5, stepMm],
    directions: LPS_AXES,
  });
  const files = ctFiles(rampVolume(grid), () => ({
    '0020,000e': uid,
    '0008,103e': description,
    '0008,1030': 'study',
    '0018,0015': '',
    '0018,1210': kernel,
    '0018,0010': agent,
    ...more,
  }));
  return assembleSeries(parsed(files).slices)[0]!;
}
const best = (...all: ImageSeries[]) => pickBestSeries(all).chosen;

describe('pickBestSeries', () => {
  it.each([
    ['thin over thick', { stepMm: 0.5 }, { stepMm: 5 }],
    ['contrast over none', { description: 'CTA Herz' }, { description: 'Herz nativ', stepMm: 0.5 }],
    ['arterial over venous', { description: 'Thorax arteriell' }, { description: 'Thorax venous' }],
    ['the heart over the chest', { description: 'Cardiac CTA' }, { description: 'Chest CTA' }],
    ['soft over sharp kernels', { kernel: 'Bv36d' }, { kernel: 'Bl64d' }],
    ['original over derived', {}, { more: { '0008,0008': 'DERIVED\\SECONDARY\\AXIAL' } }],
    ['axial over coronal', {}, { more: { '0020,0037': '1\\0\\0\\0\\0\\1' } }],
    ['a contrast agent over silence', { agent: 'Iomeron 400' }, {}],
    ['enough coverage', {}, { coverageMm: 40, stepMm: 0.5 }],
    ['the end of systole', { description: 'CTA 40%' }, { description: 'CTA 75%' }],
    [
      'the end of systole though a few slices fewer',
      { description: 'CTA 40%', coverageMm: 115 },
      { description: 'CTA 75%' },
    ],
    [
      'a whole phase over half a one',
      { description: 'CTA 75%', coverageMm: 220 },
      { description: 'CTA 40%', coverageMm: 110 },
    ],
    [
      'a whole phase over half a one in short scans',
      { description: 'CTA 75%', coverageMm: 48 },
      { description: 'CTA 40%', coverageMm: 24 },
    ],
  ] satisfies [string, Wish, Wish][])('prefers %s', (_, better, worse) => {
    const [a, b] = [series(worse), series(better)];
    expect(best(a, b)).toBe(b);
    expect(best(b, a)).toBe(b);
  });

  it('prefers no set that may be of two phases to a part of one', () => {
    const mixed = series({ description: 'CTA 40%', coverageMm: 48 });
    const half = series({ description: 'CTA 75%', coverageMm: 24 });
    expect(best(mixed, half)).toBe(mixed);
    expect(best({ ...mixed, warnings: [failure('series.sets-change')] }, half)).toBe(half);
  });

  it('does not depend on the order, even between equals', () => {
    const [a, b] = [series({}), series({})];
    expect(best(a, b)).toBe(a);
    expect(best(b, a)).toBe(a);
  });

  it('gives a reason for each series that is not taken, and never chooses an unfit one', () => {
    const coarse = series({ stepMm: 8 });
    const report = pickBestSeries([coarse, series({}), series({ description: 'nativ' })]);
    expect(report.rejected.map(({ reason }) => words().sentence(reason))).toEqual([
      expect.stringContaining('no contrast'),
      expect.stringContaining('8.0 mm apart'),
    ]);
    expect(report.points.map(words().clause)).toContain('axial');
    expect(pickBestSeries([coarse])).toMatchObject({ chosen: undefined, points: [] });
    expect(pickBestSeries([]).chosen).toBeUndefined();
  });
});

describe('assessSeries', () => {
  it('has no remarks on a thin, long, contrasted series', () => {
    expect(assessSeries(series({ description: 'CTA' }))).toEqual({ refusal: undefined, warnings: [] });
  });
  it.each([
    ['coarse steps', { stepMm: 4 }, '4.0 mm apart'],
    ['chest CT', { stepMm: 3 }, '3.0 mm apart, coarser than cardiac'],
    ['short scans', { coverageMm: 60 }, 'covers only 60 mm'],
    ['no contrast', { description: 'Thorax ohne KM, nativ' }, 'without contrast'],
    ['late phases', { description: 'portalvenous' }, 'late or venous'],
    ['gaps between thin slices', { more: { '0018,0050': '0.5' } }, 'gaps'],
    ['wide pixels', { more: { '0028,0030': '2\\2' } }, '2.00 mm wide'],
    ['sharp kernels', { kernel: 'LUNG' }, 'sharp kernel'],
  ] satisfies [string, Wish, string][])('warns of %s', (_, wish, part) => {
    expect(inWords(assessSeries(series(wish)).warnings)).toEqual([expect.stringContaining(part)]);
  });
  it.each([
    ['8 mm steps', { stepMm: 8 }, '8.0 mm apart'],
    ['scans shorter than an appendage', { coverageMm: 12 }, 'only 12 mm'],
  ] satisfies [string, Wish, string][])('refuses %s', (_, wish, part) => {
    expect(inWords(assessSeries(series(wish)).refusal)).toContain(part);
  });
});
