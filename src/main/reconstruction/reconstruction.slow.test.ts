import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { submesh } from '#main/mesh/submesh.ts';
import { meshTopology } from '#main/mesh/topology.ts';
import { CancelledError } from '#shared/errors.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { createRandom } from '#shared/random/random.ts';
import { fillSmallHoles } from '../mesh/fillHoles.ts';
import { orientedNormals } from './orientedNormals.ts';
import { createPointGrid } from './pointGrid.ts';
import { poissonDiskSubset } from './poissonDisk.ts';
import { MIN_COVERED_SHARE, reconstructSurface } from './reconstructSurface.ts';

const RADIUS_MM = 10;
const CENTRE: readonly [number, number, number] = [5, -7, 30];

/** Points on a sphere, open below z = `openBelow` of its radius, with noise along the normal. */
function bowl(count: number, openBelow: number, noiseMm = 0, seed = 1): Float32Array {
  const random = createRandom(seed);
  const points: number[] = [];
  while (points.length < 3 * count) {
    const direction = [random.normal(0, 1), random.normal(0, 1), random.normal(0, 1)];
    const length = Math.hypot(...direction);
    if (direction[2]! / length < openBelow) continue;
    const radius = RADIUS_MM + random.normal(0, noiseMm);
    points.push(...direction.map((value, axis) => CENTRE[axis]! + (radius * value) / length));
  }
  return Float32Array.from(points);
}

const distanceFromCentre = (points: Float32Array, point: number): number =>
  Math.hypot(
    points[3 * point]! - CENTRE[0],
    points[3 * point + 1]! - CENTRE[1],
    points[3 * point + 2]! - CENTRE[2],
  );

/** How far the vertices lie from the sphere, at most. */
const mostOffMm = ({ positionsLpsMm }: TriangleMesh): number =>
  Array.from({ length: positionsLpsMm.length / 3 }, (_, vertex) =>
    Math.abs(distanceFromCentre(positionsLpsMm, vertex) - RADIUS_MM),
  ).reduce((most, mm) => Math.max(most, mm), 0);

describe('createPointGrid', () => {
  it('finds what brute force finds', () => {
    const coordinate = fc.double({ min: -10, max: 10, noNaN: true });
    const triple = fc.tuple(coordinate, coordinate, coordinate);
    fc.assert(
      fc.property(
        fc.array(triple, { minLength: 1, maxLength: 60 }),
        triple,
        fc.double({ min: 0.1, max: 8, noNaN: true }),
        fc.double({ min: 0.5, max: 5, noNaN: true }),
        (list, place, radius, cell) => {
          const points = Float64Array.from(list.flat());
          const grid = createPointGrid(points, cell);
          const squared = (point: number): number =>
            [0, 1, 2].reduce((sum, axis) => sum + (points[3 * point + axis]! - place[axis]!) ** 2, 0);
          const all = list.map((_, point) => point);
          const found: number[] = [];
          grid.forEachWithin(...place, radius, (point) => found.push(point));
          expect(found.sort((a, b) => a - b)).toEqual(
            all.filter((point) => squared(point) <= radius * radius),
          );
          const nearest = all.toSorted((a, b) => squared(a) - squared(b) || a - b).slice(0, 5);
          expect(grid.nearest(...place, 5).map(squared)).toEqual(nearest.map(squared));
        },
      ),
    );
  });
});

describe('poissonDiskSubset', () => {
  const cloud = bowl(4800, -1);
  const chosen = poissonDiskSubset(cloud, 600);
  it('keeps the number asked for, spread far more evenly than chance', () => {
    const nearestDistances = (chosen: Uint32Array): number[] => {
      const kept = Float32Array.from(
        [...chosen].flatMap((point) => [...cloud.subarray(3 * point, 3 * point + 3)]),
      );
      const grid = createPointGrid(kept, 1);
      return Array.from(chosen, (_, index) => {
        const other = grid.nearest(kept[3 * index]!, kept[3 * index + 1]!, kept[3 * index + 2]!, 2).at(-1)!;
        return Math.hypot(...[0, 1, 2].map((axis) => kept[3 * other + axis]! - kept[3 * index + axis]!));
      });
    };
    expect(chosen).toHaveLength(600);
    const even = nearestDistances(chosen);
    const byChance = nearestDistances(Uint32Array.from({ length: 600 }, (_, index) => 8 * index));
    expect(Math.min(...even)).toBeGreaterThan(5 * Math.min(...byChance));
    // Discs in the densest packing of 600 on 4πr² are 1.6 mm apart; good blue noise comes to 0.7 of that.
    expect(Math.min(...even)).toBeGreaterThan(
      0.7 * Math.sqrt((2 * 4 * Math.PI * RADIUS_MM ** 2) / (Math.sqrt(3) * 600)) * 0.8,
    );
  });

  it('gives the same subset for the same cloud, and all of a small one', () => {
    expect(poissonDiskSubset(cloud, 600)).toEqual(chosen);
    expect(poissonDiskSubset(cloud.subarray(0, 30), 500)).toEqual(
      Uint32Array.from({ length: 10 }, (_, i) => i),
    );
  });
});

it('orients normals outward, and knows the area that points stand for', () => {
  const cloud = bowl(4000, -0.5, 0.02);
  const { normals, areas } = orientedNormals(cloud);
  for (let point = 0; point < areas.length; point++) {
    const radial = [0, 1, 2].reduce(
      (sum, axis) => sum + normals[3 * point + axis]! * (cloud[3 * point + axis]! - CENTRE[axis]!),
      0,
    );
    expect(radial / distanceFromCentre(cloud, point)).toBeGreaterThan(0.85);
  }
  const total = areas.reduce((sum, area) => sum + area, 0);
  // A cap of height 1.5 r has the area 2πr·1.5r.
  expect(total / (2 * Math.PI * RADIUS_MM * 1.5 * RADIUS_MM)).toBeGreaterThan(0.85);
  expect(total / (2 * Math.PI * RADIUS_MM * 1.5 * RADIUS_MM)).toBeLessThan(1.25);
});

it("fills small holes with the surface's own orientation, and never the longest rim", () => {
  const sphere = icosphere([0, 0, 0], 10, 4);
  const heightOf = (face: number): number => vertexLpsMm(sphere, sphere.triangles[3 * face]!)[2];
  // A mouth below z = −6, and a hole round the top.
  const open = submesh(sphere, (face) => heightOf(face) > -6 && heightOf(face) < 9.7).mesh;
  expect(meshTopology(open).boundaryLoops).toBe(2);
  const filled = fillSmallHoles(open, 20);
  expect(meshTopology(filled)).toMatchObject({ boundaryLoops: 1, nonManifoldEdges: 0, misorientedEdges: 0 });
  expect(meshTopology(fillSmallHoles(open, 5)).boundaryLoops).toBe(2);
});

describe('reconstructSurface', () => {
  it('closes a whole sphere, within a fraction of a cell of it', () => {
    const surface = reconstructSurface(bowl(6000, -1), { samples: 2500, cells: 64, supportRadiusMm: 1 })!;
    expect(meshTopology(surface.wall)).toMatchObject({ components: 1, boundaryLoops: 0, genus: 0 });
    expect(surface.removedShare).toBe(0);
    expect(surface.coveredShare).toBe(1);
    expect(mostOffMm(surface.wall)).toBeLessThan(0.15);
  });

  it('keeps the mouth of an open bowl: one rim near where the points end', () => {
    const surface = reconstructSurface(bowl(12_000, -0.5, 0.02), {
      samples: 3000,
      cells: 64,
      supportRadiusMm: 0.5,
    })!;
    const topology = meshTopology(surface.wall);
    expect(topology).toMatchObject({ components: 1, boundaryLoops: 1, genus: 0, nonManifoldEdges: 0 });
    expect(mostOffMm(surface.wall)).toBeLessThan(0.4);
    const { positionsLpsMm } = surface.wall;
    let lowest = Infinity;
    for (let vertex = 0; vertex < positionsLpsMm.length / 3; vertex++) {
      lowest = Math.min(lowest, positionsLpsMm[3 * vertex + 2]! - CENTRE[2]);
    }
    expect(Math.abs(lowest + 0.5 * RADIUS_MM)).toBeLessThan(1);
  });

  it('follows most of the cloud, not what a few stray points far away enclose', () => {
    const near = bowl(4000, -0.5);
    // Three times the bowl's volume.
    const stray = bowl(250, -1, 0, 2).map(
      (value, n) => 1.5 * (value - CENTRE[n % 3]!) + 40 * (n % 3 === 0 ? 1 : 0),
    );
    const cloud = Float32Array.from([...near, ...stray.map((value, n) => value + CENTRE[n % 3]!)]);
    const { wall, coveredShare } = reconstructSurface(cloud, {
      samples: 1500,
      cells: 64,
      supportRadiusMm: 1,
    })!;
    expect(coveredShare).toBeGreaterThan(0.7);
    expect(mostOffMm(wall)).toBeLessThan(1.5);
  });

  it('says how little of its cloud a surface follows that is one of three parts', () => {
    const sphere = bowl(3000, -1);
    const apart = [-40, 0, 40].flatMap((shift) =>
      Array.from(sphere, (value, index) => (index % 3 === 0 ? value + shift : value)),
    );
    const surface = reconstructSurface(Float32Array.from(apart), {
      samples: 1800,
      cells: 64,
      supportRadiusMm: 1,
    })!;
    expect(surface.coveredShare).toBeGreaterThan(0.3);
    expect(surface.coveredShare).toBeLessThan(MIN_COVERED_SHARE);
  });

  it('gives nothing for a handful of points, and stops when it is cancelled', () => {
    expect(reconstructSurface(bowl(5, -1))).toBeUndefined();
    const controller = new AbortController();
    controller.abort();
    expect(() => reconstructSurface(bowl(1000, -1), { signal: controller.signal })).toThrow(CancelledError);
  });
});
