import { describe, expect, it } from 'vitest';
import { drawAtRest, movingQuality } from './drawingQuality.ts';

/** A pane whose last picture took `before` ms, and whose next ones take `now`. */
function pane(before: number, now: number) {
  let milliseconds = before;
  const qualities: number[] = [];
  return {
    qualities,
    picture: { fullMilliseconds: () => milliseconds },
    draw(quality: number) {
      qualities.push(quality);
      milliseconds = now;
    },
  };
}
const drawn = (before: number, now: number): number[] => {
  const drawing = pane(before, now);
  drawAtRest(drawing);
  return drawing.qualities;
};

describe('a pane at rest', () => {
  it('is drawn whole where that is quick', () => {
    expect(drawn(0, 5)).toEqual([1]);
    expect(drawn(5, 5)).toEqual([1]);
  });

  it('is drawn with fewer samples where a whole picture takes long', () => {
    const [quality, ...more] = drawn(400, 400);
    expect(quality).toBeLessThan(1);
    expect(more).toEqual([]);
  });

  it('does not stay coarse after a slow picture of something else', () => {
    expect(drawn(400, 5).at(-1)).toBe(1);
  });
});

describe('a pane that moves', () => {
  it('takes fewer samples the slower it is, never more than all', () => {
    const qualities = [1, 16, 20, 40, 100, 1000].map(movingQuality);
    expect(qualities[0]).toBe(1);
    expect(qualities).toEqual(qualities.toSorted((a, b) => b - a));
    expect(qualities.at(-1)).toBeGreaterThan(0);
  });
});
