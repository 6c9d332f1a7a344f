import { expect, it } from 'vitest';
import { colourAt, DIVERGING } from '#shared/colourScale.ts';
import { thicknessScale } from './shellPicture.ts';

const scale = (thicknessMm: readonly number[], askedMm: number) => {
  const { leastMm, mostMm } = thicknessScale(thicknessMm, askedMm);
  return [leastMm, mostMm].map((end) => Number(end.toFixed(6)));
};

it('has what was asked for in the middle, and shows a tenth of a millimetre less', () => {
  const [least, most] = scale([0.97, 1, 1.42], 1);
  expect([least, most]).toEqual([0.8, 1.2]);
  const colourOf = (thicknessMm: number) => colourAt(DIVERGING, (thicknessMm - least!) / (most! - least!));
  const [asked, thinner] = [colourOf(1), colourOf(0.9)];
  expect(Math.max(...asked.map((channel, at) => Math.abs(channel - thinner[at]!)))).toBeGreaterThan(60);
});

it('reaches to the thinnest place, and never below nothing', () => {
  expect(scale([0.55, 1], 1)).toEqual([0.5, 1.5]);
  expect(scale([0.02, 0.5], 0.5)).toEqual([0, 1]);
  expect(scale([0.02, 10], 10)).toEqual([0, 20]);
});

it('says what lies beyond its ends', () => {
  expect(thicknessScale([0.97, 1.42], 1)).toMatchObject({ thinnestMm: 0.97, thickestMm: 1.42 });
});
