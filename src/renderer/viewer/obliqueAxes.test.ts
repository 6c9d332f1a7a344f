import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cross, distance, dot, type Vec3 } from '#shared/geometry/vec3.ts';
import { isStraight, rotateAbout, turnAxes } from './obliqueAxes.ts';
import type { ViewerScene } from './types.ts';

const STRAIGHT: ViewerScene['axes'] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

describe('turning', () => {
  it('is right-handed: left turns to posterior about superior', () => {
    expect(distance(rotateAbout([1, 0, 0], [0, 0, 1], Math.PI / 2), [0, 1, 0])).toBeLessThan(1e-12);
  });

  it('keeps the axis it turns about, for each of the three', () => {
    for (const about of [0, 1, 2] as const) {
      const turned = turnAxes(STRAIGHT, about, 0.5);
      expect(distance(turned[about], STRAIGHT[about])).toBeLessThan(1e-12);
      const next = ((about + 1) % 3) as 0 | 1 | 2;
      expect(dot(turned[next], STRAIGHT[next])).toBeCloseTo(Math.cos(0.5), 12);
    }
  });

  it('stays orthonormal and right-handed over many turns', () => {
    const turn = fc.tuple(fc.constantFrom(0, 1, 2), fc.double({ min: -3, max: 3, noNaN: true }));
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 60 }), (turns) => {
        const [a, b, c] = turns.reduce(
          (axes, [about, angle]) => turnAxes(axes, about as 0 | 1 | 2, angle),
          STRAIGHT,
        );
        expect(distance(cross(a, b), c)).toBeLessThan(1e-9);
        expect(Math.hypot(...a)).toBeCloseTo(1, 9);
        expect(dot(a, b)).toBeCloseTo(0, 9);
      }),
      { numRuns: 50 },
    );
  });
});

it("a plane is straight along any of the patient's axes, either way", () => {
  expect(isStraight([0, -1, 0])).toBe(true);
  const tilted: Vec3 = [0, Math.sin(0.01), Math.cos(0.01)];
  expect(isStraight(tilted)).toBe(false);
});
