import { describe, expect, it } from 'vitest';
import { changeInWords, changeOf, sizingInWords, sizingPhase } from './phaseCycle.ts';
import { PHASE_PLOTS, phasePlot } from './phasePlot.ts';
import { OSTIUM_AREA, VOLUME, whyNoSize } from './phaseSizes.ts';
import { phasesAsText, phasesInWords } from './phaseTable.ts';
import { cycle, phase } from './testing/cycle.ts';

describe('a size over the cycle', () => {
  it('changes from its largest to its smallest, among the phases that give it', () => {
    const change = changeOf(cycle, VOLUME)!;
    expect(change).toMatchObject({
      largest: { value: 8, at: cycle[1] },
      smallest: { value: 6, at: cycle[0] },
      changePercent: 25,
      missing: [cycle[2], cycle[3]],
    });
    expect(changeInWords(change)).toBe('8.0 mL (40 %) to 6.0 mL (0 %), −25 %');
    expect(changeInWords({ ...change, changePercent: 0.2 })).toMatch(/, 0 %$/);
  });

  it('does not change where one phase alone gives it', () => {
    expect(changeOf(cycle.slice(1), VOLUME)).toBeUndefined();
  });

  it('has a reason where it is not given', () => {
    const reason = (at: number, size = VOLUME) => whyNoSize(cycle[at]!, size)?.code;
    expect([reason(1), reason(2), reason(3)]).toEqual([
      undefined,
      'pipeline.no-appendage',
      'measure.appendage-cut',
    ]);
    expect(reason(3, OSTIUM_AREA)).toBeUndefined();
  });
});

describe('the phase to size in', () => {
  it('is that of the largest ostium, and names the phases that may be larger', () => {
    expect(sizingPhase(cycle)).toMatchObject({ result: cycle[1], areaMm2: 500, missing: [cycle[2]] });
    expect(sizingInWords(cycle)).toBe(
      'Size at 40 %: the ostium is largest there (500 mm²). 60 % does not give it and may be larger.',
    );
  });

  it('is none where no phase gives an ostium', () => {
    const none = [phase({ percent: 10, areaMm2: null }), phase({ percent: 20, refused: true })];
    expect(sizingPhase(none)).toBeUndefined();
    expect(sizingInWords(none)).toContain('none to size in');
  });
});

describe('curves', () => {
  it('have a gap with its reason where a number is withheld', () => {
    const plot = phasePlot(cycle, PHASE_PLOTS[0]!)!;
    expect(plot.curves[0]!.runs.map((run) => run.map(({ index }) => index))).toEqual([[0, 1]]);
    expect(plot.gaps.map(({ phase: at, reason }) => [at, reason.code])).toEqual([
      ['60 %', 'pipeline.no-appendage'],
      ['80 %', 'measure.appendage-cut'],
    ]);
    expect(plot.axis).toMatchObject({ from: 0, to: 100 });
  });

  it('are not connected across a phase that does not give them', () => {
    const plot = phasePlot(cycle, PHASE_PLOTS[1]!)!;
    expect(plot.curves[0]!.runs.map((run) => run.map(({ index }) => index))).toEqual([[0, 1], [3]]);
  });
});

describe('tables', () => {
  it('say the same as text and as JSON', () => {
    const text = phasesAsText(cycle);
    expect(text).toMatch(/^60 % +refused$/m);
    expect(text).toContain('Size at 40 %');
    expect(phasesInWords(cycle)).toMatchObject({
      sizing: { phase: '40 %' },
      phases: [{}, {}, { refusal: expect.any(String), measurements: null }, {}],
    });
  });
});
