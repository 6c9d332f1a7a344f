import { describe, expect, it } from 'vitest';
import { addScaled, cross, dot, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { buildScene } from './buildScene.ts';
import type { Field } from './shapeField.ts';
import { cutsNeckAcross, liesInNeighbours, opensTowardsAtrium } from './soundOstium.ts';

const plane = { pointLpsMm: [0, 0, 0], normal: [0, 0, 1] } as const;
const ridge: Vec3 = [-10, 0, 0];
const circumflex: Vec3 = [10, 0, 0];

/** A straight centre line from 1 mm beyond the plane, tilted by angles towards x (the landmarks) and y. */
const lineTilted = (xDegrees: number, yDegrees: number, points = 8): Vec3[] => {
  const [x, y] = [xDegrees, yDegrees].map((degrees) => Math.tan((degrees * Math.PI) / 180));
  const along = normalize([x!, y!, 1]);
  return Array.from({ length: points }, (_, index) => addScaled([0, 0, 1], along, 2 * index));
};

describe('cutsNeckAcross', () => {
  it.each([
    [0, 0, true],
    [27, 0, true],
    [33, 0, false],
    [-33, 0, false],
    [0, 13, true],
    [0, 17, false],
    [0, -17, false],
    [20, 13, true],
  ])('with a neck %i° towards the circumflex and %i° about both landmarks: %s', (x, y, sound) => {
    expect(cutsNeckAcross(plane, ridge, circumflex, lineTilted(x, y))).toBe(sound);
  });

  it('goes by where the neck leads for the turn, and by where it sets out to for the tilt', () => {
    const straight = lineTilted(0, 0, 3);
    const bent = (towards: Vec3) => [
      ...straight,
      addScaled(straight[2]!, normalize(towards), 2),
      addScaled(straight[2]!, normalize(towards), 4),
    ];
    expect(cutsNeckAcross(plane, ridge, circumflex, bent([2, 0, 1]))).toBe(true);
    expect(cutsNeckAcross(plane, ridge, circumflex, bent([0, 2, 1]))).toBe(false);
  });

  it('takes no line of a single point', () => {
    expect(cutsNeckAcross(plane, ridge, circumflex, lineTilted(0, 0, 1))).toBe(false);
  });
});

describe('opensTowardsAtrium', () => {
  const tube: Field = (x, y) => Math.hypot(x, y) - 8;
  const area = Math.PI * 64;

  it('refuses a plane across the middle of a neck', () => {
    expect(opensTowardsAtrium(tube, plane, area)).toBe(false);
  });

  it('takes one where the neck comes out of the atrium', () => {
    const atrium: Field = (x, y, z) => Math.hypot(x, y, z + 22) - 20.5;
    expect(opensTowardsAtrium((x, y, z) => Math.min(tube(x, y, z), atrium(x, y, z)), plane, area)).toBe(true);
  });
});

describe('liesInNeighbours', () => {
  const body = {
    shape: { kind: 'union', of: [] },
    centreLineLpsMm: [
      [0, 0, 0],
      [0, 0, 20],
    ],
    radiiMm: [8, 8],
    lobeTipsLpsMm: [],
  } as const;
  const lumen: Field = (x, y, z) => Math.max(Math.hypot(x, y) - 8, z - 24);
  const ball =
    (centre: Vec3, radiusMm: number): Field =>
    (x, y, z) =>
      Math.hypot(x - centre[0], y - centre[1], z - centre[2]) - radiusMm;
  const far = ball([100, 0, 0], 10);

  it.each<[string, Field, Field, boolean]>([
    ['apart from both', far, far, false],
    ['with 2 mm of muscle', ball([30, 0, 10], 20), far, false],
    ['in the ventricle’s cavity', ball([24, 0, 10], 20), far, true],
    ['in the cavity below the plane alone', ball([0, 0, -13], 11), far, false],
    ['on the atrium', far, ball([0, 0, -19], 21), false],
    ['deep in the atrium', far, ball([0, 0, -10], 21), true],
  ])('%s', (_, ventricleCavity, chamber, within) => {
    expect(liesInNeighbours(lumen, plane, body, { ventricleCavity, chamber })).toBe(within);
  });
});

describe('phantoms of wide variety', () => {
  it('have a plane across the neck', () => {
    for (let seed = 101; seed <= 112; seed++) {
      const { appendage } = buildScene(seed, { variety: 'wide', detail: 'crop' });
      const { leftSuperiorVeinRidge: from, leftCircumflex: to } = appendage.landmarksLpsMm;
      const across = normalize(subtract(to!, from!));
      const [, first, , setsOut, , whole] = appendage.centreLineLpsMm;
      expect(dot(appendage.ostiumNormal, normalize(subtract(setsOut!, first!))), `${seed}`).toBeGreaterThan(
        0.86,
      );
      const along = normalize(subtract(whole!, first!));
      const turn = Math.asin(
        dot(cross(normalize(cross(cross(across, along), across)), appendage.ostiumNormal), across),
      );
      expect(Math.abs(turn), `${seed}`).toBeLessThan(0.263);
    }
  });
});
