import { expect, it } from 'vitest';
import { geodesicDistances } from '#main/mesh/geodesic.ts';
import { submesh } from '#main/mesh/submesh.ts';
import { findBoundaryLoops, meshTopology } from '#main/mesh/topology.ts';
import { signedVolumeMm3, surfaceAreaMm2 } from '#shared/mesh/measures.ts';
import { icosphere, torus } from '#shared/mesh/testing/primitives.ts';
import { vertexCount } from '#shared/mesh/triangleMesh.ts';
import { createRandom } from '#shared/random/random.ts';
import { cutAlongZero } from './cutMesh.ts';

it('cuts a sphere at a height into two caps with one loop each', () => {
  const sphere = icosphere([0, 0, 0], 10, 5);
  const heights = Float64Array.from(
    { length: vertexCount(sphere) },
    (_, v) => sphere.positionsLpsMm[3 * v + 2]! - 4,
  );
  const { mesh, positive } = cutAlongZero(sphere, heights);
  expect(meshTopology(mesh)).toMatchObject({
    watertight: true,
    eulerCharacteristic: 2,
    nonManifoldVertices: 0,
    misorientedEdges: 0,
  });
  expect(signedVolumeMm3(mesh)).toBeCloseTo(signedVolumeMm3(sphere), -1);
  const upper = submesh(mesh, (face) => positive[face] === 1).mesh;
  expect(meshTopology(upper)).toMatchObject({ components: 1, boundaryLoops: 1, genus: 0 });
  // A cap of height 6 on a sphere of radius 10.
  expect(surfaceAreaMm2(upper) / (2 * Math.PI * 10 * 6)).toBeCloseTo(1, 1);
  for (const vertex of findBoundaryLoops(upper)[0]!) {
    expect(Math.abs(upper.positionsLpsMm[3 * vertex + 2]! - 4)).toBeLessThan(0.25);
  }
});

it('keeps any mesh manifold whatever the values, zeros too', () => {
  const random = createRandom(3);
  for (let trial = 0; trial < 30; trial++) {
    const ring = torus([0, 0, 0], 8, 3, 16, 10);
    const values = Float64Array.from({ length: vertexCount(ring) }, () => random.integer(-2, 2));
    const { mesh, positive } = cutAlongZero(ring, values);
    expect(meshTopology(mesh)).toMatchObject({
      watertight: true,
      genus: 1,
      nonManifoldVertices: 0,
      misorientedEdges: 0,
    });
    for (const side of [0, 1]) {
      expect(meshTopology(submesh(mesh, (face) => positive[face] === side).mesh).nonManifoldVertices).toBe(0);
    }
  }
});

it('measures geodesic distances on a sphere to within 2 %', () => {
  const sphere = icosphere([0, 0, 0], 10, 5);
  const distances = geodesicDistances(sphere, [[0, 0]]);
  const p = sphere.positionsLpsMm;
  for (let v = 1; v < vertexCount(sphere); v++) {
    const cosine = (p[0]! * p[3 * v]! + p[1]! * p[3 * v + 1]! + p[2]! * p[3 * v + 2]!) / 100;
    const truth = 10 * Math.acos(Math.max(-1, Math.min(1, cosine)));
    expect(Math.abs(distances[v]! - truth)).toBeLessThan(0.02 * truth + 0.05);
  }
  const near = geodesicDistances(sphere, [[0, 0.5]], 3);
  expect(near[0]).toBe(0.5);
  expect(near.some((value) => value === Infinity)).toBe(true);
  expect(Math.max(...near.filter((value) => value < Infinity))).toBeLessThanOrEqual(3);
});
