import { expect, it } from 'vitest';
import { submesh } from '#main/mesh/submesh.ts';
import { findBoundaryLoops, meshTopology } from '#main/mesh/topology.ts';
import { signedVolumeMm3, smallestAnglesDegrees } from '#shared/mesh/measures.ts';
import { icosphere, torus } from '#shared/mesh/testing/primitives.ts';
import { vertexCount } from '#shared/mesh/triangleMesh.ts';
import { createRandom } from '#shared/random/random.ts';
import { collapseSlivers } from './collapseSlivers.ts';
import { cutAlongZero } from './cutMesh.ts';

it('takes needles out, keeps the topology, the volume and the border between labels', () => {
  const random = createRandom(9);
  for (let trial = 0; trial < 20; trial++) {
    const smooth = trial % 2 === 0 ? icosphere([0, 0, 0], 10, 4) : torus([0, 0, 0], 8, 3, 60, 30);
    // Vertices pushed along the surface make needles.
    const jittered = {
      ...smooth,
      positionsLpsMm: smooth.positionsLpsMm.map((value) => value + random.uniform(-0.25, 0.25)),
    };
    const heights = Float64Array.from(
      { length: vertexCount(smooth) },
      (_, v) => jittered.positionsLpsMm[3 * v]! - 4,
    );
    const cut = cutAlongZero(jittered, heights);
    const tidy = collapseSlivers({ mesh: cut.mesh, labels: cut.positive });
    const before = meshTopology(cut.mesh);
    expect(meshTopology(tidy.mesh)).toMatchObject({
      watertight: true,
      genus: before.genus,
      components: 1,
      nonManifoldVertices: 0,
      misorientedEdges: 0,
      unusedVertices: 0,
    });
    const count = (mesh: typeof smooth): number =>
      smallestAnglesDegrees(mesh).filter((angle) => angle < 15).length;
    expect(count(tidy.mesh)).toBeLessThan(0.5 * count(cut.mesh));
    expect(signedVolumeMm3(tidy.mesh) / signedVolumeMm3(cut.mesh)).toBeCloseTo(1, 2);
    const part = (mesh: typeof smooth, labels: Uint8Array) =>
      submesh(mesh, (face) => labels[face] === 1).mesh;
    const [rough, tidied] = [part(cut.mesh, cut.positive), part(tidy.mesh, tidy.labels)];
    expect(findBoundaryLoops(tidied)).toHaveLength(findBoundaryLoops(rough).length);
    const places = new Set(
      findBoundaryLoops(rough).flatMap((loop) => Array.from(loop, (v) => rough.positionsLpsMm[3 * v])),
    );
    for (const loop of findBoundaryLoops(tidied)) {
      for (const v of loop) expect(places.has(tidied.positionsLpsMm[3 * v])).toBe(true);
    }
  }
});
