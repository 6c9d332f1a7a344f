import { expect, it } from 'vitest';
import { lumenProfile } from '../contract/testing/values.ts';
import { failure } from '../failures/failure.ts';
import { PHASE_PLOTS } from '../phases/phasePlot.ts';
import { inWords } from '../words/testing/inWords.ts';
import { landingAdvice } from './landingAdvice.ts';
import { axisTicks, curveRuns, largestOf, PROFILE_PLOTS } from './profileCurves.ts';
import { seenApart } from './testing/seenColours.ts';

it('draws a size in runs that end where it is withheld', () => {
  const points = lumenProfile.points.map((point) =>
    point.distanceMm === 20 ? { ...point, areaMm2: null } : point,
  );
  expect(curveRuns({ points }, 'areaMm2').map((run) => [run[0]?.[0], run.at(-1)?.[0]])).toEqual([
    [6, 19.5],
    [20.5, 32.5],
  ]);
  expect(curveRuns({ points: [] }, 'areaMm2')).toEqual([]);
});

it('labels axes in round steps up to the largest value', () => {
  expect(axisTicks(23)).toEqual([0, 5, 10, 15, 20, 25]);
  expect(axisTicks(31)).toEqual([0, 10, 20, 30, 40]);
  expect(axisTicks(25)).toEqual([0, 5, 10, 15, 20, 25]);
  // Where nothing is shown an axis has a length, too: places on it are shares of that.
  expect(axisTicks(0)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(largestOf(lumenProfile, PROFILE_PLOTS[0]!)).toBeCloseTo(21.2, 6);
});

it('says where a landing zone can be set, and what else to do', () => {
  expect(landingAdvice(lumenProfile, 10)).toBeNull();
  expect(inWords(landingAdvice(lumenProfile, 4))).toContain('at 6.0 mm');
  expect(inWords(landingAdvice(lumenProfile, 60))).toContain('at 32.5 mm');
  const without = (code: 'measure.appendage-cut' | 'measure.no-ostium') =>
    inWords(
      landingAdvice(
        { centreLineLpsMm: [], computedLineLpsMm: null, points: [], withheld: failure(code) },
        10,
      ),
    );
  expect(without('measure.appendage-cut')).toContain('scan that holds all of the appendage');
  expect(without('measure.no-ostium')).toContain('ostium plane');
});

it('has curves that are told apart without telling red from green', () => {
  for (const { curves } of [...PROFILE_PLOTS, ...PHASE_PLOTS]) {
    curves.forEach(({ colour }, at) => {
      for (const other of curves.slice(at + 1))
        expect(seenApart(colour, other.colour), `${colour} ${other.colour}`).toBeGreaterThan(25);
    });
  }
});
