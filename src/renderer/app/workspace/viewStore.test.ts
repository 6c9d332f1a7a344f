import { expect, it } from 'vitest';
import { cross, dot, normalize, type Vec3 } from '#shared/geometry/vec3.ts';
import { perpendicularAxes } from './viewStore.ts';

const STRAIGHT: readonly [Vec3, Vec3, Vec3] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

it('turns the axial pane perpendicular to a direction, the axes staying orthonormal and right-handed', () => {
  for (const direction of [
    normalize([0.3, -0.5, 0.8]),
    normalize([-1, 0.05, 0.02]),
    normalize([0.2, 0.4, -0.9]),
  ]) {
    const [first, second, third] = perpendicularAxes(direction, STRAIGHT);
    expect(Math.abs(dot(third, direction))).toBeCloseTo(1, 9);
    // It is seen from the side that it was seen from.
    expect(third[2]).toBeGreaterThan(0);
    expect(dot(first, third)).toBeCloseTo(0, 9);
    cross(third, first).forEach((part, at) => {
      expect(part).toBeCloseTo(second[at]!, 9);
    });
  }
  expect(perpendicularAxes([0, 0, 1], STRAIGHT)).toEqual(STRAIGHT);
});
