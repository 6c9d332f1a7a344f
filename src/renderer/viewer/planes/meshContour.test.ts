import { describe, expect, it } from 'vitest';
import { dot, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { sliceMesh } from '#shared/mesh/sliceMesh.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { crossedFaces, meshContour } from './meshContour.ts';

/** A closed tube along z; its cap at z = 0 is a grid of rings whose heights follow `capHeight`. */
function tubeMesh(line: readonly Vec3[], radiusMm: number, capHeight: (at: number) => number): TriangleMesh {
  const around = 48;
  const rings = 6;
  const points: number[] = [];
  const ring = (r: number, z: (at: number) => number): void => {
    for (let at = 0; at < around; at++) {
      const angle = (2 * Math.PI * at) / around;
      points.push(r * Math.cos(angle), r * Math.sin(angle), z(at));
    }
  };
  for (let n = 1; n < rings; n++) ring((radiusMm * n) / rings, (at) => capHeight(n * around + at));
  for (const [, , z] of line) ring(radiusMm, () => z);
  const count = points.length / (3 * around);
  const triangles: number[] = [];
  for (let n = 0; n + 1 < count; n++) {
    for (let at = 0; at < around; at++) {
      const [a, b] = [n * around + at, n * around + ((at + 1) % around)];
      triangles.push(a, a + around, b, b, a + around, b + around);
    }
  }
  const ends = [points.length / 3, points.length / 3 + 1];
  points.push(0, 0, 0, 0, 0, line.at(-1)![2]);
  for (let at = 0; at < around; at++) {
    const next = (at + 1) % around;
    triangles.push(ends[0]!, at, next);
    triangles.push(ends[1]!, (count - 1) * around + next, (count - 1) * around + at);
  }
  return { positionsLpsMm: Float32Array.from(points), triangles: Uint32Array.from(triangles) };
}

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

  it('is the rim alone in the plane of the ostium, whose cap is never quite plane', () => {
    // A tube of 10 mm radius; its cap's vertices lie up to 0.2 mm on both sides of z = 0.
    const noisy = tubeMesh(
      Array.from({ length: 21 }, (_, z): Vec3 => [0, 0, z]),
      10,
      (at) => 0.2 * Math.sin(7 * at),
    );
    for (const normal of [
      [0, 0, 1],
      [0, 0, -1],
    ] as const) {
      const lines = meshContour(noisy, [0, 0, 0], normal);
      expect(lines).toHaveLength(1);
      for (const [x, y, z] of lines[0]!.pointsLpsMm) {
        expect(Math.abs(Math.hypot(x, y) - 10)).toBeLessThan(0.1);
        expect(z).toBeCloseTo(0.36, 2);
      }
    }
    // Farther along nothing lies flat, and the contour is where the plane is.
    expect(meshContour(noisy, [0, 0, 5.3], [0, 0, 1])[0]!.pointsLpsMm[0]![2]).toBeCloseTo(5.3, 4);
  });

  it('are none where the plane misses the mesh', () => {
    expect(crossedFaces(ball, [0, 0, 40], [0, 0, 1]).triangles.length).toBe(0);
    expect(meshContour(ball, [0, 0, 40], [0, 0, 1])).toEqual([]);
  });
});
