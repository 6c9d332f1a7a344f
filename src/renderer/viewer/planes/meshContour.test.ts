import { describe, expect, it } from 'vitest';
import { dot, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { sliceMesh } from '#shared/mesh/sliceMesh.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { crossedFaces, meshContour } from './meshContour.ts';

const ball = icosphere([5, -3, 8], 20, 3);

describe('contours', () => {
  it('are the same as of the whole mesh, point for point', () => {
    for (const [point, normal] of [
      [
        [5, -3, 8],
        [0, 0, 1],
      ],
      [[0, 0, 0], normalize([1, 2, -0.5])],
      [[5, 10, 8], normalize([0.3, 1, 0.2])],
    ] as const satisfies readonly (readonly [Vec3, Vec3])[]) {
      const whole = sliceMesh(ball, point, normal);
      const strip = meshContour(ball, point, normal);
      expect(strip.length).toBe(whole.length);
      expect(strip[0]!.closed).toBe(true);
      const key = ({ pointsLpsMm }: (typeof whole)[number]): string[] =>
        pointsLpsMm.map((p) => p.map((value) => value.toFixed(4)).join(' ')).sort();
      expect(key(strip[0]!)).toEqual(key(whole[0]!));
    }
  });

  it('lie on the plane', () => {
    const normal = normalize([1, 2, -0.5]);
    for (const line of meshContour(ball, [1, 1, 1], normal))
      for (const point of line.pointsLpsMm)
        expect(Math.abs(dot(subtract(point, [1, 1, 1]), normal))).toBeLessThan(1e-4);
  });

  it('are none where the plane misses the mesh', () => {
    expect(crossedFaces(ball, [0, 0, 40], [0, 0, 1]).triangles.length).toBe(0);
    expect(meshContour(ball, [0, 0, 40], [0, 0, 1])).toEqual([]);
  });
});
