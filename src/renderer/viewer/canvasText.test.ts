import { expect, it } from 'vitest';
import { breakLine, drawBanner, drawTitle, wrapParts } from './canvasText.ts';

const atMost = (letters: number) => (text: string) => text.length <= letters;

it('stays on one line where it fits', () => {
  expect(wrapParts('DOE^JANE · 1950-01-01 · CT', atMost(40))).toEqual(['DOE^JANE · 1950-01-01 · CT']);
});

it('breaks between its parts, and loses none', () => {
  expect(wrapParts('DOE^JANE · 1950-01-01 · CT', atMost(22))).toEqual(['DOE^JANE · 1950-01-01', 'CT']);
  expect(wrapParts('DOE^JANE · 1950-01-01 · CT', atMost(5))).toEqual(['DOE^JANE', '1950-01-01', 'CT']);
});

it('keeps an empty banner empty', () => {
  expect(wrapParts('', atMost(5))).toEqual(['']);
});

it('breaks what is too long for a line between words, else within one, and loses no letter', () => {
  expect(breakLine('MUELLER-LUEDENSCHEIDT KARL', atMost(12))).toEqual(['MUELLER-', 'LUEDENSCHEID', 'T KARL']);
  expect(breakLine('DOE JANE', atMost(5))).toEqual(['DOE', 'JANE']);
  expect(breakLine('A-1', atMost(2))).toEqual(['A-', '1']);
  const short = atMost(8);
  expect(wrapParts('PHANTOM-143 · O · CT', short, (part) => breakLine(part, short))).toEqual([
    'PHANTOM-',
    '143 · O',
    'CT',
  ]);
  expect(breakLine('DOE', atMost(0))).toEqual(['D', 'O', 'E']);
  expect(breakLine('', atMost(0))).toEqual(['']);
});

it('keeps the corners of a narrow pane apart: the place on more lines, the title cut', () => {
  const drawn: { text: string; x: number; align: string }[] = [];
  // Every letter is 6 pixels wide.
  const recording = {
    textAlign: 'left',
    measureText: (text: string) => ({ width: 6 * text.length }),
    strokeText() {},
    fillText(text: string, x: number) {
      drawn.push({ text, x, align: recording.textAlign });
    },
  };
  // What is used of a context, and nothing else.
  const context = recording as unknown as CanvasRenderingContext2D;
  drawTitle(context, 'Oblique sagittal', [{ text: 'A 23.1 mm · slice 100 / 288', colour: '' }], 260);
  drawBanner(context, 'Phantom, Seed 143 · AURICLE-PHANTOM-143', 260);
  expect(drawn.map(({ text }) => text)).toEqual([
    'Oblique sagitt…',
    'A 23.1 mm',
    'slice 100 / 288',
    'Phantom, Seed',
    '143',
    'AURICLE-PHANTOM-',
    '143',
  ]);
  const lefts = drawn.filter(({ align }) => align === 'left');
  const rights = drawn.filter(({ align }) => align === 'right');
  const leftEnd = Math.max(...lefts.map(({ text, x }) => x + 6 * text.length));
  expect(leftEnd).toBeLessThan(Math.min(...rights.map(({ text, x }) => x - 6 * text.length)));
});
