import { vertexNeighbours } from '#shared/mesh/edges.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { selfIntersectingFaces } from './selfIntersections.ts';

export interface UntangleOptions {
  /** 1 for each vertex that must stay (the rim); they stay as long as anything else helps. */
  readonly fixed?: Uint8Array;
  /** Default 24. In the last third the fixed vertices move as well. */
  readonly rounds?: number;
}

export interface Untangled {
  /** The mesh itself where nothing pierces. */
  readonly mesh: TriangleMesh;
  /** Pairs of faces that still pierce each other. */
  readonly selfIntersections: number;
}

/**
 * Smooths a mesh where its faces pierce each other, and nowhere else, until none do: the corners of such faces and
 * their neighbours, further out with every round, move towards the mean of their neighbours. Connections stay.
 */
export function untangle(mesh: TriangleMesh, { fixed, rounds = 24 }: UntangleOptions = {}): Untangled {
  let tangled = selfIntersectingFaces(mesh);
  if (tangled.length === 0) return { mesh, selfIntersections: 0 };
  const { start, neighbours } = vertexNeighbours(mesh);
  const positions = Float32Array.from(mesh.positionsLpsMm);
  const result: TriangleMesh = { positionsLpsMm: positions, triangles: mesh.triangles };
  for (let round = 0; round < rounds && tangled.length > 0; round++) {
    const isFree = round >= (2 * rounds) / 3;
    const moving = new Uint8Array(vertexCount(mesh));
    for (const pair of tangled) {
      for (const face of pair) {
        for (let corner = 0; corner < 3; corner++) moving[mesh.triangles[3 * face + corner]!] = 1;
      }
    }
    for (let ring = 0; ring <= Math.min(3, round >> 2); ring++) {
      const inner = moving.slice();
      inner.forEach((is, vertex) => {
        if (is)
          for (let slot = start[vertex]!; slot < start[vertex + 1]!; slot++) moving[neighbours[slot]!] = 1;
      });
    }
    const before = positions.slice();
    moving.forEach((is, vertex) => {
      if (!is || (!isFree && fixed?.[vertex] === 1)) return;
      const count = start[vertex + 1]! - start[vertex]!;
      for (let axis = 0; axis < 3; axis++) {
        let sum = 0;
        for (let slot = start[vertex]!; slot < start[vertex + 1]!; slot++)
          sum += before[3 * neighbours[slot]! + axis]!;
        positions[3 * vertex + axis] = 0.5 * before[3 * vertex + axis]! + (0.5 * sum) / count;
      }
    });
    tangled = selfIntersectingFaces(result);
  }
  return { mesh: result, selfIntersections: tangled.length };
}
