import { expect, it } from 'vitest';
import { cycle } from '#shared/phases/testing/cycle.ts';
import { phaseCurvesSvg, phasePlots } from './phasePlotSvg.ts';

it('curves over the heart cycle are drawn where a phase gives them: no landing zone, no plot', () => {
  expect(phasePlots(cycle).map(({ caption }) => caption.split(' over')[0])).toEqual([
    'Volume',
    'Ostium, area',
    'Ostium, diameters',
  ]);
  expect(phasePlots(cycle)[0]!.caption).toMatch(/×: not given at 60 % \(.+\), 80 % \(.+\)$/);
  expect(phaseCurvesSvg(cycle).match(/<circle/g)).toHaveLength(2 + 3 + 9);
  expect(phasePlots(cycle.slice(0, 1))).toEqual([]);
});
