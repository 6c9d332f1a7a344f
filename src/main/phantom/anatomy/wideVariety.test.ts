import { describe, expect, it } from 'vitest';
import { createRandom } from '#shared/random/random.ts';
import { buildScene } from './buildScene.ts';
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

describe('thin tissue at the ends of an appendage', () => {
  it('is painted below the blood, darker than it, in phantoms of wide variety alone', () => {
    const seed = 331001154;
    const { tissues } = buildScene(seed, { detail: 'crop', variety: 'wide' });
    const names = tissues.map(({ name }) => name);
    const bloodHu = tissues[names.indexOf('leftAtrium')]!.hu.baseHu;
    for (const name of ['fold0', 'fold1', 'roofMuscle']) {
      const at = names.indexOf(name);
      expect(at).toBeGreaterThan(names.indexOf('atrialWall'));
      expect(at).toBeLessThan(names.indexOf('leftAtrium'));
      expect(tissues[at]!.hu.baseHu).toBeLessThanOrEqual(0.62 * bloodHu);
    }
    const usual = buildScene(seed, { detail: 'crop' }).tissues.map(({ name }) => name);
    expect(usual.filter((name) => /fold|roofMuscle/.test(name))).toEqual([]);
  });
});
