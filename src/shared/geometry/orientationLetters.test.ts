import { expect, it } from 'vitest';
import { orientationLetters, positionInWords } from './orientationLetters.ts';

it('names the six sides', () => {
  expect(orientationLetters([1, 0, 0])).toBe('L');
  expect(orientationLetters([-1, 0, 0])).toBe('R');
  expect(orientationLetters([0, 1, 0])).toBe('P');
  expect(orientationLetters([0, -1, 0])).toBe('A');
  expect(orientationLetters([0, 0, 1])).toBe('S');
  expect(orientationLetters([0, 0, -1])).toBe('I');
});

it('names oblique directions by their parts, the strongest first, and leaves out small ones', () => {
  expect(orientationLetters([0.8, -0.6, 0])).toBe('LA');
  expect(orientationLetters([0.5, -0.7, 0.5])).toBe('ALS');
  expect(orientationLetters([0.2, 0, -0.98])).toBe('I');
});

it('writes places without signs', () => {
  expect(positionInWords([0, 0, 1], 32.41)).toBe('S 32.4 mm');
  expect(positionInWords([0, 0, 1], -5)).toBe('I 5.0 mm');
  expect(positionInWords([0, 1, 0], -22.8)).toBe('A 22.8 mm');
});
