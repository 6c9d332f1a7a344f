import { describe, expect, it } from 'vitest';
import { createRandom } from '#shared/random/random.ts';
import { wideHeart } from './wideVariety.ts';

describe('wideHeart', () => {
  it('lets the left upper vein cross over the appendage in a fifth of the hearts, hardly with a wall', () => {
    const hearts = Array.from({ length: 1000 }, (_, seed) => wideHeart(createRandom(seed)));
    const over = hearts.flatMap(({ beside }) => (beside && beside.over > 0 ? [beside] : []));
    const along = hearts.filter(({ beside }) => beside?.over === 0).length;
    for (const count of [over.length, along]) {
      expect(count).toBeGreaterThan(150);
      expect(count).toBeLessThan(250);
    }
    expect(Math.max(...over.map(({ wallMm }) => wallMm))).toBeLessThanOrEqual(1);
    expect(over.filter(({ wallMm }) => wallMm < 0.4).length / over.length).toBeGreaterThan(0.55);
  });
});
