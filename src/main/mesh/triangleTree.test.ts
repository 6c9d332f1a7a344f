import { expect, it } from 'vitest';
import { concatenateMeshes } from '#main/mesh/submesh.ts';
import { icosphere, torus } from '#shared/mesh/testing/primitives.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { createRandom } from '#shared/random/random.ts';
import { buildTriangleTree, nearestOnMesh } from './triangleTree.ts';

/** Distance to the nearest of a fine sampling of every triangle: an upper bound that comes near the truth. */
function sampledDistance(mesh: TriangleMesh, x: number, y: number, z: number): number {
  const { positionsLpsMm: p, triangles } = mesh;
  let best = Infinity;
  for (let face = 0; face < triangles.length; face += 3) {
    const [a, b, c] = [3 * triangles[face]!, 3 * triangles[face + 1]!, 3 * triangles[face + 2]!];
    for (let s = 0; s <= 12; s++) {
      for (let t = 0; t <= 12 - s; t++) {
        const [u, v] = [s / 12, t / 12];
        const at = (axis: number): number => p[a + axis]! * (1 - u - v) + p[b + axis]! * u + p[c + axis]! * v;
        best = Math.min(best, Math.hypot(at(0) - x, at(1) - y, at(2) - z));
      }
    }
  }
  return best;
}

it('finds the nearest point of a mesh, as brute force does', () => {
  const mesh = concatenateMeshes([icosphere([0, 0, 0], 4, 1), torus([3, 2, 1], 6, 2, 12, 8)]);
  const tree = buildTriangleTree(mesh);
  const random = createRandom(5);
  for (let trial = 0; trial < 60; trial++) {
    const [x, y, z] = [random.uniform(-12, 12), random.uniform(-12, 12), random.uniform(-12, 12)];
    const exact = nearestOnMesh(tree, x, y, z);
    const sampled = sampledDistance(mesh, x, y, z);
    expect(exact.distanceMm).toBeLessThanOrEqual(sampled + 1e-6);
    expect(exact.distanceMm).toBeGreaterThan(sampled - 0.15);
    expect(Math.hypot(exact.x - x, exact.y - y, exact.z - z)).toBeCloseTo(exact.distanceMm, 9);
    expect(sampledDistance(mesh, exact.x, exact.y, exact.z)).toBeLessThan(0.25);
  }
});

it('answers exact distances to the parts of one triangle', () => {
  const mesh: TriangleMesh = {
    positionsLpsMm: Float32Array.of(0, 0, 0, 4, 0, 0, 0, 3, 0),
    triangles: Uint32Array.of(0, 1, 2),
  };
  const tree = buildTriangleTree(mesh);
  expect(nearestOnMesh(tree, 1, 1, 5).distanceMm).toBeCloseTo(5, 9);
  expect(nearestOnMesh(tree, -3, -4, 0).distanceMm).toBeCloseTo(5, 9);
  expect(nearestOnMesh(tree, 2, -2, 0).distanceMm).toBeCloseTo(2, 9);
  expect(nearestOnMesh(tree, 7, 0, 4).distanceMm).toBeCloseTo(5, 9);
  const beyond = nearestOnMesh(tree, 4, 3, 0);
  expect(beyond.distanceMm).toBeCloseTo(12 / 5, 6);
  expect(nearestOnMesh(tree, 0, 0, 5, undefined, 4)).toMatchObject({ face: -1, distanceMm: 4 });
});
