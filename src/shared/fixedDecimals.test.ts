import { expect, it } from 'vitest';
import { fixedDecimals } from './fixedDecimals.ts';

it('writes no minus before nothing', () => {
  expect([-0.0004, -0, 0, -0.0006, 1.5].map((value) => fixedDecimals(value, 3))).toEqual([
    '0.000',
    '0.000',
    '0.000',
    '-0.001',
    '1.500',
  ]);
});
