import { expect, it } from 'vitest';
import { byteOfHu, CARDIAC_CT } from './transferFunction.ts';

it('the knots rise in HU and opacity; muscle, fat and lung are clear, contrast is not', () => {
  CARDIAC_CT.slice(1).forEach((knot, index) => {
    expect(knot.hu).toBeGreaterThan(CARDIAC_CT[index]!.hu);
    expect(knot.opacity).toBeGreaterThanOrEqual(CARDIAC_CT[index]!.opacity);
  });
  for (const { hu, opacity } of CARDIAC_CT) if (hu <= 140) expect(opacity).toBe(0);
  expect(CARDIAC_CT.find(({ hu }) => hu === 300)!.opacity).toBeGreaterThan(0.1);
});

it('bytes span the rendered range and stop at its ends', () => {
  expect([-1000, -200, 550, 1300, 3000].map(byteOfHu)).toEqual([0, 0, 127.5, 255, 255]);
});
