import { expect, it } from 'vitest';
import { wrapBanner } from './canvasText.ts';

const atMost = (letters: number) => (text: string) => text.length <= letters;

it('stays on one line where it fits', () => {
  expect(wrapBanner('DOE^JANE · 1950-01-01 · CT', atMost(40))).toEqual(['DOE^JANE · 1950-01-01 · CT']);
});

it('breaks between its parts, and loses none', () => {
  expect(wrapBanner('DOE^JANE · 1950-01-01 · CT', atMost(22))).toEqual(['DOE^JANE · 1950-01-01', 'CT']);
  expect(wrapBanner('DOE^JANE · 1950-01-01 · CT', atMost(5))).toEqual(['DOE^JANE', '1950-01-01', 'CT']);
});

it('keeps an empty banner empty', () => {
  expect(wrapBanner('', atMost(5))).toEqual(['']);
});
