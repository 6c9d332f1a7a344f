import { describe, expect, it } from 'vitest';
import { failure } from '../failures/failure.ts';
import { inWords } from '../words/testing/inWords.ts';
import { scanStudy, scanWarnings } from './studyScan.ts';
import { type Changes, ctFiles, ctSlice, type Files, rampVolume, smallGrid } from './testing/ctFixtures.ts';
import { outcome, parseFile, scan, volume } from './testing/scanFiles.ts';

describe('what is left out', () => {
  const page = { '0020,0032': undefined, '0020,0037': undefined, '0008,0008': 'DERIVED\\SECONDARY\\OTHER' };

  it.each([
    ['a dose page', page, 'the image has no position in the patient (modality CT)'],
    [
      'a localiser without pixel size',
      { '0008,0008': 'ORIGINAL\\PRIMARY\\LOCALIZER', '0028,0030': undefined },
      'the slice has no Pixel Spacing',
    ],
    [
      'a dose page with a position but no scale',
      { '0008,0008': 'DERIVED\\SECONDARY\\DOSE_INFO', '0028,1053': undefined },
      'the slice has no Rescale Slope',
    ],
    ['a screenshot', { '0008,0016': '1.2.840.10008.5.1.4.1.1.7' }, 'the image is a screenshot'],
    [
      'a scout',
      { ...page, '0008,0008': 'ORIGINAL\\PRIMARY\\LOCALIZER' },
      'the image has no position in the patient (modality CT)',
    ],
  ] satisfies [string, Changes, string][])('of a series is said of it: %s', async (_, changes, reason) => {
    const files = ctFiles(volume);
    files.set('X0', ctSlice(volume, 2, changes));
    const series = await scan(files);
    expect(outcome(series)).toEqual(['8 regular']);
    expect(inWords(series[0]?.warnings)).toEqual([`One file that is no slice was left out, X0: ${reason}.`]);
  });

  it('leaves out a scout that says nothing of itself but has a matrix unlike the slices', async () => {
    const inSeries = { '0020,000e': '1.2.3' };
    const files = ctFiles(volume, () => inSeries);
    const unplaced = { ...inSeries, '0020,0032': undefined, '0020,0037': undefined };
    files.set('X0', ctSlice(rampVolume(smallGrid({ sizeIjk: [9, 5, 8] })), 2, unplaced));
    const series = await scan(files);
    expect(outcome(series)).toEqual(['8 regular']);
    expect(inWords(series[0]?.warnings)).toEqual([
      'One file that is no slice was left out, X0: the image has no position in the patient (modality CT).',
    ]);
    files.set('X0', ctSlice(volume, 2, unplaced));
    expect(outcome(await scan(files))).toEqual([
      '8 The file X0 is damaged (the slice has no Image Position (Patient)).',
    ]);
  });

  it('leaves out a picture of a slice, but no slice that is in colour now', async () => {
    const colour = { '0028,0002': 3, '0028,0004': 'RGB' };
    const files = ctFiles(volume);
    files.set('X0', ctSlice(volume, 2, colour));
    const series = await scan(files);
    expect(outcome(series)).toEqual(['8 regular']);
    expect(inWords(series[0]?.warnings)).toEqual([
      'One file that is no slice was left out, X0: the image is in colour, not CT values.',
    ]);
    // The first slice: no gap would show that it is missing.
    const lost = new Map(files).set('slice-0001', ctSlice(volume, 0, colour));
    expect(outcome(await scan(lost))).toEqual([
      '7 The file slice-0001 is unreadable (the image is in colour, not CT values).',
    ]);
  });

  const inFolder = (files: Files, folder: string): Map<string, Uint8Array> =>
    new Map([...files].map(([name, bytes]) => [`${folder}/${name}`, bytes]));
  const garbage = new TextEncoder().encode('no DICOM at all, but something else of some length'.repeat(9));

  it.each([
    ['is empty', new Uint8Array(0)],
    ['holds zeros', new Uint8Array(5000)],
    ['holds something else', garbage],
  ])('refuses a series beside whose slices a file of their kind of name %s', async (_, bytes) => {
    const files = inFolder(ctFiles(volume), 'a');
    files.delete('a/slice-0008');
    files.set('a/slice-0008', bytes);
    expect(outcome(await scan(files))).toEqual([
      '7 The file slice-0008 is damaged (the file is named like the slices beside it but is no DICOM).',
    ]);
  });

  it('refuses a series beside whose slices packed ones lie', async () => {
    const files = inFolder(ctFiles(volume), 'a');
    files.delete('a/slice-0008');
    files.set('a/slice-0008.gz', garbage);
    files.set('a/pictures.zip', garbage);
    expect(outcome(await scan(files))).toEqual([
      '7 The file slice-0008.gz is unreadable (the file is packed, with gzip or the like, and named like the slices beside it).',
    ]);
  });

  it('does not mind other files beside slices, and files of their kind of name elsewhere', async () => {
    const files = inFolder(ctFiles(volume), 'a');
    for (const name of ['a/readme.txt', 'a/slice-0009.txt', 'a/._slice-0001', 'b/slice-0009'])
      files.set(name, garbage);
    expect(outcome(await scan(files))).toEqual(['8 regular']);
  });

  it('refuses all series in the folder of a file whose series is not known, and no other', async () => {
    const files = new Map([
      ...inFolder(
        ctFiles(volume, () => ({ '0020,000e': '1.1' })),
        'a',
      ),
      ...inFolder(
        ctFiles(volume, () => ({ '0020,000e': '1.2' })),
        'b',
      ),
    ]);
    files.set('a/broken', ctSlice(volume, 7).subarray(0, 150));
    expect(outcome(await scan(files))).toEqual([
      '8 The file broken is damaged (the file ends within its header).',
      '8 regular',
    ]);
  });

  it('refuses everything where a folder could not be listed: any series may go on in it', async () => {
    const reason = failure('studies.folder-unlisted', { folder: 'b' });
    const sources = [...ctFiles(volume)].map(([name, bytes]) => ({
      sourceId: name,
      fileName: name,
      parsed: parseFile(bytes),
    }));
    const unlisted = { sourceId: 'b', fileName: 'b', parsed: { kind: 'unlisted', reason } as const };
    const found = await scanStudy([...sources, unlisted], async () => []);
    expect(outcome(found.series)).toEqual(['8 The folder b could not be read: slices may be missing.']);
    expect(inWords(scanWarnings(found))).toEqual(['The folder b could not be read: slices may be missing.']);
  });

  it('refuses a reformatted series that lost a slice, though its type is not that of acquired slices', async () => {
    const files = ctFiles(volume, () => ({ '0008,0008': 'DERIVED\\SECONDARY\\MPR' }));
    files.set('slice-0008', files.get('slice-0008')!.subarray(0, -7));
    expect(outcome(await scan(files))).toEqual([expect.stringMatching(/^7 The file slice-0008 is damaged/)]);
  });
});
