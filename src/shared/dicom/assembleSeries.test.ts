import { describe, expect, it } from 'vitest';
import { ijkToLps } from '../geometry/gridLps.ts';
import { normalize } from '../geometry/vec3.ts';
import { inWords } from '../words/testing/inWords.ts';
import { words } from '../words/words.ts';
import { assembleSeries, slicesToCompare } from './assembleSeries.ts';
import type { ImageSeries, SliceFile } from './imageSeries.ts';
import { storedRange } from './sliceHeader.ts';
import { type Changes, ctFiles, type Files, parsed, rampVolume, smallGrid } from './testing/ctFixtures.ts';

const volume = rampVolume(smallGrid());
/** As a scan does it: pixels are compared where nothing else tells slices apart. */
const assemble = (files: Files): ImageSeries[] => {
  const { slices, lost } = parsed(files);
  const wanted = new Set(slicesToCompare(assembleSeries(slices, { lost })));
  const digested = slices.map((slice) =>
    wanted.has(slice) ? { ...slice, pixelDigest: pixelsOf(files, slice) } : slice,
  );
  return assembleSeries(digested, { lost });
};
const pixelsOf = (files: Files, { sourceId, header }: SliceFile): string => {
  const { from, to } = storedRange(header);
  return String(files.get(sourceId)!.subarray(from, to));
};
const position = (k: number, shift = [0, 0, 0]): string =>
  ijkToLps(volume.grid, [0, 0, k])
    .map((value, axis) => value + shift[axis]!)
    .join('\\');
const reasonOf = (series: ImageSeries | undefined): string =>
  series?.geometry.kind === 'refused' ? words().sentence(series.geometry.reason) : '';
const gridOf = (series: ImageSeries | undefined) =>
  series?.geometry.kind === 'regular' ? series.geometry.grid : undefined;

describe('assembleSeries', () => {
  it('finds the grid that was written', () => {
    const [series, ...others] = assemble(ctFiles(volume));
    expect(others).toEqual([]);
    expect(gridOf(series)).toEqual(volume.grid);
    expect(inWords(series?.warnings)).toEqual([]);
  });

  it('warns of values that cannot be as low as air, and of a rescale that changes', () => {
    const warningsOf = (changes: (k: number) => Changes) =>
      inWords(assemble(ctFiles(volume, changes))[0]?.warnings);
    const unsigned = { '0028,0103': 0, '0028,0101': 12, '0028,0102': 11 };
    expect(warningsOf(() => ({ ...unsigned, '0028,1052': '-1024' }))).toEqual([]);
    expect(warningsOf(() => ({ ...unsigned, '0028,1052': '0' }))).toEqual([
      expect.stringContaining('no value can be below 0 HU'),
    ]);
    expect(warningsOf(() => ({ '0028,0103': 1, '0028,1053': '0.001', '0028,1052': '0' }))).toEqual([
      expect.stringContaining('no value can be below -2 HU'),
    ]);
    expect(warningsOf((k) => (k === 3 ? { '0028,1052': '-1000' } : {}))).toEqual([
      'The slices contradict each other in Rescale Intercept; each was read as its own header says.',
    ]);
  });

  it('does not depend on the order of the files or of instance numbers', () => {
    const reversed = new Map([...ctFiles(volume, (k) => ({ '0020,0013': String(100 - k) }))].reverse());
    expect(gridOf(assemble(reversed)[0])).toEqual(volume.grid);
  });

  it('finds oblique grids to rounding of the decimal strings', () => {
    const alongRow = normalize([0.9, 0.3, -0.2]);
    const alongColumn = normalize([-0.3, 0.9, 0]);
    const grid = smallGrid({
      directions: [
        alongRow,
        alongColumn,
        [
          alongRow[1] * alongColumn[2] - alongRow[2] * alongColumn[1],
          alongRow[2] * alongColumn[0] - alongRow[0] * alongColumn[2],
          alongRow[0] * alongColumn[1] - alongRow[1] * alongColumn[0],
        ],
      ],
    });
    const found = gridOf(assemble(ctFiles(rampVolume(grid)))[0]);
    for (const voxel of [
      [0, 0, 0],
      [5, 4, 7],
    ] as const) {
      ijkToLps(found!, voxel).forEach((value, axis) => {
        expect(value).toBeCloseTo(ijkToLps(grid, voxel)[axis]!, 6);
      });
    }
  });

  it('turns a left-handed stack round: k always grows along the normal', () => {
    const down = smallGrid({
      directions: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, -1],
      ],
    });
    const found = gridOf(assemble(ctFiles(rampVolume(down)))[0]);
    expect(found?.directions[2]).toEqual([0, 0, 1]);
    expect(found?.originLpsMm).toEqual([-10, -20, 100 - 7 * 1.25]);
  });

  it('refuses a series with missing slices, naming how many and where', () => {
    const files = ctFiles(volume);
    files.delete('slice-0004');
    expect(reasonOf(assemble(files)[0])).toBe(
      'One slice is missing: between 102.5 and 105.0 mm along the stack, where the step is 1.25 mm elsewhere.',
    );
    files.delete('slice-0006');
    expect(reasonOf(assemble(files)[0])).toMatch(/^2 slices are missing: between .* and /);
  });

  it('names what the slices contradict each other in about the bits of their values', () => {
    const deeper = { '0028,0101': 16, '0028,0102': 15 };
    const [series] = assemble(ctFiles(volume, (k) => (k === 2 ? deeper : {})));
    expect(series?.geometry.kind).toBe('regular');
    expect(inWords(series?.warnings)).toEqual([
      'The slices contradict each other in Bits Stored; each was read as its own header says.',
    ]);
  });

  it('refuses uneven steps and two slices', () => {
    const uneven = ctFiles(
      volume,
      (k): Changes => (k === 3 ? { '0020,0032': position(k, [0, 0, 0.6]) } : {}),
    );
    expect(reasonOf(assemble(uneven)[0])).toContain('unevenly spaced');
    expect(reasonOf(assemble(new Map([...ctFiles(volume)].slice(0, 2)))[0])).toContain('only 2 slices');
  });

  it('accepts positions rounded to a tenth of a millimetre', () => {
    const rounded = ctFiles(volume, (k) => ({ '0020,0032': `-10\\-20\\${(100 + 1.25 * k).toFixed(1)}` }));
    expect(gridOf(assemble(rounded)[0])?.spacingMm[2]).toBeCloseTo(1.25, 1);
  });

  it.each([0.33, 0.625, 0.75])('accepts them at any step, both ends rounded as well: %s mm', (stepMm) => {
    const long = rampVolume(smallGrid({ sizeIjk: [2, 2, 40] }));
    for (const first of [100, 100.03, 100.049]) {
      const rounded = ctFiles(long, (k) => ({
        '0020,0032': `-10\\-20\\${(first + stepMm * k).toFixed(1)}`,
      }));
      expect(gridOf(assemble(rounded)[0])?.spacingMm[2]).toBeCloseTo(stepMm, 2);
    }
  });

  it('keeps non-square pixels the right way round', () => {
    expect(gridOf(assemble(ctFiles(volume))[0])?.spacingMm).toEqual([0.5, 0.75, 1.25]);
  });

  it('splits off slices of another orientation, matrix or kind', () => {
    const odd: Record<number, Changes> = {
      0: { '0020,0037': '1\\0\\0\\0\\0\\-1' },
      1: { '0028,0011': 5 },
      2: { '0008,0008': 'ORIGINAL\\PRIMARY\\LOCALIZER' },
      3: { '0020,0052': '1.2.3' },
    };
    const all = assemble(ctFiles(volume, (k) => odd[k] ?? {}));
    expect(all.map((series) => series.slices.length).sort()).toEqual([1, 1, 1, 1, 4]);
    expect(new Set(all.map((series) => series.id)).size).toBe(5);
    expect(all.map(reasonOf)).toContain('The series is a localiser, not a volume.');
    expect(all.find((series) => series.slices.length === 4)?.geometry.kind).toBe('regular');
  });

  it('takes slightly different rounding of the orientation for the same', () => {
    const files = ctFiles(
      volume,
      (k): Changes => (k % 2 ? { '0020,0037': '1\\0.00005\\0\\-0.00005\\1\\0' } : {}),
    );
    expect(assemble(files)).toHaveLength(1);
  });

  it('drops identical copies and says so', () => {
    const files = ctFiles(volume);
    files.set('copy', files.get('slice-0003')!);
    const [series] = assemble(files);
    expect(gridOf(series)).toEqual(volume.grid);
    expect(inWords(series?.warnings)).toEqual(['One identical copy of a slice was left out.']);
  });

  it('compares pixels only where instances share a position, and relies on the digests', () => {
    const files = ctFiles(volume);
    files.set('other', ctFiles(volume, () => ({ '0008,0018': '1.2.3' })).get('slice-0003')!);
    const { slices } = parsed(files);
    const [first] = assembleSeries(slices);
    expect(reasonOf(first)).toContain('At one position the series has different images');
    expect(
      slicesToCompare([first!])
        .map(({ fileName }) => fileName)
        .sort(),
    ).toEqual(['other', 'slice-0003']);
    const digest = (same: boolean) =>
      slices.map((one, at) => ({ ...one, pixelDigest: same ? 'x' : `x${at}` }));
    expect(gridOf(assembleSeries(digest(true))[0])).toEqual(volume.grid);
    expect(reasonOf(assembleSeries(digest(false))[0])).toContain('different images');
  });

  it.each([
    ['temporal position', '0020,0100'],
    ['acquisition number', '0020,0012'],
    ['trigger time', '0018,1060'],
  ])('splits phases by %s', (_, tag) => {
    const phase = (value: string) =>
      ctFiles(volume, (k) => ({ [tag]: value, '0008,0018': `1.2.${value}.${k}`, '0020,000e': '1.2.3' }));
    const files = new Map([...phase('10')].map(([name, bytes]) => [`a${name}`, bytes]));
    for (const [name, bytes] of phase('20')) files.set(`b${name}`, bytes);
    const all = assemble(files);
    expect(all.map(({ slices }) => slices.length)).toEqual([8, 8]);
    expect(all.map(gridOf)).toEqual([volume.grid, volume.grid]);
    expect(all[0]?.description).toContain('10');
  });

  it('splits phases without any attribute by their order', () => {
    const files = new Map<string, Uint8Array>();
    for (const phase of [0, 1]) {
      const part = ctFiles(volume, (k) => ({
        '0020,0013': String(phase * 8 + k + 1),
        '0008,0018': `1.2.${phase}.${k}`,
        '0020,000e': '1.2.3',
      }));
      for (const [name, bytes] of part) files.set(`${phase}${name}`, bytes);
    }
    const all = assemble(files);
    expect(all.map(gridOf)).toEqual([volume.grid, volume.grid]);
    expect(all[1]?.slices.every(({ fileName }) => fileName.startsWith('1'))).toBe(true);
  });

  it('does not hide a missing slice between the steps of one scan', () => {
    const files = ctFiles(volume, (k) => ({ '0020,0012': k < 4 ? '1' : '2' }));
    expect(gridOf(assemble(files)[0])).toEqual(volume.grid);
    files.delete('slice-0005');
    const all = assemble(files);
    expect(all).toHaveLength(1);
    expect(reasonOf(all[0])).toContain('One slice is missing');
  });

  it('refuses a series that lost a file to damage, even at its end', () => {
    const files = ctFiles(volume);
    const last = files.get('slice-0008')!;
    files.set('slice-0008', last.subarray(0, last.length - 7));
    expect(reasonOf(assemble(files)[0])).toMatch(
      /^The file slice-0008 is damaged \(the file is cut short: .*\)\.$/,
    );
    files.set('slice-0008', last.subarray(0, 500));
    expect(reasonOf(assemble(files)[0])).toContain('slice-0008');
  });

  it('refuses what is not CT', () => {
    expect(reasonOf(assemble(ctFiles(volume, () => ({ '0008,0060': 'MR' })))[0])).toBe(
      'The series is MR, not CT.',
    );
  });
});
