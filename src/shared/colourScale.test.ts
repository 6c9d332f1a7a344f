import { expect, it } from 'vitest';
import { colourAt, coloursOf, DIVERGING, SEQUENTIAL } from './colourScale.ts';

it('has its first colour below, its last above, and mixes between', () => {
  expect(colourAt(SEQUENTIAL, -1)).toEqual(SEQUENTIAL[0]);
  expect(colourAt(SEQUENTIAL, 2)).toEqual(SEQUENTIAL.at(-1));
  expect(
    colourAt(
      [
        [0, 0, 0],
        [200, 100, 50],
      ],
      0.5,
    ),
  ).toEqual([100, 50, 25]);
});

it('is lightest in the middle where it goes both ways', () => {
  const lightness = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    colourAt(DIVERGING, share).reduce((sum, value) => sum + value, 0),
  );
  expect(Math.max(...lightness)).toBe(lightness[2]);
  expect(Array.from(coloursOf([-1, 0, 1], DIVERGING, [-1, 1]))).toEqual([
    ...DIVERGING[0]!,
    247,
    247,
    247,
    ...DIVERGING[6]!,
  ]);
});
