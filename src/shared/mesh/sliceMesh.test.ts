import { describe, expect, it } from 'vitest';
import { distance, dot, normalize, subtract, type Vec3 } from '../geometry/vec3.ts';
import { sliceMesh } from './sliceMesh.ts';
import { box, icosphere, torus } from './testing/primitives.ts';

describe('sliceMesh', () => {
  it('cuts a sphere in a circle on an oblique plane', () => {
    const normal = normalize([1, 2, 3]);
    const centre: Vec3 = [4, 5, 6];
    const [line, ...others] = sliceMesh(icosphere(centre, 5, 5), centre, normal);
    expect(others).toHaveLength(0);
    expect(line!.closed).toBe(true);
    for (const point of line!.pointsLpsMm) {
      expect(dot(subtract(point, centre), normal)).toBeCloseTo(0, 5);
      expect(distance(point, centre)).toBeCloseTo(5, 1);
    }
    const { pointsLpsMm } = line!;
    const perimeter = pointsLpsMm.reduce(
      (sum, point, i) => sum + distance(point, pointsLpsMm[(i + 1) % pointsLpsMm.length]!),
      0,
    );
    expect(perimeter / (10 * Math.PI)).toBeCloseTo(1, 2);
  });

  it('cuts a torus in two circles, gives nothing where the plane misses, and handles vertices on the plane', () => {
    const ring = torus([0, 0, 0], 8, 2, 40, 20);
    expect(sliceMesh(ring, [0, 0, 0], [1, 0, 0]).map((line) => line.closed)).toEqual([true, true]);
    expect(sliceMesh(ring, [0, 0, 3], [0, 0, 1])).toEqual([]);
    const throughVertices = sliceMesh(ring, [0, 0, 0], [0, 0, 1]);
    expect(throughVertices).toHaveLength(2);
    expect(sliceMesh(box([0, 0, 0], [2, 2, 2]), [0, 0, 2], [0, 0, 1])).toHaveLength(1);
  });

  it('gives one open line for a surface with a border', () => {
    const sphere = icosphere([0, 0, 0], 5, 4);
    const { positionsLpsMm, triangles } = sphere;
    const isInBowl = (corner: number): boolean => {
      const firstCorner = corner - (corner % 3);
      return positionsLpsMm[3 * triangles[firstCorner]! + 2]! < 1;
    };
    const bowl = { positionsLpsMm, triangles: triangles.filter((_, corner) => isInBowl(corner)) };
    const lines = sliceMesh(bowl, [0, 0.01, 0], [0, 1, 0]);
    expect(lines.map((line) => line.closed)).toEqual([false]);
    const points = lines[0]!.pointsLpsMm;
    expect(points[0]![2]).toBeGreaterThan(0.5);
    expect(points[points.length - 1]![2]).toBeGreaterThan(0.5);
  });
});
