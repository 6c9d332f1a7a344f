import { describe, expect, it } from 'vitest';
import { angleDegrees, areaMm2, lengthMm } from '#shared/annotations/shapes.ts';
import { distance, dot, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { buildScene } from './anatomy/index.ts';
import { measureLumen } from './anatomy/testing/measureLumen.ts';
import type { PhantomScene, Shape } from './scene.ts';
import { emptyScene } from './testing/testScenes.ts';
import { trueOstium } from './truthOstium.ts';

const point: Vec3 = [4, -7, 11];
const scene = (shape: Shape, normal: Vec3): PhantomScene => ({
  ...emptyScene(),
  shapes: [{ name: 'body', shape }],
  appendage: {
    ...emptyScene().appendage,
    bodyShape: 'body',
    ostiumPointLpsMm: point,
    ostiumNormal: normal,
  },
});
/** A tube of radius 8 mm along z through the ostium's point. */
const TUBE: Shape = {
  kind: 'tube',
  pointsLpsMm: [
    [point[0], point[1], point[2] - 60],
    [point[0], point[1], point[2] + 60],
  ],
  radiiMm: [8, 8],
};

describe('trueOstium', () => {
  it('cuts a tube in a circle', () => {
    const { measures, rimLpsMm } = trueOstium(scene(TUBE, [0, 0, 1]));
    expect(measures.areaMm2).toBeCloseTo(Math.PI * 64, 0);
    expect(measures.perimeterMm).toBeCloseTo(2 * Math.PI * 8, 1);
    expect(measures.maxDiameter.lengthMm).toBeCloseTo(16, 2);
    expect(measures.minDiameter.lengthMm).toBeCloseTo(16, 2);
    expect(distance(measures.centreLpsMm, point)).toBeLessThan(0.01);
    for (const rim of rimLpsMm) expect(distance(rim, point)).toBeCloseTo(8, 2);
  });

  it('cuts a tilted tube in an ellipse', () => {
    const normal = normalize([Math.sin(0.5), 0, Math.cos(0.5)]);
    const { measures, rimLpsMm } = trueOstium(scene(TUBE, normal));
    expect(measures.maxDiameter.lengthMm).toBeCloseTo(16 / Math.cos(0.5), 2);
    expect(measures.minDiameter.lengthMm).toBeCloseTo(16, 2);
    expect(measures.areaMm2 / ((Math.PI * 64) / Math.cos(0.5))).toBeCloseTo(1, 3);
    for (const rim of rimLpsMm) expect(dot(subtract(rim, point), normal)).toBeCloseTo(0, 5);
  });

  it('chooses the larger of two contours', () => {
    const speck: Shape = {
      kind: 'ellipsoid',
      centreLpsMm: [point[0] + 15, point[1], point[2]],
      radiiMm: [2, 2, 2],
      axes: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    };
    const { measures } = trueOstium(scene({ kind: 'union', of: [TUBE, speck] }, [0, 0, 1]));
    expect(measures.areaMm2).toBeCloseTo(Math.PI * 64, 0);
  });

  it('says which phantom has no ostium', () => {
    const away: Shape = { ...TUBE, pointsLpsMm: TUBE.pointsLpsMm.map(([x, y, z]): Vec3 => [x + 90, y, z]) };
    expect(() => trueOstium({ ...scene(away, [0, 0, 1]), seed: 12 })).toThrow(/seed 12 has no closed ostium/);
  });

  it.each([3, 4])('agrees with the lattice section of phantom %i', (seed) => {
    const phantom = buildScene(seed, { detail: 'crop' });
    const { ostium } = measureLumen(phantom);
    const { measures, rimLpsMm } = trueOstium(phantom);
    expect(Math.abs(measures.areaMm2 / ostium.areaMm2 - 1)).toBeLessThan(0.02);
    expect(distance(measures.centreLpsMm, ostium.centreLpsMm)).toBeLessThan(0.3);
    // A reader's region round it, ruler across it and angle of its diameters measure the same.
    const { fromLpsMm, toLpsMm, lengthMm: truthMm } = measures.maxDiameter;
    expect(areaMm2({ kind: 'freehand', pointsLpsMm: rimLpsMm })).toBeCloseTo(measures.areaMm2, 2);
    expect(lengthMm([fromLpsMm, toLpsMm])).toBeCloseTo(truthMm, 6);
    expect(angleDegrees([fromLpsMm, measures.centreLpsMm, toLpsMm])).toBeGreaterThan(150);
  });
});
