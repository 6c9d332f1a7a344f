import { expect, it } from 'vitest';
import { scrollInList } from './scrollInList.ts';

// What is used of a box, and nothing else.
const at = (top: number, height: number, offsetHeight = height) => ({
  offsetHeight,
  getBoundingClientRect: () => ({ top, height, bottom: top + height }) as DOMRect,
});
const LIST = at(200, 190);

it('is nothing where an item is seen whole', () => {
  expect([at(200, 40), at(350, 40)].map((item) => scrollInList(LIST, item))).toEqual([0, 0]);
});

it('is as far as an item lies below or above', () => {
  expect([at(400, 40), at(150, 40)].map((item) => scrollInList(LIST, item))).toEqual([50, -50]);
});

it('is to the upper edge of an item that is higher than the list, and less in an enlarged panel', () => {
  expect(scrollInList(LIST, at(300, 400))).toBe(100);
  expect(scrollInList(at(200, 380, 190), at(600, 80))).toBe(50);
});
