import { describe, expect, it } from 'vitest';
import { add, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { createRandom } from '#shared/random/random.ts';
import { stepShift } from '../ctArtefacts.ts';
import { buildScene } from './buildScene.ts';
import {
  drawHardships,
  type Hardships,
  stepsAbout,
  wideAcquisition,
  wideAtriumHu,
  wideHeart,
} from './wideVariety.ts';

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

describe('a hard phantom', () => {
  const hardships = (named: Partial<Hardships>): Hardships => ({
    moving: false,
    faint: false,
    veinOver: false,
    thinTissue: false,
    ...named,
  });
  const randoms = () => Array.from({ length: 100 }, (_, seed) => createRandom(seed));

  it('has what it is to have for certain', () => {
    const reachMm = randoms().map((random) => {
      const { motion } = wideAcquisition(random, [0, 0, 0], hardships({ moving: true }));
      return 2 * Math.hypot(...motion!.shiftsLpsMm[0]!);
    });
    expect(Math.min(...reachMm)).toBeGreaterThanOrEqual(2);
    for (const random of randoms()) {
      expect(wideAtriumHu(random, hardships({ faint: true }))).toBeLessThanOrEqual(260);
      expect(wideHeart(random, hardships({ veinOver: true })).beside!.over).toBeGreaterThan(0);
    }
  });

  it('differs in nothing else from one of wide variety', () => {
    const none = hardships({});
    for (const [hard, usual] of randoms().map((random, seed) => [random, createRandom(seed)] as const)) {
      expect(wideHeart(hard, none)).toEqual(wideHeart(usual));
      expect(wideAtriumHu(hard, none)).toEqual(wideAtriumHu(usual));
      expect(wideAcquisition(hard, [0, 0, 0], none)).toEqual(wideAcquisition(usual, [0, 0, 0]));
    }
  });

  it('has each of them in two to three of five', () => {
    const drawn = randoms().map((random) => drawHardships(random.fork('hard')));
    for (const name of ['moving', 'faint', 'veinOver', 'thinTissue'] as const) {
      const count = drawn.filter((one) => one[name]).length;
      expect(count).toBeGreaterThan(25);
      expect(count).toBeLessThan(75);
    }
  });

  it('is painted with thin tissue at tip and roof where it has that', () => {
    const seed = [...Array(50).keys()].find(
      (one) => drawHardships(createRandom(one).fork('wide').fork('hard')).thinTissue,
    )!;
    const names = buildScene(seed, { detail: 'crop', variety: 'wide', hard: true }).tissues.map(
      ({ name }) => name,
    );
    expect(names).toEqual(expect.arrayContaining(['fold0', 'roofMuscle']));
  });
});

describe('steps of gated scans', () => {
  const { acquisition } = buildScene(1, { detail: 'crop' });
  const steps = {
    slabMm: 10,
    zOffsetMm: 0,
    shiftsLpsMm: [
      [1, 0, 0],
      [0, 2, 0],
    ] as Vec3[],
  };

  it('displace the appendage by nothing on average', () => {
    const shifts = (heights: readonly number[]) =>
      stepsAbout(
        { ...acquisition, steps },
        heights.map((z): Vec3 => [0, 0, z]),
      ).steps!.shiftsLpsMm;
    expect(shifts([1, 5, 9])).toEqual([
      [0, 0, 0],
      [-1, 2, 0],
    ]);
    expect(shifts([11, 15])).toEqual([
      [1, -2, 0],
      [0, 0, 0],
    ]);
    expect(shifts([5, 15, 25, 35])).toEqual([
      [0.5, -1, 0],
      [-0.5, 1, 0],
    ]);
    expect(stepsAbout(acquisition, [[0, 0, 0]])).toBe(acquisition);
  });

  it('do so in phantoms of wide variety, and differ from slab to slab as before', () => {
    const scenes = [162, 255].map((seed) => buildScene(seed, { detail: 'crop', variety: 'wide' }));
    for (const {
      acquisition: { steps: found },
      appendage,
    } of scenes) {
      const sum = appendage.centreLineLpsMm.reduce((total, [, , z]) => add(total, stepShift(found, z)), [
        0, 0, 0,
      ] as Vec3);
      expect(Math.hypot(...sum)).toBeLessThan(1e-9);
      const [first, second] = found!.shiftsLpsMm;
      expect(Math.hypot(...subtract(first!, second!))).toBeGreaterThan(0.2);
    }
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
