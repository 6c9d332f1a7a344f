import { expect, it } from 'vitest';
import { signedVolumeMm3, vertexLpsMm } from '#shared/mesh/measures.ts';
import { icosphere } from '#shared/mesh/testing/primitives.ts';
import { capLoop, fanLoop } from './capLoop.ts';
import { submesh } from './submesh.ts';
import { findBoundaryLoops, meshTopology } from './topology.ts';

const sphere = icosphere([3, 4, 5], 10, 3);
const bowl = submesh(sphere, (face) => vertexLpsMm(sphere, sphere.triangles[3 * face]!)[2] < 10).mesh;
const rim = findBoundaryLoops(bowl)[0]!;

it.each([
  ['capLoop', capLoop],
  ['fanLoop', fanLoop],
])('%s closes a rim that is not plane, turned outward as the surface is', (_, close) => {
  const closed = close(bowl, rim);
  expect(meshTopology(closed)).toMatchObject({ components: 1, watertight: true, genus: 0 });
  expect(meshTopology(closed).misorientedEdges).toBe(0);
  // A ball of 10 mm less a cap of about 5 mm.
  const expected = (Math.PI / 3) * (4000 - 25 * 25);
  expect(Math.abs(signedVolumeMm3(closed) / expected - 1)).toBeLessThan(0.1);
  expect(closed.positionsLpsMm.subarray(0, bowl.positionsLpsMm.length)).toEqual(bowl.positionsLpsMm);
});

it('fanLoop closes a rim that crosses itself', () => {
  // Every other corner of the rim is thrown across to the other side.
  const positionsLpsMm = bowl.positionsLpsMm.slice();
  rim.forEach((vertex, index) => {
    if (index % 3 === 0) positionsLpsMm[3 * vertex] = 6 - positionsLpsMm[3 * vertex]!;
  });
  expect(meshTopology(fanLoop({ ...bowl, positionsLpsMm }, rim)).watertight).toBe(true);
});
