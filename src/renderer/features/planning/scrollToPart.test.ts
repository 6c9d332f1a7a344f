import { expect, it } from 'vitest';
import { distanceDown } from './scrollToPart.ts';

// What is used of a box, and nothing else.
const at = (top: number, height: number) => ({
  offsetHeight: 400,
  getBoundingClientRect: () => ({ top, height }) as DOMRect,
});

it('is how far a part lies below the upper edge', () => {
  expect(distanceDown(at(200, 400), at(500, 90))).toBe(300);
});

it('is as much in a panel that is enlarged', () => {
  expect(distanceDown(at(200, 700), at(200 + 300 * 1.75, 90 * 1.75))).toBe(300);
});
