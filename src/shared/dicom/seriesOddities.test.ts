import { describe, expect, it } from 'vitest';
import { failure } from '../failures/failure.ts';
import { inWords } from '../words/testing/inWords.ts';
import { words } from '../words/words.ts';
import type { ImageSeries, SliceFile } from './imageSeries.ts';
import { parseSliceHeader } from './parseSliceHeader.ts';
import { storedRange } from './sliceHeader.ts';
import { scanStudy, scanWarnings } from './studyScan.ts';
import { type Changes, ctFiles, ctSlice, type Files, rampVolume, smallGrid } from './testing/ctFixtures.ts';

const volume = rampVolume(smallGrid());
const SLICES = 8;
/** The other phase: other values in the same places. */
const otherVolume = { ...volume, data: volume.data.map((hu) => hu + 7) };

/** As a folder of files is scanned: digests of pixels, names and folders. */
async function scan(files: Files): Promise<readonly ImageSeries[]> {
  const sources = [...files].map(([path, bytes]) => ({
    sourceId: path,
    fileName: path.slice(path.lastIndexOf('/') + 1),
    folder: path.slice(0, Math.max(0, path.lastIndexOf('/'))),
    parsed: parseFile(bytes),
  }));
  const digest = ({ sourceId, header }: SliceFile): string => {
    const { from, to } = storedRange(header);
    return String(files.get(sourceId)!.subarray(from, to));
  };
  return (await scanStudy(sources, async (slices) => slices.map(digest))).series;
}
function parseFile(bytes: Uint8Array) {
  const parsed = parseSliceHeader(bytes);
  if (parsed.kind === 'needsMoreBytes') throw new Error(parsed.kind);
  return parsed;
}

/** Two phases of one series in one folder, names interleaved. */
function twoPhases(changes: (phase: number, k: number) => Changes): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let k = 0; k < SLICES; k++) {
    for (const phase of [0, 1]) {
      const same = { '0020,000e': '1.2.3', '0020,0013': undefined };
      files.set(
        `IM${k}_${phase}`,
        ctSlice(phase === 0 ? volume : otherVolume, k, { ...same, ...changes(phase, k) }),
      );
    }
  }
  return files;
}
const phaseOf = ({ slices }: ImageSeries): Set<string> =>
  new Set(slices.map(({ fileName }) => fileName.slice(-1)));
const reasonOf = ({ geometry }: ImageSeries): string =>
  geometry.kind === 'refused' ? words().sentence(geometry.reason) : 'regular';
/** Each series by its slices and whether it can be used. */
const outcome = (series: readonly ImageSeries[]): string[] =>
  series.map((one) => `${one.slices.length} ${reasonOf(one)}`);

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
      'One of 2 sets of slices in the same place, told apart by Nominal Percentage of Cardiac Phase (here 45 %).',
    ]);
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

  const ofPatients = (first: Changes, second: Changes, from = 4): Files =>
    ctFiles(volume, (k) => ({ '0020,000e': '1.2.3', ...(k < from ? first : second) }));

  it('keeps two patients apart who share the UIDs of series, study and frame of reference', async () => {
    const files = new Map([...ctFiles(volume, () => ({ '0010,0020': 'A' }))].map(([n, b]) => [`a/${n}`, b]));
    for (const [name, bytes] of ctFiles(otherVolume, () => ({ '0010,0020': 'B' })))
      files.set(`b/${name}`, bytes);
    const series = await scan(files);
    expect(outcome(series)).toEqual(['8 regular', '8 regular']);
    expect(new Set(series.map(({ id }) => id)).size).toBe(2);
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
    ['a Patient ID that some lack', { '0010,0020': '' }, {}],
    ['a name that some lack', { '0010,0010': '' }, {}],
    ['a Study Instance UID that some lack', { '0020,000d': '' }, {}],
    [
      'a name in capitals, or with empty components',
      { '0010,0010': 'phantom^seed 1^^^' },
      { '0010,0010': 'PHANTOM^Seed 1' },
    ],
  ] satisfies [string, Changes, Changes][])('is not contradicted by %s', async (_, first, second) => {
    expect(outcome(await scan(ofPatients(first, second)))).toEqual(['8 regular']);
  });
});

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
});

describe('phases', () => {
  it.each([
    ['Scan Options', { '0018,0022': 'HELIX\\TP 40 %' }, { '0018,0022': 'HELIX\\TP 75 %' }, '75 %'],
    ['Image Comments', { '0020,4000': 'BestSyst 280 ms' }, { '0020,4000': 'BestDiast 620 ms' }, '620 ms'],
    ['Series Description', { '0008,103e': 'CTA 40%' }, { '0008,103e': 'CTA 75%' }, '75 %'],
    ['Scan Options', { '0018,0022': 'SYSTOLE' }, { '0018,0022': 'DIASTOLE' }, 'SYSTOLE'],
    ['Image Comments', { '0020,4000': 'early' }, { '0020,4000': 'late' }, 'late'],
    ['Content Time', { '0008,0033': '101500' }, { '0008,0033': '101600' }, '101600'],
    ['Acquisition Number', { '0020,0012': '1' }, { '0020,0012': '2' }, '2'],
    ['Trigger Time', { '0018,1060': '200' }, { '0018,1060': '650' }, '650 ms'],
    ['KVP', { '0018,0060': '80' }, { '0018,0060': '140' }, '140 kV'],
  ] satisfies [string, Changes, Changes, string][])(
    'are told apart by %s %j',
    async (name, first, second, value) => {
      const series = await scan(twoPhases((phase) => (phase === 0 ? first : second)));
      expect(outcome(series)).toEqual(['8 regular', '8 regular']);
      expect(
        series.map(({ slices }) => new Set(slices.map(({ fileName }) => fileName.slice(-1))).size),
      ).toEqual([1, 1]);
      expect(inWords(series[1]?.warnings)).toEqual([
        `One of 2 sets of slices in the same place, told apart by ${name} (here ${value}).`,
      ]);
    },
  );

  it.each([
    ['Content Time', '0008,0033', (phase: number, k: number) => `10${phase}5${String(k).padStart(2, '0')}.5`],
    [
      'Trigger Time',
      '0018,1060',
      (phase: number, k: number) => String(200 + 450 * phase + 3 * ((k * 5) % 8)),
    ],
    ['Instance Number', '0020,0013', (phase: number, k: number) => String(phase * SLICES + k + 1)],
    ['Instance Number', '0020,0013', (phase: number, k: number) => String(2 * k + phase + 1)],
    ['Instance Number', '0020,0013', (phase: number, k: number) => String(2 * (SLICES - k) + phase)],
  ] as const)('are told apart by the order of %s (%s), which is said', async (name, tag, value) => {
    const series = await scan(twoPhases((phase, k) => ({ [tag]: value(phase, k) })));
    expectTwoPhases(series);
    expect(inWords(series[1]?.warnings)).toEqual([
      `Set 2 of 2 in the same place, told apart by nothing but the order of ${name}.`,
    ]);
  });

  it('are refused where numbers follow no order: any pairing would be a guess', async () => {
    const files = twoPhases((phase, k) => ({ '0020,0013': String(((phase * 8 + k) * 7) % 17) }));
    expect(outcome(await scan(files))).toEqual([expect.stringMatching(/^16 At 8 positions/)]);
  });

  it('are told apart by two attributes together where neither does alone', async () => {
    const files = new Map<string, Uint8Array>();
    for (const [acquisition, kernel] of [
      ['1', 'A'],
      ['1', 'B'],
      ['2', 'A'],
      ['2', 'B'],
    ] as const) {
      for (let k = 0; k < SLICES; k++) {
        const changes = {
          '0020,0012': acquisition,
          '0018,1210': kernel,
          '0020,0013': undefined,
          '0008,0018': '',
        };
        files.set(`${k}${acquisition}${kernel}`, ctSlice(volume, k, changes));
      }
    }
    const series = await scan(files);
    expect(outcome(series)).toEqual(Array(4).fill('8 regular'));
    expect(series[3]?.description).toContain('acquisition 2, kernel B');
  });

  it('do not hide a missing slice of one of them', async () => {
    const files = twoPhases((phase) => ({ '0020,9241': phase === 0 ? '0' : '45' }));
    files.delete('IM4_1');
    expect(outcome(await scan(files))).toEqual([
      '8 regular',
      expect.stringMatching(/^7 One slice is missing/),
    ]);
  });
});

describe('what is left out', () => {
  const page = { '0020,0032': undefined, '0020,0037': undefined, '0008,0008': 'DERIVED\\SECONDARY\\OTHER' };

  it.each([
    ['a dose page', page, 'the image has no position in the patient (modality CT)'],
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
});
