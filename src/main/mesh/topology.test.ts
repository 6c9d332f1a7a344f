import { describe, expect, it } from 'vitest';
import { box, icosphere, torus } from '#shared/mesh/testing/primitives.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { concatenateMeshes, largestShell, submesh } from './submesh.ts';
import { findBoundaryLoops, meshTopology } from './topology.ts';

const closed = {
  boundaryLoops: 0,
  watertight: true,
  nonManifoldEdges: 0,
  nonManifoldVertices: 0,
  misorientedEdges: 0,
};

describe('meshTopology', () => {
  it('describes a sphere, a torus and two of them', () => {
    expect(meshTopology(icosphere([0, 0, 0], 1, 2))).toMatchObject({
      ...closed,
      vertices: 162,
      faces: 320,
      components: 1,
      eulerCharacteristic: 2,
      genus: 0,
    });
    expect(meshTopology(torus([0, 0, 0], 5, 2, 24, 12))).toMatchObject({
      ...closed,
      eulerCharacteristic: 0,
      genus: 1,
    });
    const both = concatenateMeshes([icosphere([20, 0, 0], 1, 1), torus([0, 0, 0], 5, 2, 24, 12)]);
    expect(meshTopology(both)).toMatchObject({ ...closed, components: 2, eulerCharacteristic: 2, genus: 1 });
  });

  it('counts the loops of a sphere with two faces taken out', () => {
    const sphere = icosphere([0, 0, 0], 1, 2);
    const open = submesh(sphere, (face) => face !== 3 && face !== 200).mesh;
    expect(meshTopology(open)).toMatchObject({
      boundaryLoops: 2,
      boundaryEdges: 6,
      watertight: false,
      genus: 0,
    });
    expect(findBoundaryLoops(open).map((loop) => loop.length)).toEqual([3, 3]);
  });

  it('runs a boundary loop in the direction of its faces', () => {
    const square: TriangleMesh = {
      positionsLpsMm: Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0),
      triangles: Uint32Array.of(0, 1, 2, 0, 2, 3),
    };
    expect(findBoundaryLoops(square).map((loop) => [...loop])).toEqual([[0, 1, 2, 3]]);
  });

  it('finds an edge of three faces, a pinched vertex, a turned face and an unused vertex', () => {
    const positionsLpsMm = new Float32Array(3 * 8);
    const fin = { positionsLpsMm, triangles: Uint32Array.of(0, 1, 2, 1, 0, 3, 0, 1, 4) };
    expect(meshTopology(fin)).toMatchObject({ nonManifoldEdges: 1, unusedVertices: 3 });
    const pinch = { positionsLpsMm, triangles: Uint32Array.of(0, 1, 2, 0, 3, 4) };
    expect(meshTopology(pinch)).toMatchObject({ nonManifoldEdges: 0, nonManifoldVertices: 1, components: 2 });
    const turned = { positionsLpsMm, triangles: Uint32Array.of(0, 1, 2, 0, 1, 3) };
    expect(meshTopology(turned)).toMatchObject({ misorientedEdges: 1 });
  });
});

it('largestShell drops cavities and small pieces', () => {
  const outer = icosphere([0, 0, 0], 10, 2);
  const cavity = icosphere([0, 0, 0], 5, 2);
  cavity.triangles.reverse();
  const kept = largestShell(concatenateMeshes([cavity, box([20, 20, 20], [22, 22, 22]), outer]));
  expect(kept.mesh.positionsLpsMm).toEqual(outer.positionsLpsMm);
  expect(kept.sourceVertex[0]).toBe(cavity.positionsLpsMm.length / 3 + 8);
});
