import { describe, expect, it } from 'vitest';
import {
  add,
  addScaled,
  cross,
  distance,
  dot,
  normalize,
  perpendicular,
  scale,
  type Vec3,
} from '../geometry/vec3.ts';
import { createRandom } from '../random/random.ts';
import { measureOstium } from './ostiumMeasures.ts';
import { fitPlane } from './plane.ts';
import { symmetricEigen } from './symmetricEigen.ts';

const normal = normalize([1, -2, 0.5]);
const centre: Vec3 = [10, 20, 30];
const plane = { pointLpsMm: centre, normal };
const u = perpendicular(normal);
const v = cross(normal, u);

/** A loop in the plane from plane coordinates, lifted off it by a wave that the projection must take away. */
const loop = (points: number, at: (angle: number) => readonly [number, number], waveMm = 0): Vec3[] =>
  Array.from({ length: points }, (_, index) => {
    const angle = (2 * Math.PI * index) / points;
    const [x, y] = at(angle);
    return add(addScaled(centre, normal, waveMm * Math.sin(2 * angle)), add(scale(u, x), scale(v, y)));
  });

describe('measureOstium', () => {
  it('measures an ellipse, wavy or not, shifted or not', () => {
    for (const wave of [0, 1.5]) {
      const rim = loop(720, (angle) => [3 + 12 * Math.cos(angle), -2 + 8 * Math.sin(angle)], wave);
      const measures = measureOstium(rim, plane);
      expect(measures.areaMm2).toBeCloseTo(Math.PI * 96, 1);
      expect(measures.maxDiameter.lengthMm).toBeCloseTo(24, 3);
      expect(measures.minDiameter.lengthMm).toBeCloseTo(16, 2);
      expect(measures.areaDerivedDiameterMm).toBeCloseTo(2 * Math.sqrt(96), 2);
      // Ramanujan's second approximation of an ellipse's perimeter.
      const h = (4 / 20) ** 2;
      const perimeter = Math.PI * 20 * (1 + (3 * h) / (10 + Math.sqrt(4 - 3 * h)));
      expect(measures.perimeterMm).toBeCloseTo(perimeter, 2);
      expect(measures.perimeterDerivedDiameterMm).toBeCloseTo(perimeter / Math.PI, 2);
      expect(measures.eccentricityIndex).toBeCloseTo(1.5, 3);
      expect(measures.eccentricity).toBeCloseTo(Math.sqrt(1 - (2 / 3) ** 2), 3);
      expect(distance(measures.centreLpsMm, add(centre, add(scale(u, 3), scale(v, -2))))).toBeLessThan(1e-3);
      expect(distance(measures.maxDiameter.fromLpsMm, measures.maxDiameter.toLpsMm)).toBeCloseTo(24, 3);
      expect(distance(measures.minDiameter.fromLpsMm, measures.minDiameter.toLpsMm)).toBeCloseTo(16, 2);
      expect(Math.abs(dot(addScaled(measures.centreLpsMm, centre, -1), normal))).toBeLessThan(1e-9);
    }
  });

  it('takes D_min of a square across its sides, D_max along its diagonal, whichever way round', () => {
    const square: readonly (readonly [number, number])[] = [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ];
    for (const order of [square, [...square].reverse()]) {
      const rim = order.map(([x, y]) => add(centre, add(scale(u, x), scale(v, y))));
      const measures = measureOstium(rim, plane);
      expect(measures.areaMm2).toBeCloseTo(100, 9);
      expect(measures.perimeterMm).toBeCloseTo(40, 9);
      expect(measures.maxDiameter.lengthMm).toBeCloseTo(10 * Math.SQRT2, 9);
      expect(measures.minDiameter.lengthMm).toBeCloseTo(10, 9);
    }
  });

  it('refuses what has no area', () => {
    expect(() => measureOstium([centre, add(centre, u)], plane)).toThrow(RangeError);
    expect(() => measureOstium([centre, add(centre, u), add(centre, scale(u, 2))], plane)).toThrow(
      RangeError,
    );
  });
});

describe('fitPlane', () => {
  it('finds a plane despite a third of outliers', () => {
    const random = createRandom(7);
    const points: number[] = [];
    for (let index = 0; index < 300; index++) {
      const [x, y] = [random.uniform(-10, 10), random.uniform(-10, 10)];
      const off = index % 3 === 0 ? random.uniform(2, 6) : random.normal(0, 0.05);
      points.push(...addScaled(add(centre, add(scale(u, x), scale(v, y))), normal, off));
    }
    const fitted = fitPlane(points);
    expect(Math.abs(dot(fitted.normal, normal))).toBeGreaterThan(0.9999);
    expect(Math.abs(dot(addScaled(fitted.pointLpsMm, centre, -1), normal))).toBeLessThan(0.05);
    expect(() => fitPlane([1, 2, 3, 4, 5, 6])).toThrow(RangeError);
  });

  it('rests on Jacobi eigenvectors that are right', () => {
    const { values, vectors } = symmetricEigen([2, 3, 4, 0.5, -0.25, 0.75]);
    const apply = ([x, y, z]: Vec3): Vec3 => [
      2 * x + 0.5 * y - 0.25 * z,
      0.5 * x + 3 * y + 0.75 * z,
      -0.25 * x + 0.75 * y + 4 * z,
    ];
    vectors.forEach((vector, index) => {
      expect(distance(apply(vector), scale(vector, values[index as 0 | 1 | 2]))).toBeLessThan(1e-9);
    });
    expect(values[0] + values[1] + values[2]).toBeCloseTo(9, 9);
    expect(symmetricEigen([1, 1, 1, 0, 0, 0]).values).toEqual([1, 1, 1]);
  });
});
