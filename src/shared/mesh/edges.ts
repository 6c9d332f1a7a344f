import { type TriangleMesh, vertexCount } from './triangleMesh.ts';

/**
 * The undirected edges of a mesh. Half-edge h = 3·f + c of face f runs from its corner c to its corner (c + 1) mod 3.
 */
export interface MeshEdges {
  /** 2·E vertex indices, the smaller first. */
  readonly vertexPairs: Uint32Array;
  /** Edge of each of the 3·F half-edges. */
  readonly edgeOfHalfEdge: Uint32Array;
  /** Number of faces at each edge: 1 at a border, 2 inside a manifold. */
  readonly facesAtEdge: Uint32Array;
}

export function meshEdges(mesh: TriangleMesh): MeshEdges {
  const { triangles } = mesh;
  const vertices = vertexCount(mesh);
  const halfEdges = triangles.length;
  // Half-edges bucketed by their smaller vertex; a bucket is short, so that a linear search in it is the fastest.
  const start = new Uint32Array(vertices + 1);
  for (let h = 0; h < halfEdges; h++) {
    const a = triangles[h]!;
    const b = triangles[nextHalfEdge(h)]!;
    start[(a < b ? a : b) + 1]!++;
  }
  for (let v = 0; v < vertices; v++) start[v + 1]! += start[v]!;
  const used = new Uint32Array(vertices);
  const highInSlot = new Uint32Array(halfEdges);
  const edgeInSlot = new Uint32Array(halfEdges);
  const edgeOfHalfEdge = new Uint32Array(halfEdges);
  const pairs = new Uint32Array(2 * halfEdges);
  const faces = new Uint32Array(halfEdges);
  let count = 0;
  for (let h = 0; h < halfEdges; h++) {
    const a = triangles[h]!;
    const b = triangles[nextHalfEdge(h)]!;
    const low = a < b ? a : b;
    const high = a < b ? b : a;
    const first = start[low]!;
    const end = first + used[low]!;
    let slot = first;
    while (slot < end && highInSlot[slot] !== high) slot++;
    if (slot === end) {
      highInSlot[slot] = high;
      edgeInSlot[slot] = count;
      used[low]!++;
      pairs[2 * count] = low;
      pairs[2 * count + 1] = high;
      count++;
    }
    const edge = edgeInSlot[slot]!;
    edgeOfHalfEdge[h] = edge;
    faces[edge]!++;
  }
  return { vertexPairs: pairs.slice(0, 2 * count), edgeOfHalfEdge, facesAtEdge: faces.slice(0, count) };
}

export const nextHalfEdge = (h: number): number => (h % 3 === 2 ? h - 2 : h + 1);

/**
 * For each half-edge the one on the other side of its edge, or −1 at a border and at an edge of more than two faces.
 */
export function oppositeHalfEdges(edges: MeshEdges): Int32Array {
  const { edgeOfHalfEdge, facesAtEdge } = edges;
  const first = new Int32Array(facesAtEdge.length).fill(-1);
  const opposite = new Int32Array(edgeOfHalfEdge.length).fill(-1);
  for (let h = 0; h < edgeOfHalfEdge.length; h++) {
    const edge = edgeOfHalfEdge[h]!;
    if (facesAtEdge[edge] !== 2) continue;
    const other = first[edge]!;
    if (other < 0) first[edge] = h;
    else {
      opposite[h] = other;
      opposite[other] = h;
    }
  }
  return opposite;
}

/** Neighbours of each vertex along edges, packed: those of v are `neighbours[start[v] … start[v + 1] − 1]`. */
export interface VertexNeighbours {
  readonly start: Uint32Array;
  readonly neighbours: Uint32Array;
}

export function vertexNeighbours(mesh: TriangleMesh, edges: MeshEdges = meshEdges(mesh)): VertexNeighbours {
  const { vertexPairs } = edges;
  const start = new Uint32Array(vertexCount(mesh) + 1);
  for (let index = 0; index < vertexPairs.length; index++) start[vertexPairs[index]! + 1]!++;
  for (let v = 1; v < start.length; v++) start[v]! += start[v - 1]!;
  const fill = start.slice(0, -1);
  const neighbours = new Uint32Array(vertexPairs.length);
  for (let edge = 0; edge < vertexPairs.length; edge += 2) {
    const a = vertexPairs[edge]!;
    const b = vertexPairs[edge + 1]!;
    neighbours[fill[a]!++] = b;
    neighbours[fill[b]!++] = a;
  }
  return { start, neighbours };
}
