import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlanarTriangulation, triangulatePolygon } from './triangulatePolygon.ts';

type Point = readonly [x: number, y: number];

const flat = (corners: readonly Point[]): Float64Array => Float64Array.from(corners.flat());

/** Counter-clockwise about the origin, a corner for each radius: simple, whatever the radii are. */
const star = (radii: readonly number[]): Point[] =>
  radii.map((radius, index) => {
    const angle = (2 * Math.PI * index) / radii.length;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });

function twiceArea(p: Float64Array, a: number, b: number, c: number): number {
  const [ax, ay] = [p[2 * a]!, p[2 * a + 1]!];
  return (p[2 * b]! - ax) * (p[2 * c + 1]! - ay) - (p[2 * b + 1]! - ay) * (p[2 * c]! - ax);
}

const polygonArea = (p: Float64Array): number => {
  let area = 0;
  for (let index = 1; index + 1 < p.length / 2; index++) area += twiceArea(p, 0, index, index + 1) / 2;
  return area;
};

const corners = ({ triangles }: PlanarTriangulation): [number, number, number][] =>
  Array.from({ length: triangles.length / 3 }, (_, face) => [
    triangles[3 * face]!,
    triangles[3 * face + 1]!,
    triangles[3 * face + 2]!,
  ]);

/**
 * Each edge of the polygon borders one triangle in the polygon's own direction, and every other edge two triangles in
 * opposite directions: the triangles are a disc, whose border joins what the polygon borders on.
 */
function expectDisc(polygon: Float64Array, result: PlanarTriangulation): void {
  const count = polygon.length / 2;
  expect([...result.points.slice(0, polygon.length)]).toEqual([...polygon]);
  const all = corners(result).flatMap(([a, b, c]) => [`${a} ${b}`, `${b} ${c}`, `${c} ${a}`]);
  const edges = new Set(all);
  expect(edges.size, 'no edge twice').toBe(all.length);
  const unmatched = [...edges].filter((edge) => !edges.has(edge.split(' ').reverse().join(' ')));
  const rim = Array.from({ length: count }, (_, index) => `${index} ${(index + 1) % count}`);
  expect(unmatched.sort()).toEqual(rim.sort());
  const inner = result.points.length / 2 - count;
  // Euler's formula for a disc; with it, every point is used.
  expect(result.triangles.length / 3).toBe(count - 2 + 2 * inner);
  expect(new Set(result.triangles).size).toBe(count + inner);
}

/** Above, and the triangles turn the right way and add up to the polygon, so that none overlap. */
function expectFilled(polygon: Float64Array, result: PlanarTriangulation): void {
  expectDisc(polygon, result);
  const twice = corners(result).map(([a, b, c]) => twiceArea(result.points, a, b, c));
  expect(Math.min(...twice)).toBeGreaterThanOrEqual(0);
  const area = twice.reduce((sum, value) => sum + value / 2, 0);
  expect(area).toBeCloseTo(polygonArea(polygon), 6);
}

function smallestAngle({ points, triangles }: PlanarTriangulation): number {
  let smallest = Math.PI;
  for (let at = 0; at < triangles.length; at++) {
    const face = at - (at % 3);
    const [a, b, c] = [0, 1, 2].map((turn) => triangles[face + ((at + turn) % 3)]!) as [
      number,
      number,
      number,
    ];
    const [ux, uy] = [points[2 * b]! - points[2 * a]!, points[2 * b + 1]! - points[2 * a + 1]!];
    const [vx, vy] = [points[2 * c]! - points[2 * a]!, points[2 * c + 1]! - points[2 * a + 1]!];
    smallest = Math.min(smallest, Math.abs(Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)));
  }
  return smallest;
}

describe('triangulatePolygon', () => {
  it('leaves a triangle as it is', () => {
    const polygon = flat([
      [0, 0],
      [4, 0],
      [0, 3],
    ]);
    const { points, triangles } = triangulatePolygon(polygon, 10);
    expect([...points]).toEqual([...polygon]);
    expect([...triangles].sort()).toEqual([0, 1, 2]);
    expect(twiceArea(points, triangles[0]!, triangles[1]!, triangles[2]!)).toBe(12);
  });

  it('fills a disc with well-shaped triangles', () => {
    const polygon = flat(star(new Array<number>(60).fill(10)));
    const result = triangulatePolygon(polygon, 1.05);
    expectFilled(polygon, result);
    expect(result.points.length / 2).toBeGreaterThan(60 + 200);
    expect((smallestAngle(result) * 180) / Math.PI).toBeGreaterThan(25);
  });

  it('keeps points inside away from the edges, by 0.6 of the spacing', () => {
    const polygon = flat([
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ]);
    const { points } = triangulatePolygon(polygon, 1);
    expect(points.length / 2).toBeGreaterThan(4 + 80);
    for (const value of points.slice(8)) {
      expect(value).toBeGreaterThan(0.6);
      expect(value).toBeLessThan(9.4);
    }
  });

  it('keeps the corners of a bay', () => {
    const polygon = flat([
      [0, 0],
      [10, 0],
      [10, 10],
      [5.2, 10],
      [5.1, 1],
      [4.9, 1],
      [4.8, 10],
      [0, 10],
    ]);
    expectFilled(polygon, triangulatePolygon(polygon, 1));
  });

  it('keeps corners on straight sides, which a rim needs', () => {
    const sides: Point[] = [];
    for (let at = 0; at < 10; at++) sides.push([at, 0]);
    for (let at = 0; at < 10; at++) sides.push([10, at]);
    for (let at = 0; at < 10; at++) sides.push([10 - at, 10]);
    for (let at = 0; at < 10; at++) sides.push([0, 10 - at]);
    for (const spacing of [100, 1]) {
      const polygon = flat(sides);
      const result = triangulatePolygon(polygon, spacing);
      expectFilled(polygon, result);
      expect(result.points.length > polygon.length).toBe(spacing === 1);
    }
  });

  it('fills what is as thin as rounding', () => {
    const needle: Point[] = [
      [0, 0],
      [1, 1e-13],
      [2, -1e-13],
      [3, 0],
      [2, 1e-12],
      [1, 2e-12],
    ];
    expectFilled(flat(needle), triangulatePolygon(flat(needle), 1));
  });

  it('fills a ring that is open by less than rounding of its size', () => {
    const outer = star(new Array<number>(48).fill(10));
    const inner = star(new Array<number>(48).fill(6)).reverse();
    const polygon = flat([
      [10, -1e-12],
      ...outer
        .slice(1)
        .reverse()
        .map(([x, y]): Point => [x, -y]),
      [10, -2e-12],
      [6, -2e-12],
      ...inner
        .slice(0, -1)
        .reverse()
        .map(([x, y]): Point => [x, -y])
        .reverse(),
      [6, -1e-12],
    ]);
    expect(polygonArea(polygon)).toBeGreaterThan(150);
    expectFilled(polygon, triangulatePolygon(polygon, 1));
  });

  it.each<[string, readonly Point[]]>([
    [
      'a corner twice in a row',
      [
        [0, 0],
        [4, 0],
        [4, 0],
        [4, 4],
        [0, 4],
      ],
    ],
    [
      'a corner met again',
      [
        [0, 0],
        [4, 0],
        [2, 2],
        [4, 4],
        [0, 4],
        [2, 2],
      ],
    ],
    [
      'a corner on another edge',
      [
        [0, 0],
        [4, 0],
        [4, 4],
        [2, 0],
        [0, 4],
      ],
    ],
    [
      'edges that cross',
      [
        [0, 0],
        [4, 0],
        [4, 4],
        [2, -0.01],
        [0, 4],
      ],
    ],
    [
      'all corners on a line',
      [
        [0, 0],
        [1, 0],
        [2, 0],
        [3, 0],
      ],
    ],
    [
      'all corners in one place',
      [
        [1, 1],
        [1, 1],
        [1, 1],
        [1, 1],
      ],
    ],
    [
      'a spike without width',
      [
        [0, 0],
        [4, 0],
        [4, 2],
        [9, 2],
        [4, 2],
        [4, 4],
        [0, 4],
      ],
    ],
  ])('leaves no hole for %s', (_, points) => {
    for (const spacing of [100, 0.5]) expectDisc(flat(points), triangulatePolygon(flat(points), spacing));
  });

  it('fills polygons of any outline', () => {
    const radius = fc.double({ min: 1, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(radius, { minLength: 5, maxLength: 60 }), (radii) => {
        const polygon = flat(star(radii));
        expectFilled(polygon, triangulatePolygon(polygon, 2));
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('fills polygons whose corners lie on a lattice, on lines and circles with one another', () => {
    // Stairs up and down over a flat bottom.
    const heights = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(heights, fc.constantFrom(0.5, 1, 50), (steps, spacing) => {
        const top = steps.flatMap((height, at): Point[] => [
          [at, height],
          [at + 1, height],
        ]);
        const outline = top.filter(
          ([x, y], index) => index === 0 || x !== top[index - 1]![0] || y !== top[index - 1]![1],
        );
        const polygon = flat([[0, 0], [steps.length, 0], ...outline.reverse()]);
        expectFilled(polygon, triangulatePolygon(polygon, spacing));
      }),
      { numRuns: 200, seed: 2 },
    );
  });

  it('leaves no hole for any list of corners', () => {
    const coordinate = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.double({ min: 0, max: 4, noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 14 }), (points) => {
        expectDisc(flat(points), triangulatePolygon(flat(points), 1));
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it('refuses fewer than three corners', () => {
    expect(() => triangulatePolygon(Float64Array.of(0, 0, 1, 1), 1)).toThrow(RangeError);
  });
});
