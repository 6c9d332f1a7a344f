import { describe, expect, it } from 'vitest';
import { failure } from '../failures/failure.ts';
import { scanStudy } from './studyScan.ts';
import { type Changes, ctFiles, type Files } from './testing/ctFixtures.ts';
import { otherVolume, outcome, parseFile, scan, SLICES, volume } from './testing/scanFiles.ts';
import { readSourceSeries } from './sourceSeries.ts';

const eachApart = (more: (k: number) => Changes = () => ({})): Map<string, Uint8Array> =>
  ctFiles(volume, (k) => ({ '0020,000e': `1.2.3.${k}`, ...more(k) }));

describe('slices that each name a series of their own', () => {
  it('are one series where all that slices share is the same, with a warning', async () => {
    const files = eachApart();
    const series = await scan(files);
    expect(outcome(series)).toEqual(['8 regular']);
    expect(series[0]?.warnings).toEqual([failure('series.singles-joined', { slices: SLICES })]);
    const source = readSourceSeries(series[0]!, [...files.values()][0]!);
    expect(source.attributes).not.toHaveProperty('SeriesInstanceUID');
  });

  it.each([
    ['Study Instance UID', '0020,000d'],
    ['Frame of Reference UID', '0020,0052'],
    ['Series Number', '0020,0011'],
    ['Patient ID', '0010,0020'],
  ])('are refused with the true reason where each has a %s of its own', async (name, tag) => {
    const series = await scan(
      eachApart((k) => ({ [tag]: tag === '0020,0011' ? String(k + 1) : `1.2.4.${k}` })),
    );
    expect(outcome(series)).toEqual([
      `8 8 slices would be one stack, but each names a series of its own, and nothing proves that they belong together: they differ in, or lack, ${name}.`,
    ]);
  });

  it('are refused where two volumes share a place, and left alone where they are none', async () => {
    const files: Files = new Map([
      ...eachApart(),
      ...[...ctFiles(otherVolume, (k) => ({ '0020,000e': `1.2.5.${k}`, '0020,0013': undefined }))].map(
        ([name, bytes]) => [`b${name}`, bytes] as const,
      ),
    ]);
    expect(outcome(await scan(files))).toEqual([expect.stringMatching(/^16 At 8 positions/)]);
    const few = new Map(
      [...eachApart((k) => ({ '0020,0011': String(k) }))].filter((_, at) => [0, 1, 5].includes(at)),
    );
    expect(outcome(await scan(few))).toEqual(Array(3).fill(expect.stringMatching(/only one slice/)));
  });

  it('are refused where a damaged file may have been one of them', async () => {
    const files = eachApart();
    const sources = [...files].map(([fileName, bytes], at) => ({
      sourceId: fileName,
      fileName,
      parsed: at === SLICES - 1 ? lost : parseFile(bytes),
    }));
    const { series } = await scanStudy(sources, async (slices) => slices.map(() => ''));
    expect(outcome(series)).toEqual([expect.stringMatching(/^7 .*damaged/)]);
  });
});

const lost = {
  kind: 'damaged',
  reason: failure('dicom.pixel-data-missing'),
  seriesInstanceUid: '1.2.3.7',
} as const;
