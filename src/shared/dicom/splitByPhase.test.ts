import { describe, expect, it } from 'vitest';
import { type Failure, failure, sameFailure } from '../failures/failure.ts';
import { inWords } from '../words/testing/inWords.ts';
import type { ImageSeries } from './imageSeries.ts';
import { type Changes, ctSlice, type Files } from './testing/ctFixtures.ts';
import { otherVolume, outcome, phaseOf, SLICES, scan, twoPhases, volume } from './testing/scanFiles.ts';

/** Both phases as they are, none mixed, none left out. */
function expectTwoPhases(series: readonly ImageSeries[]): void {
  expect(outcome(series)).toEqual(['8 regular', '8 regular']);
  expect(series.map(phaseOf)).toEqual([new Set(['0']), new Set(['1'])]);
}

const hasNote = (warnings: readonly Failure[], note: Failure): boolean =>
  warnings.some((warning) => sameFailure(warning, note));

describe('phases', () => {
  it.each([
    ['Scan Options', { '0018,0022': 'HELIX\\TP 40 %' }, { '0018,0022': 'HELIX\\TP 75 %' }, '75 %'],
    ['Image Comments', { '0020,4000': 'BestSyst 280 ms' }, { '0020,4000': 'BestDiast 620 ms' }, '620 ms'],
    ['Series Description', { '0008,103e': 'CTA 40%' }, { '0008,103e': 'CTA 75%' }, '75 %'],
    ['Scan Options', { '0018,0022': 'SYSTOLE' }, { '0018,0022': 'DIASTOLE' }, 'SYSTOLE'],
    ['Image Comments', { '0020,4000': 'early' }, { '0020,4000': 'late' }, 'late'],
    ['Content Time', { '0008,0033': '101500' }, { '0008,0033': '101600' }, '101600'],
    [
      'Acquisition DateTime',
      { '0008,002a': '20200131101500' },
      { '0008,002a': '20200131101600' },
      '20200131101600',
    ],
    ['Derivation Description', { '0008,2111': 'Phase 40%' }, { '0008,2111': 'Phase 75%' }, '75 %'],
    ['Acquisition Number', { '0020,0012': '1' }, { '0020,0012': '2' }, '2'],
    ['Trigger Time', { '0018,1060': '200' }, { '0018,1060': '650' }, '650 ms'],
    ['KVP', { '0018,0060': '80' }, { '0018,0060': '140' }, '140 kV'],
    ['Stack ID', { '0020,9056': 'A' }, { '0020,9056': 'B' }, 'B'],
    [
      'Cardiac Cycle Position',
      { '0018,9236': 'END_DIASTOLE' },
      { '0018,9236': 'END_SYSTOLE' },
      'END_SYSTOLE',
    ],
    ['Acquisition UID', { '0008,0017': '1.2.3' }, { '0008,0017': '1.2.4' }, '1.2.4'],
    ['X-Ray Tube Current', { '0018,1151': '300' }, { '0018,1151': '600' }, '600'],
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
    ['Content Time', '0008,0033', (phase: number, k: number) => `1015${10 + 2 * k + phase}`],
    ['Content Time', '0008,0033', (phase: number, k: number) => `1015${10 + 2 * (SLICES - k) + phase}`],
  ] as const)('are told apart by the order of %s (%s), which is said', async (name, tag, value) => {
    const series = await scan(twoPhases((phase, k) => ({ [tag]: value(phase, k) })));
    expectTwoPhases(series);
    expect(inWords(series[1]?.warnings)).toEqual([
      `Set 2 of 2 in the same place, told apart by nothing but the order of ${name}.`,
    ]);
  });

  it('are told apart by times that vary a little within each phase, not cut into sets of equal times', async () => {
    const files = twoPhases((phase, k) => ({ '0018,1060': String(200 + 450 * phase + (k % 2)) }));
    expectTwoPhases(await scan(files));
  });

  it.each([
    ['all slices', (phase: number, k: number) => 350 + phase + (k % 2)],
    ['one slice', (phase: number, k: number) => 350 + phase + (k === 5 ? 1 : 0)],
    ['three values', (phase: number, k: number) => 350 + phase + (k % 3)],
  ])('are never mixed where their times overlap by a little (%s)', async (_, time) => {
    const files = (number: (phase: number, k: number) => number): Files =>
      twoPhases((phase, k) => ({
        '0018,1060': String(time(phase, k)),
        '0020,0013': String(number(phase, k)),
      }));
    expectTwoPhases(await scan(files((phase, k) => phase * SLICES + k + 1)));
    expect(outcome(await scan(files((phase, k) => 2 * k + phase + 1)))).toEqual([
      expect.stringMatching(/^16 At 8 positions/),
    ]);
  });

  it('are two volumes, too, where the slices of one lie between those of the other', async () => {
    const between = (phase: number, k: number): Changes => ({
      '0020,0032': volume.grid.originLpsMm
        .map((start, axis) => start + (axis === 2 ? volume.grid.spacingMm[2] * (k + phase / 2) : 0))
        .join('\\'),
      '0020,9241': phase === 0 ? '40' : '75',
    });
    expectTwoPhases(await scan(twoPhases(between)));
  });

  it('are warned about where slices of two acquisitions alternate, which scanners may mean', async () => {
    const alternating = new Map(
      Array.from({ length: SLICES }, (_, k) => [
        `IM${k}`,
        ctSlice(volume, k, { '0008,0032': k % 2 === 0 ? '101500' : '101540' }),
      ]),
    );
    const series = await scan(alternating);
    expect(outcome(series)).toEqual(['8 regular']);
    expect(inWords(series[0]?.warnings)).toEqual([
      'The slices alternate between 2 values of Acquisition Time; they were taken for one volume.',
    ]);
  });

  const slabs = (below: Changes, above: Changes, each: (k: number) => Changes = () => ({})): Files =>
    new Map(
      Array.from({ length: SLICES }, (_, k) => [
        `IM${k}`,
        ctSlice(volume, k, { ...(k < 4 ? below : above), ...each(k) }),
      ]),
    );
  const changesAt = 'The slices were taken at different times of the heart cycle:';
  const goOn = 'below 105.0 mm along the stack and';

  it.each([
    ['Nominal Percentage of Cardiac Phase', '0020,9241', '40', '75', '40 %', '75 %'],
    ['Trigger Time', '0018,1060', '350', '750', '350 ms', '750 ms'],
    ['Scan Options', '0018,0022', 'TP750MS', 'TP350MS', '750 ms', '350 ms'],
    ['Image Comments', '0020,4000', 'BestSyst 40 %', 'BestDiast 75 %', '40 %', '75 %'],
    ['Scan Options', '0018,0022', 'SYSTOLE', 'DIASTOLE', 'SYSTOLE', 'DIASTOLE'],
    ['Cardiac Cycle Position', '0018,9236', 'END_DIASTOLE', 'END_SYSTOLE', 'END_DIASTOLE', 'END_SYSTOLE'],
  ])('are warned about where one goes on above the other, by %s', async (name, tag, low, high, from, to) => {
    const series = await scan(slabs({ [tag]: low }, { [tag]: high }));
    expect(outcome(series)).toEqual(['8 regular']);
    expect(inWords(series[0]?.warnings)).toEqual([
      `${changesAt} ${name} is ${from} ${goOn} ${to} from there on; they were taken for one volume.`,
    ]);
  });

  it('are warned about where slices of two follow each other in no order', async () => {
    const [whole] = await scan(
      slabs({}, {}, (k) => ({ '0020,9241': [0, 3, 4, 7].includes(k) ? '40' : '75' })),
    );
    expect(inWords(whole?.warnings)).toEqual([
      'The slices name 2 heart phases (Nominal Percentage of Cardiac Phase, first 40 %) in turn; they were taken for one volume.',
    ]);
  });

  it('are warned about where times of slabs vary and jump, also within a set', async () => {
    const varied = (k: number, more = 0): Changes => ({
      '0018,1060': String((k < 4 ? 350 : 750) + k + more),
    });
    const note = `${changesAt} Trigger Time is 353 ms ${goOn} 754 ms from there on; they were taken for one volume.`;
    const [whole] = await scan(slabs({}, {}, varied));
    expect(inWords(whole?.warnings)).toEqual([note]);
    const sets = twoPhases((phase, k) => ({ '0020,0012': String(phase + 1), ...varied(k, -phase) }));
    for (const { warnings } of await scan(sets)) {
      expect(warnings.map(({ code }) => code)).toContain('series.phase-changes');
    }
  });

  it.each([
    ['options of the scan', (k: number) => ({ '0018,0022': k < 4 ? 'HELICAL MODE' : 'AXIAL MODE' })],
    ['beats of different length', (k: number) => ({ '0018,1060': k < 4 ? '640' : '710' })],
    ['times of the scan', (k: number) => ({ '0018,1060': k < 4 ? '0' : '3100' })],
    ['one percentage', (k: number) => ({ '0018,1060': k < 4 ? '520' : '640', '0020,9241': '75' })],
    ['a time of its own for each slice', (k: number) => ({ '0018,1060': String(200 * k) })],
  ])('are not seen in %s', async (_, times) => {
    const series = await scan(slabs({}, {}, times));
    expect(series.map(({ warnings }) => inWords(warnings))).toEqual([[]]);
  });

  it('are said to go on in another set where stations of one scan overlap', async () => {
    const files = new Map(
      Array.from({ length: 2 * SLICES }, (_, n) => {
        const station = n < SLICES ? 0 : 1;
        const z = volume.grid.originLpsMm[2] + volume.grid.spacingMm[2] * (n - station);
        const position = [...volume.grid.originLpsMm.slice(0, 2), z].join('\\');
        const stack = station === 0 ? volume : otherVolume;
        const changes = { '0020,000e': '1.2.3', '0020,0032': position, '0020,0012': String(station + 1) };
        return [`IM${n}`, ctSlice(stack, n % SLICES, changes)] as const;
      }),
    );
    const series = await scan(files);
    expect(outcome(series)).toEqual(['8 regular', '8 regular']);
    for (const { warnings } of series) {
      expect(inWords(warnings)).toContain(
        'Other sets of the series reach 9 mm beyond this one; their slices are left out.',
      );
    }
  });

  it('are refused where numbers follow no order: any pairing would be a guess', async () => {
    const files = twoPhases((phase, k) => ({ '0020,0013': String(((phase * 8 + k) * 7) % 17) }));
    expect(outcome(await scan(files))).toEqual([expect.stringMatching(/^16 At 8 positions/)]);
    // Position after position: which of two is of which phase, a number does not say.
    const pairs = twoPhases((phase, k) => ({
      '0020,0013': String(2 * k + (k % 3 === 0 ? 1 - phase : phase) + 1),
    }));
    expect(outcome(await scan(pairs))).toEqual([expect.stringMatching(/^16 At 8 positions/)]);
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

  it('says where a value is the second phase’s below and the first one’s above', async () => {
    const countedOn = (phase: number, k: number): Changes => ({
      '0020,0012': String(1 + phase + (k < 4 ? 0 : 1)),
    });
    const note = failure('series.sets-change');
    const series = await scan(twoPhases(countedOn));
    expect(series.map(({ slices, warnings }) => [slices.length, hasNote(warnings, note)])).toEqual([
      [4, false],
      [8, true],
      [4, false],
    ]);
    const files = twoPhases(countedOn);
    files.delete('IM3_0');
    const lacking = await scan(files);
    expect(lacking.map(({ warnings }) => hasNote(warnings, note))).toEqual([false, true, false]);
    const apart = await scan(twoPhases((phase, k) => ({ '0020,0012': String(1 + phase + (k < 4 ? 0 : 2)) })));
    expect(apart.map(({ warnings }) => hasNote(warnings, note))).toEqual([false, false, false, false]);
  });
});
