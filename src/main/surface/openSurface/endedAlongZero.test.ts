import { expect, it } from 'vitest';
import { submesh } from '#main/mesh/submesh.ts';
import { findBoundaryLoops, meshTopology } from '#main/mesh/topology.ts';
import { distance } from '#shared/geometry/vec3.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { faceCount, type TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { createRandom } from '#shared/random/random.ts';
import { endedSmoothly } from './endedAlongZero.ts';

const rimLengthMm = (mesh: TriangleMesh): number =>
  findBoundaryLoops(mesh)
    .map((loop) => Array.from(loop, (vertex) => vertexLpsMm(mesh, vertex)))
    .map((line) => line.reduce((sum, point, n) => sum + distance(point, line[(n + 1) % line.length]!), 0))
    .reduce((sum, length) => sum + length, 0);

it('endedSmoothly gives a half sphere whose edge is ragged, with holes and specks, its circle back', () => {
  const sphere = icosphere([0, 0, 0], 12, 5);
  const random = createRandom(5);
  const isKept = Uint8Array.from({ length: faceCount(sphere) }, (_, face) => {
    const z = vertexLpsMm(sphere, sphere.triangles[3 * face]!)[2] + random.normal(0, 0.5);
    return z > 0 !== random.chance(0.01) ? 1 : 0;
  });
  const ragged = submesh(sphere, (face) => isKept[face] === 1).mesh;
  const circleMm = 2 * Math.PI * 12;
  expect(rimLengthMm(ragged)).toBeGreaterThan(1.4 * circleMm);
  const smooth = endedSmoothly(sphere, isKept);
  expect(meshTopology(smooth)).toMatchObject({ components: 1, boundaryLoops: 1, nonManifoldEdges: 0 });
  expect(rimLengthMm(smooth) / circleMm).toBeLessThan(1.05);
  for (const vertex of findBoundaryLoops(smooth)[0]!) {
    expect(Math.abs(vertexLpsMm(smooth, vertex)[2])).toBeLessThan(0.8);
  }
});
