import { meshEdges } from '#shared/mesh/edges.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';

/**
 * Puts a vertex in the middle of every inner edge that joins two marked vertices. A cap over a rim may then use any
 * chord of it: none is an edge of the wall already. New vertices come last.
 * @param marked 1 for the rim's vertices.
 */
export function splitEdgesBetween(mesh: TriangleMesh, marked: Uint8Array): TriangleMesh {
  const { vertexPairs, facesAtEdge, edgeOfHalfEdge } = meshEdges(mesh);
  const middle = new Int32Array(facesAtEdge.length).fill(-1);
  const places: number[] = [];
  let next = vertexCount(mesh);
  const { positionsLpsMm: p, triangles } = mesh;
  for (let edge = 0; edge < middle.length; edge++) {
    const [a, b] = [vertexPairs[2 * edge]!, vertexPairs[2 * edge + 1]!];
    if (facesAtEdge[edge] !== 2 || marked[a] !== 1 || marked[b] !== 1) continue;
    middle[edge] = next++;
    for (let axis = 0; axis < 3; axis++) places.push((p[3 * a + axis]! + p[3 * b + axis]!) / 2);
  }
  if (places.length === 0) return mesh;
  const positionsLpsMm = new Float32Array(3 * next);
  positionsLpsMm.set(p);
  positionsLpsMm.set(places, p.length);
  const faces: number[] = [];
  for (let h = 0; h < triangles.length; h += 3) {
    const corners = [triangles[h]!, triangles[h + 1]!, triangles[h + 2]!];
    const middles = [0, 1, 2].map((e) => middle[edgeOfHalfEdge[h + e]!]!);
    const split = middles.filter((vertex) => vertex >= 0).length;
    // The polygon of corners and middles, from the corner after which the pattern is always the same.
    const start =
      split === 1
        ? middles.findIndex((m) => m >= 0)
        : split === 2
          ? (middles.findIndex((m) => m < 0) + 1) % 3
          : 0;
    const [a, b, c] = [0, 1, 2].map((e) => corners[(start + e) % 3]!) as [number, number, number];
    const [ab, bc, ca] = [0, 1, 2].map((e) => middles[(start + e) % 3]!) as [number, number, number];
    if (split === 0) faces.push(a, b, c);
    else if (split === 1) faces.push(a, ab, c, ab, b, c);
    else if (split === 2) faces.push(ab, b, bc, a, ab, bc, a, bc, c);
    else faces.push(a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca);
  }
  return { positionsLpsMm, triangles: Uint32Array.from(faces) };
}
