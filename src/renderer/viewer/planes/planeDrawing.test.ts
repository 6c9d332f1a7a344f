import { expect, it } from 'vitest';
import { scaleBar } from './planeDrawing.ts';

it('is the longest round length that fits', () => {
  expect(scaleBar(0.5, 160)).toEqual({ lengthMm: 50, pixels: 100 });
  expect(scaleBar(0.5, 200)).toEqual({ lengthMm: 100, pixels: 200 });
  expect(scaleBar(0.01, 160)).toEqual({ lengthMm: 1, pixels: 100 });
});

it('is the shortest one where none fits', () => {
  expect(scaleBar(5, 0.01).lengthMm).toBe(0.5);
});
