import { expect, it } from 'vitest';
import { scrollToPart } from './scrollToPart.ts';

const at = (top: number, height: number) => ({ getBoundingClientRect: () => ({ top, height }) });

it('brings a part to the upper edge', () => {
  const panel = { scrollTop: 40, offsetHeight: 400, ...at(200, 400) };
  scrollToPart(panel, at(500, 90));
  expect(panel.scrollTop).toBe(340);
});

it('does so in a panel that is enlarged, neither further nor less', () => {
  const panel = { scrollTop: 40, offsetHeight: 400, ...at(200, 700) };
  scrollToPart(panel, at(200 + 300 * 1.75, 90 * 1.75));
  expect(panel.scrollTop).toBe(340);
});
