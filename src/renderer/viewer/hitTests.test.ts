import { expect, it } from 'vitest';
import { clipLine, distanceToOutline, distanceToSegment } from './hitTests.ts';

it('measures to the nearest point of a segment, its ends included', () => {
  expect(distanceToSegment([5, 3], [0, 0], [10, 0])).toBe(3);
  expect(distanceToSegment([13, 4], [0, 0], [10, 0])).toBe(5);
  expect(distanceToSegment([3, 4], [0, 0], [0, 0])).toBe(5);
});

it('measures to the outline of a polygon, its last side included', () => {
  const square = [
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 10],
  ] as const;
  expect(distanceToOutline([5, 5], square)).toBe(5);
  expect(distanceToOutline([-2, 5], square)).toBe(2);
  expect(distanceToOutline([0, 0], [])).toBe(Infinity);
});

it('clips lines to a rectangle', () => {
  expect(clipLine([50, 20], [0, 1], 100, 80)).toEqual([
    [50, 0],
    [50, 80],
  ]);
  const [from, to] = clipLine([50, 50], [Math.SQRT1_2, Math.SQRT1_2], 100, 80)!;
  expect([...from, ...to].map((value) => Math.round(value))).toEqual([0, 0, 80, 80]);
  expect(clipLine([120, 20], [0, 1], 100, 80)).toBeNull();
  expect(clipLine([150, 0], [1, 1], 100, 80)).toBeNull();
});
