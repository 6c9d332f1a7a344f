import { expect, it } from 'vitest';
import { apart, type LabelBox } from './labelPlaces.ts';

const box = (left: number, top: number, height = 15): LabelBox => ({ left, top, width: 100, height });
const PANE = { heightPixels: 200 };
const tops = (boxes: readonly LabelBox[], pane = PANE): number[] => apart(boxes, pane).map(({ top }) => top);

it('leaves words that do not meet where they belong', () => {
  const boxes = [box(0, 50), box(0, 70), box(150, 50)];
  expect(apart(boxes, PANE)).toEqual(boxes);
});

it('moves words off those before them, the shorter way', () => {
  expect(tops([box(0, 50), box(20, 55, 45)])).toEqual([50, 68]);
  expect(tops([box(0, 50), box(20, 45)])).toEqual([50, 32]);
});

it('finds a place where several lie on one spot', () => {
  const places = tops([box(0, 50), box(0, 50), box(0, 50), box(0, 50)]);
  expect([...places].sort((a, b) => a - b)).toEqual([32, 50, 68, 86]);
});

it('stays within the pane, and where it belongs in one that is full', () => {
  expect(tops([box(0, 3), box(0, 3)])).toEqual([3, 21]);
  expect(tops([box(0, 3), box(0, 3)], { heightPixels: 25 })).toEqual([3, 3]);
});
