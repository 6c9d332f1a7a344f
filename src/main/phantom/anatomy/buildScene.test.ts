import { describe, expect, it } from 'vitest';
import { buildScene } from './index.ts';

describe('buildScene', () => {
  it('gives the same scene for the same seed, and it survives JSON', () => {
    for (const detail of ['crop', 'thorax'] as const) {
      const scene = buildScene(7, { detail });
      expect(buildScene(7, { detail })).toEqual(scene);
      expect(JSON.parse(JSON.stringify(scene))).toEqual(scene);
    }
  });

  it('gives different scenes for different seeds', () => {
    expect(buildScene(1).appendage.ostiumPointLpsMm).not.toEqual(buildScene(2).appendage.ostiumPointLpsMm);
  });

  it('gives the same heart and scan in both details, and fewer shapes in a crop', () => {
    const crop = buildScene(11, { detail: 'crop' });
    const thorax = buildScene(11, { detail: 'thorax' });
    expect(crop.appendage).toEqual(thorax.appendage);
    expect(crop.acquisition).toEqual(thorax.acquisition);
    expect(JSON.stringify(crop.shapes).length).toBeLessThan(0.8 * JSON.stringify(thorax.shapes).length);
  });

  it('names only earlier shapes, each name once, and lets tissues use what exists', () => {
    for (let seed = 0; seed < 12; seed++) {
      const scene = buildScene(seed, { detail: seed % 2 === 0 ? 'crop' : 'thorax' });
      const known = new Set<string>();
      for (const { name, shape } of scene.shapes) {
        for (const match of JSON.stringify(shape).matchAll(/"kind":"named","name":"([^"]+)"/g)) {
          expect(known.has(match[1]!), `${name} names ${match[1]}`).toBe(true);
        }
        expect(known.has(name)).toBe(false);
        known.add(name);
      }
      for (const tissue of scene.tissues) expect(known.has(tissue.shape)).toBe(true);
      expect(known.has(scene.appendage.bodyShape)).toBe(true);
    }
  });
});
