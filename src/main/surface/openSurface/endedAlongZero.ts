import { submesh } from '#main/mesh/submesh.ts';
import { findBoundaryLoops } from '#main/mesh/topology.ts';
import { vertexNeighbours } from '#shared/mesh/edges.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { cutAlongZero } from '../../mesh/cutMesh.ts';
import { averaged } from '../extraction/capFunction.ts';
import { smoothRim } from '../extraction/smoothRim.ts';

/** The part of a mesh where the values at its vertices are below zero, its rims smoothed along their length. */
export function endedAlongZero(mesh: TriangleMesh, values: Float64Array): TriangleMesh {
  const cut = cutAlongZero(mesh, values);
  const kept = submesh(cut.mesh, (face) => cut.positive[face] === 0);
  // Smoothed while the other side is there as well, so that the surface follows.
  let smoothed = cut.mesh;
  for (const loop of findBoundaryLoops(kept.mesh)) {
    smoothed = smoothRim(
      smoothed,
      loop.map((vertex) => kept.sourceVertex[vertex]!),
    );
  }
  return submesh(smoothed, (face) => cut.positive[face] === 0).mesh;
}

const AVERAGING_ROUNDS = 8;

/**
 * The faces that are kept, with a clean edge: which faces lack support is partly chance, so their share round each vertex
 * is averaged and the mesh is cut where it is one half. Specks, kept or missing, vanish.
 * @param isKept 1 for each face that is kept
 */
export function endedSmoothly(mesh: TriangleMesh, isKept: Uint8Array): TriangleMesh {
  const balance = new Float64Array(vertexCount(mesh));
  const faces = new Uint32Array(vertexCount(mesh));
  for (let corner = 0; corner < 3 * faceCount(mesh); corner++) {
    const vertex = mesh.triangles[corner]!;
    balance[vertex]! += isKept[Math.floor(corner / 3)] === 1 ? -1 : 1;
    faces[vertex]!++;
  }
  const shares = balance.map((sum, vertex) => sum / Math.max(1, faces[vertex]!));
  return endedAlongZero(mesh, averaged(shares, vertexNeighbours(mesh), AVERAGING_ROUNDS));
}
