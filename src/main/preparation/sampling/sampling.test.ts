import { describe, expect, it } from 'vitest';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { createRandom } from '#shared/random/random.ts';
import { submesh } from '../../mesh/submesh.ts';
import { buildTriangleTree } from '../../mesh/triangleTree.ts';
import { drawSamples } from './drawSamples.ts';
import { surfaceDistances } from './lumenSurfaces.ts';
import { closeLoops } from './openLumen.ts';
import { FAR_MM, shapeDiameters } from './shapeDiameter.ts';

const RADIUS = 10;
const CENTRE = [20, -30, 40] as const;
const frame = { centreLpsMm: CENTRE, edgeMm: 70 };
const sphere = icosphere(CENTRE, RADIUS, 4);
/** Where the shape does not matter: a sixteenth of the faces. */
const coarse = icosphere(CENTRE, RADIUS, 2);

/** A sphere's upper half, open below. */
const upperHalf = (of: TriangleMesh): TriangleMesh =>
  submesh(of, (face) => {
    const [a, b, c] = of.triangles.subarray(3 * face, 3 * face + 3);
    const z = (vertex: number) => of.positionsLpsMm[3 * vertex + 2]! - CENTRE[2];
    return z(a!) + z(b!) + z(c!) > 0;
  }).mesh;
const half = upperHalf(sphere);

/** A flat square of 2·n² triangles at a height, its normal up or down. */
function plate(heightMm: number, sizeMm: number, looksUp: boolean, n = 12): TriangleMesh {
  const positions: number[] = [];
  const triangles: number[] = [];
  for (let j = 0; j <= n; j++) {
    for (let i = 0; i <= n; i++) positions.push(sizeMm * (i / n - 0.5), sizeMm * (j / n - 0.5), heightMm);
  }
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      const [a, b, c, d] = [
        j * (n + 1) + i,
        j * (n + 1) + i + 1,
        (j + 1) * (n + 1) + i,
        (j + 1) * (n + 1) + i + 1,
      ];
      for (const face of [
        [a, b, d],
        [a, d, c],
      ])
        triangles.push(...(looksUp ? face : face.toReversed()));
    }
  }
  return { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
}

function joined(a: TriangleMesh, b: TriangleMesh): TriangleMesh {
  const vertices = a.positionsLpsMm.length / 3;
  return {
    positionsLpsMm: Float32Array.from([...a.positionsLpsMm, ...b.positionsLpsMm]),
    triangles: Uint32Array.from([...a.triangles, ...Array.from(b.triangles, (vertex) => vertex + vertices)]),
  };
}

describe('shapeDiameters', () => {
  /** The values of faces within 10 mm of the middle, where no ray passes the plates' edges. */
  const inMiddle = (mesh: TriangleMesh, values: Float32Array) =>
    Array.from(values).filter((_, face) => {
      const p = mesh.positionsLpsMm.subarray(3 * mesh.triangles[3 * face]!);
      return Math.abs(p[0]!) < 10 && Math.abs(p[1]!) < 10;
    });

  it('is the distance of parallel plates, on the side that they face each other', () => {
    // Normals outward: a slab of 3 mm.
    const slab = joined(plate(0, 60, false), plate(3, 60, true));
    const { insideMm, outsideMm } = shapeDiameters(buildTriangleTree(slab), createRandom(1));
    for (const value of inMiddle(slab, insideMm)) expect(value).toBeCloseTo(3, 4);
    for (const value of inMiddle(slab, outsideMm)) expect(value).toBe(FAR_MM);
    // Normals towards each other: two walls with a gap of 3 mm.
    const gap = joined(plate(0, 60, true), plate(3, 60, false));
    const other = shapeDiameters(buildTriangleTree(gap), createRandom(1));
    for (const value of inMiddle(gap, other.outsideMm)) expect(value).toBeCloseTo(3, 4);
    for (const value of inMiddle(gap, other.insideMm)) expect(value).toBe(FAR_MM);
  });

  it('sees no wall that shows it its other side', () => {
    // Both look up: what is inside of the upper is outside of the lower.
    const shelf = joined(plate(0, 60, true), plate(3, 60, true));
    const { insideMm, outsideMm } = shapeDiameters(buildTriangleTree(shelf), createRandom(1));
    for (const value of inMiddle(shelf, [insideMm, outsideMm][0]!)) expect(value).toBe(FAR_MM);
    for (const value of inMiddle(shelf, outsideMm)) expect(value).toBe(FAR_MM);
  });

  it('is a little less than the diameter of a sphere, everywhere the same, for any fineness', () => {
    // Within the cone rays have lengths of 2r·cos and heights of 2r·cos²: 0.93 of the diameter on average.
    for (const subdivisions of [3, 4]) {
      const { insideMm } = shapeDiameters(
        buildTriangleTree(icosphere([0, 0, 0], 4, subdivisions)),
        createRandom(1),
      );
      for (const value of insideMm) expect(Math.abs(value / 8 - 0.93)).toBeLessThan(0.02);
    }
  });
});

describe('drawSamples', () => {
  const counts = { category: 800, dualField: 800 };
  const radiusAt = (points: Float64Array, n: number) =>
    35 * Math.hypot(points[3 * n]!, points[3 * n + 1]!, points[3 * n + 2]!);

  it('measures a sphere exactly, the fields of a closed surface differing in sign only', async () => {
    const { categories, dualField } = await drawSamples(
      surfaceDistances({ wall: sphere, closed: sphere }),
      frame,
      counts,
      createRandom(1),
    );
    for (const [category, { points, occupancies }] of categories) {
      occupancies.forEach((occupancy, n) => {
        const r = radiusAt(points, n);
        // The icosphere lies within 0.02 mm of the sphere.
        expect(Math.abs(35 * occupancy - Math.abs(r - RADIUS))).toBeLessThan(0.03);
        if (category === 'in1') expect(r).toBeLessThan(RADIUS + 0.03);
        if (category === 'out1') expect(r).toBeGreaterThan(RADIUS - 0.03);
      });
    }
    dualField.signed.forEach((signed, n) => {
      expect(Math.abs(35 * signed - (radiusAt(dualField.points, n) - RADIUS))).toBeLessThan(0.03);
      expect(dualField.unsigned[n]).toBeCloseTo(Math.abs(signed), 12);
    });
  });

  it('measures an open half-sphere to its rim and to its lid', async () => {
    const closed = closeLoops(half);
    const { dualField } = await drawSamples(
      surfaceDistances({ wall: half, closed }),
      frame,
      counts,
      createRandom(2),
    );
    dualField.unsigned.forEach((unsigned, n) => {
      const [x, y, z] = [0, 1, 2].map((axis) => 35 * dualField.points[3 * n + axis]!) as [
        number,
        number,
        number,
      ];
      const [across, r] = [Math.hypot(x, y), Math.hypot(x, y, z)];
      const toRim = Math.hypot(across - RADIUS, z);
      // The rim follows the icosphere's edges, up to half an edge (0.36 mm) off the equator.
      expect(Math.abs(35 * unsigned - (z > 0 ? Math.abs(r - RADIUS) : toRim))).toBeLessThan(
        z > -1 && z < 1 ? 0.4 : 0.25,
      );
      const isInside = z > 0 && r < RADIUS;
      const signed = isInside ? -Math.min(RADIUS - r, z) : z > 0 ? r - RADIUS : across < RADIUS ? -z : toRim;
      if (Math.abs(z) > 0.5) expect(Math.abs(35 * dualField.signed[n]! - signed)).toBeLessThan(0.45);
    });
  });

  it('moves points by the shape diameter: |N(0, SD/4)|', async () => {
    const ball = icosphere(CENTRE, RADIUS, 3);
    const { categories } = await drawSamples(
      surfaceDistances({ wall: ball, closed: ball }),
      frame,
      { category: 5000, dualField: 1 },
      createRandom(3),
    );
    // 0.93 of 20 mm inside, far outside; normal() leaves out what is beyond three standard deviations.
    const rootMeanSquare = (values: Float64Array) =>
      35 * Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    expect(rootMeanSquare(categories.get('in1')!.occupancies) / (18.6 / 4)).toBeCloseTo(0.98, 1);
    expect(rootMeanSquare(categories.get('out1')!.occupancies) / (FAR_MM / 4)).toBeCloseTo(0.98, 1);
  });

  it('draws by area whatever the faces are, and thin places ten times as densely', async () => {
    // Two spheres of equal area, one of many faces; a small one is thin.
    const fine = icosphere([-20, 0, 0], 8, 3);
    const coarser = icosphere([20, 0, 0], 8, 2);
    const thin = icosphere([0, 0, 25], 1.5, 3);
    const surface = joined(joined(fine, coarser), thin);
    const { categories } = await drawSamples(
      surfaceDistances({ wall: surface, closed: surface }),
      { centreLpsMm: [0, 0, 0], edgeMm: 70 },
      { category: 12_000, dualField: 1 },
      createRandom(4),
    );
    const { points } = categories.get('in1')!;
    let [left, right, above] = [0, 0, 0];
    for (let n = 0; n < 12_000; n++) {
      if (points[3 * n + 2]! > 0.5) above++;
      else if (points[3 * n]! < 0) left++;
      else right++;
    }
    // The coarse one's area is 3 % smaller.
    expect(left / right).toBeGreaterThan(0.95);
    expect(left / right).toBeLessThan(1.1);
    const areaRatio = (1.5 / 8) ** 2;
    expect(above / left / areaRatio).toBeGreaterThan(8.5);
    expect(above / left / areaRatio).toBeLessThan(11.5);
  });

  it('gives the same points for the same seed, others for another, and all within the cube', async () => {
    const off = { centreLpsMm: [20, -30, 10] as const, edgeMm: 70 };
    const open = upperHalf(coarse);
    const draw = (seed: number) =>
      drawSamples(
        surfaceDistances({ wall: open, closed: closeLoops(open) }),
        off,
        counts,
        createRandom(seed),
      );
    const [a, b, c] = [await draw(1), await draw(1), await draw(2)];
    expect(a).toEqual(b);
    expect(a.dualField.points).not.toEqual(c.dualField.points);
    for (const { points } of a.categories.values()) {
      expect(points.every((value) => Math.abs(value) <= 1)).toBe(true);
    }
  });

  it('refuses a surface outside of the cube, and stops when it is cancelled', async () => {
    const distances = surfaceDistances({ wall: coarse, closed: coarse });
    const far = { centreLpsMm: [200, 0, 0] as const, edgeMm: 70 };
    await expect(drawSamples(distances, far, counts, createRandom(1))).rejects.toThrow(
      'The surface lies outside of the cube of 70 mm.',
    );
    await expect(drawSamples(distances, frame, counts, createRandom(1), AbortSignal.abort())).rejects.toThrow(
      'Cancelled',
    );
  });
});
