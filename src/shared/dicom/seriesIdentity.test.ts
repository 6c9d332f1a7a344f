import { describe, expect, it } from 'vitest';
import { failure } from '../failures/failure.ts';
import { inWords } from '../words/testing/inWords.ts';
import type { ImageSeries } from './imageSeries.ts';
import { type Changes, ctFiles, ctSlice, type Files } from './testing/ctFixtures.ts';
import { otherVolume, outcome, phaseOf, scan, twoPhases, volume } from './testing/scanFiles.ts';

/** Both phases as they are, none mixed, none left out. */
function expectTwoPhases(series: readonly ImageSeries[]): void {
  expect(outcome(series)).toEqual(['8 regular', '8 regular']);
  expect(series.map(phaseOf)).toEqual([new Set(['0']), new Set(['1'])]);
}

describe('identity', () => {
  it.each([
    ['empty', () => ''],
    ['the same in both phases', (_: number, k: number) => `1.2.3.${k}`],
    ['one for all slices', () => '1.2.3.4'],
  ])('tells phases apart whose SOP Instance UIDs are %s', async (_, uid) => {
    const files = twoPhases((phase, k) => ({
      '0008,0018': uid(phase, k),
      '0020,9241': phase === 0 ? '0' : '45',
    }));
    const series = await scan(files);
    expectTwoPhases(series);
    expect(series[1]?.description).toContain('phase 45 %');
    expect(inWords(series[1]?.warnings)).toEqual([
      '8 slices have no SOP Instance UID of their own: other programs may take them for one image, and DICOM objects of results cannot refer to each of them.',
      'One of 2 sets of slices in the same place, told apart by Nominal Percentage of Cardiac Phase (here 45 %).',
    ]);
  });

  it('reads slices that share one SOP Instance UID, or of which one has none, and says so', async () => {
    const one = new Map(
      [...twoPhases(() => ({ '0008,0018': '1.2.3.4' }))].filter(([name]) => name.endsWith('0')),
    );
    const shared = await scan(one);
    expect(outcome(shared)).toEqual(['8 regular']);
    expect(shared[0]?.warnings).toContainEqual(failure('series.instances-unnamed', { slices: 8 }));
    one.set('IM0_0', ctSlice(volume, 0, { '0020,000e': '1.2.3', '0008,0018': '1.2.3.5' }));
    expect((await scan(one))[0]?.warnings).toContainEqual(failure('series.instances-unnamed', { slices: 7 }));
  });

  it('refuses two phases that nothing tells apart, whatever their UIDs', async () => {
    for (const uid of ['', '1.2.3.4']) {
      const series = await scan(twoPhases(() => ({ '0008,0018': uid })));
      expect(outcome(series)).toEqual([
        '16 At 8 positions the series has different images, and nothing in the files says which belong together.',
      ]);
    }
  });

  it('keeps slices that look alike in two phases, such as air, in both', async () => {
    const files = twoPhases((phase) => ({ '0020,9241': phase === 0 ? '0' : '45' }));
    files.set('IM7_1', ctSlice(volume, 7, { '0020,000e': '1.2.3', '0020,9241': '45' }));
    expectTwoPhases(await scan(files));
  });

  it.each([
    ['the same UID', {}],
    ['a UID of its own', { '0008,0018': '1.2.9' }],
    ['another acquisition number', { '0008,0018': '1.2.9', '0020,0012': '2' }],
    ['another instance number and time', { '0020,0013': '99', '0008,0033': '111111' }],
  ])('leaves out a copy under another name with %s', async (_, changes: Changes) => {
    const files = ctFiles(volume);
    files.set('copy', ctSlice(volume, 3, changes));
    const series = await scan(files);
    expect(outcome(series)).toEqual(['8 regular']);
    expect(series[0]?.warnings).toEqual([failure('series.copies-left-out', { copies: 1 })]);
  });

  it('leaves out a whole series that was copied', async () => {
    const files = new Map([...ctFiles(volume)].map(([name, bytes]) => [`a/${name}`, bytes]));
    for (const [name, bytes] of ctFiles(volume)) files.set(`b/${name}`, bytes);
    const series = await scan(files);
    expect(outcome(series)).toEqual(['8 regular']);
    expect(series[0]?.warnings).toEqual([failure('series.copies-left-out', { copies: 8 })]);
  });

  it('does not take a slice with the same UID and other pixels for a copy', async () => {
    const files = ctFiles(volume);
    files.set('slice-other', ctSlice(otherVolume, 3, {}));
    expect(outcome(await scan(files))).toEqual([expect.stringMatching(/^9 At one position/)]);
  });

  const seriesUids = (uidOf: (k: number) => string, number = '4'): Promise<readonly ImageSeries[]> =>
    scan(ctFiles(volume, (k) => ({ '0020,0011': number, '0020,000e': uidOf(k) })));

  it.each([
    ['the last', (k: number) => (k > 6 ? '' : '1.2.3')],
    ['the first', (k: number) => (k < 1 ? '' : '1.2.3')],
    ['every second one', (k: number) => (k % 2 ? '' : '1.2.3')],
  ])('takes slices without a series UID for those of their series: %s', async (_, uidOf) => {
    const series = await seriesUids(uidOf);
    expect(outcome(series)).toEqual(['8 regular']);
    expect(series[0]?.seriesInstanceUid).toBe('1.2.3');
  });

  it('says where a series of the same number completes another one', async () => {
    const between = failure('series.others-between', { slices: 4 });
    const inTurn = await seriesUids((k) => `1.2.${k % 2}`);
    expect(outcome(inTurn)).toEqual(['4 regular', '4 regular']);
    for (const { warnings } of inTurn) expect(warnings).toContainEqual(between);
    const [low, high] = await seriesUids((k) => `1.2.${k < 5 ? 1 : 2}`);
    expect(low?.warnings).toContainEqual(failure('series.others-continue', { slices: 3 }));
    expect(high?.warnings).toContainEqual(failure('series.others-continue', { slices: 5 }));
    const ofThree = await seriesUids((k) => `1.2.${k % 3}`);
    expect(ofThree[0]?.warnings).toContainEqual(failure('series.others-between', { slices: 5 }));
  });

  it('says nothing of series in the same place, or of another kind', async () => {
    for (const changes of [{ '0020,0011': '5' }, { '0018,1210': 'B70f' }, { '0020,0052': '1.9' }]) {
      const series = await scan(ctFiles(volume, (k) => (k < 5 ? {} : { '0020,000e': '1.2.9', ...changes })));
      expect(series).toHaveLength(2);
      for (const { warnings } of series) expect(warnings).toEqual([]);
    }
  });

  const ofPatients = (first: Changes, second: Changes, from = 4): Files =>
    ctFiles(volume, (k) => ({ '0020,000e': '1.2.3', ...(k < from ? first : second) }));

  it('keeps two patients apart who have the same Patient ID from two issuers', async () => {
    const files = twoPhases((phase) => ({ '0008,0018': '', '0010,0021': phase === 0 ? 'North' : 'South' }));
    expectTwoPhases(await scan(files));
  });

  it('takes slices without issuer of the Patient ID for those of the only one', async () => {
    const files = ctFiles(volume);
    files.set('slice-0003', ctSlice(volume, 2, { '0010,0021': 'North' }));
    expect(outcome(await scan(files))).toEqual(['8 regular']);
  });

  it('keeps two patients apart who share the UIDs of series, study and frame of reference', async () => {
    const files = new Map([...ctFiles(volume, () => ({ '0010,0020': 'A' }))].map(([n, b]) => [`a/${n}`, b]));
    for (const [name, bytes] of ctFiles(otherVolume, () => ({ '0010,0020': 'B' })))
      files.set(`b/${name}`, bytes);
    const series = await scan(files);
    expect(outcome(series)).toEqual(['8 regular', '8 regular']);
    expect(new Set(series.map(({ id }) => id)).size).toBe(2);
    for (const { warnings } of series) {
      expect(warnings).toContainEqual(failure('series.uid-shared', { owners: 2 }));
    }
    expect(
      series.map(({ slices }) => new Set(slices.map(({ header }) => header.labels.patientId)).size),
    ).toEqual([1, 1]);
  });

  it.each([
    ['two studies', { '0020,000d': '1.1' }, { '0020,000d': '1.2' }],
    [
      'two names without Patient ID',
      { '0010,0020': '', '0010,0010': 'A^B' },
      { '0010,0020': '', '0010,0010': 'C^D' },
    ],
    [
      'two dates of birth without Patient ID or name',
      { '0010,0020': '', '0010,0010': '', '0010,0030': '19500101' },
      { '0010,0020': '', '0010,0010': '', '0010,0030': '19600101' },
    ],
    ['two frames of reference', { '0020,0052': '1.1' }, { '0020,0052': '1.2' }],
  ] satisfies [string, Changes, Changes][])(
    'keeps %s with one series UID apart',
    async (_, first, second) => {
      const series = await scan(ofPatients(first, second));
      expect(outcome(series)).toEqual(['4 regular', '4 regular']);
    },
  );

  it.each([
    ['Patient’s Name', { '0010,0010': 'A^B' }, { '0010,0010': 'C^D' }],
    ['Patient’s Birth Date', { '0010,0030': '19500101' }, { '0010,0030': '19600101' }],
    ['Patient’s Sex', { '0010,0040': 'M' }, { '0010,0040': 'F' }],
  ] satisfies [string, Changes, Changes][])(
    'refuses one Patient ID with contradicting %s',
    async (name, first, second) => {
      expect(outcome(await scan(ofPatients(first, second)))).toEqual([
        `8 The slices of the series contradict each other in ${name}: they may be of several patients.`,
      ]);
    },
  );

  it.each([
    ['Study Date', { '0008,0020': '20200101' }, { '0008,0020': '20210101' }],
    ['Study Time', { '0008,0030': '101500' }, { '0008,0030': '101501' }],
    ['Accession Number', { '0008,0050': 'A1' }, { '0008,0050': 'A2' }],
    ['Acquisition Date', { '0008,0022': '20200101' }, { '0008,0022': '20200103' }],
  ] satisfies [string, Changes, Changes][])('says that slices differ in %s', async (name, first, second) => {
    const [series] = await scan(ofPatients(first, second));
    expect(inWords(series?.warnings)).toEqual([
      `The slices contradict each other in ${name}: they may be of several examinations; they were taken for one volume.`,
    ]);
  });

  it('refuses a series whose slices each name a patient of their own, as one series', async () => {
    const files = ctFiles(volume, (k) => ({ '0010,0020': `ANON${k}` }));
    expect(outcome(await scan(files))).toEqual([
      '8 The slices of the series contradict each other in Patient ID: they may be of several patients.',
    ]);
  });

  it.each([
    ['Convolution Kernel', { '0018,1210': 'B30f' }, { '0018,1210': 'B60f' }],
    ['KVP', { '0018,0060': '80' }, { '0018,0060': '120' }],
    ['Slice Thickness', { '0018,0050': '0.625' }, { '0018,0050': '1.25' }],
  ] satisfies [string, Changes, Changes][])(
    'says that slices one above the other differ in %s',
    async (name, first, second) => {
      const [series] = await scan(ofPatients(first, second));
      expect(inWords(series?.warnings)).toEqual([
        `The slices differ in ${name}: they were not made in one way; they were taken for one volume.`,
      ]);
      expect((await scan(ofPatients(first, first)))[0]?.warnings).toEqual([]);
    },
  );

  it('says where headers count more images than there are, of each acquisition by itself', async () => {
    const counted = (images: number): Changes => ({ '0020,1002': String(images), '0020,0012': '1' });
    const other: Changes = { '0020,1002': '4', '0020,0012': '2' };
    expect((await scan(ofPatients(counted(4), other)))[0]?.warnings).toEqual([]);
    expect(inWords((await scan(ofPatients(counted(6), other)))[0]?.warnings)).toEqual([
      'The headers count 6 images in the acquisition, of which 4 are here: slices may be missing at the ends.',
    ]);
  });

  it('takes no offence at a scan past midnight, nor at times written in several ways', async () => {
    const [series] = await scan(
      ofPatients(
        { '0008,0022': '20200101', '0008,0030': '101500', '0008,0020': '20200101' },
        { '0008,0022': '20200102', '0008,0030': '10:15:00.000', '0008,0020': '2020.01.01' },
      ),
    );
    expect(series?.warnings).toEqual([]);
  });

  it('tells two studies of one UID in the same place apart by their dates', async () => {
    const series = await scan(twoPhases((phase) => ({ '0008,0020': `2020010${phase + 1}` })));
    expectTwoPhases(series);
    expect(series[1]?.warnings).toContainEqual(
      failure('series.one-of-several', { parts: 2, attribute: 'Study Date', value: '20200102' }),
    );
  });

  it.each([
    ['a Patient ID that some lack', { '0010,0020': '' }, {}],
    ['a name that some lack', { '0010,0010': '' }, {}],
    ['a Study Instance UID that some lack', { '0020,000d': '' }, {}],
    [
      'a name in capitals, or with empty components',
      { '0010,0010': 'phantom^seed 1^^^' },
      { '0010,0010': 'PHANTOM^Seed 1' },
    ],
    ['a birth date with dashes', { '0010,0030': '19500101' }, { '0010,0030': '1950-01-01' }],
    ['a name with blanks between', { '0010,0010': 'Ab^Cd' }, { '0010,0010': 'AB, CD' }],
  ] satisfies [string, Changes, Changes][])('is not contradicted by %s', async (_, first, second) => {
    expect(outcome(await scan(ofPatients(first, second)))).toEqual(['8 regular']);
  });
});
