import { type MeshEdges, meshEdges, nextHalfEdge } from '#shared/mesh/edges.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';

export interface CutMesh {
  /** The mesh with a vertex on each edge that the cut crosses; the original vertices come first, unchanged. */
  readonly mesh: TriangleMesh;
  /** For each face 1 where the values are positive, 0 where they are not. */
  readonly positive: Uint8Array;
}

/** A cut keeps this share of an edge away from its ends, so that it leaves no sliver; it shifts by as much at most. */
const CLEARANCE = 0.4;

/**
 * Splits the triangles of a mesh along the zero line of values at its vertices (linear within a triangle). A value of
 * exactly 0 counts as negative. The result is as manifold as the mesh was.
 */
export function cutAlongZero(
  mesh: TriangleMesh,
  values: Float64Array | Float32Array,
  edges: MeshEdges = meshEdges(mesh),
): CutMesh {
  const { triangles, positionsLpsMm } = mesh;
  const vertexOnEdge = new Int32Array(edges.facesAtEdge.length).fill(-1);
  const positions: number[] = [];
  let next = vertexCount(mesh);
  for (let edge = 0; edge < vertexOnEdge.length; edge++) {
    const a = edges.vertexPairs[2 * edge]!;
    const b = edges.vertexPairs[2 * edge + 1]!;
    if (values[a]! > 0 === values[b]! > 0) continue;
    const exact = values[a]! / (values[a]! - values[b]!);
    const t = Math.min(1 - CLEARANCE, Math.max(CLEARANCE, exact));
    vertexOnEdge[edge] = next++;
    for (let axis = 0; axis < 3; axis++) {
      const start = positionsLpsMm[3 * a + axis]!;
      positions.push(start + t * (positionsLpsMm[3 * b + axis]! - start));
    }
  }
  const allPositions = new Float32Array(3 * next);
  allPositions.set(positionsLpsMm);
  allPositions.set(positions, positionsLpsMm.length);

  const isPositive = new Uint8Array(values.length);
  for (let vertex = 0; vertex < isPositive.length; vertex++) isPositive[vertex] = values[vertex]! > 0 ? 1 : 0;
  // A cut face becomes three.
  const capacity = faceCount(mesh) + 2 * crossedFaces(triangles, isPositive);
  const faces = new Uint32Array(3 * capacity);
  const positive = new Uint8Array(capacity);
  let made = 0;
  const put = (a: number, b: number, c: number, side: number): void => {
    faces[3 * made] = a;
    faces[3 * made + 1] = b;
    faces[3 * made + 2] = c;
    positive[made++] = side;
  };
  const squaredDistance = (a: number, b: number): number => {
    let sum = 0;
    for (let axis = 0; axis < 3; axis++)
      sum += (allPositions[3 * a + axis]! - allPositions[3 * b + axis]!) ** 2;
    return sum;
  };
  for (let face = 0; face < faceCount(mesh); face++) {
    // The half-edge that starts at the corner which is alone on its side, if there is one.
    let lone = -1;
    for (let h = 3 * face; h < 3 * face + 3; h++) {
      const own = isPositive[triangles[h]!]!;
      const after = isPositive[triangles[nextHalfEdge(h)]!]!;
      const before = isPositive[triangles[nextHalfEdge(nextHalfEdge(h))]!]!;
      if (own !== after && own !== before) lone = h;
    }
    if (lone < 0) {
      const first = triangles[3 * face]!;
      put(first, triangles[3 * face + 1]!, triangles[3 * face + 2]!, isPositive[first]!);
      continue;
    }
    const entering = nextHalfEdge(nextHalfEdge(lone));
    const a = triangles[lone]!;
    const b = triangles[nextHalfEdge(lone)]!;
    const c = triangles[entering]!;
    const onAb = vertexOnEdge[edges.edgeOfHalfEdge[lone]!]!;
    const onCa = vertexOnEdge[edges.edgeOfHalfEdge[entering]!]!;
    const loneSide = isPositive[a]!;
    put(a, onAb, onCa, loneSide);
    if (squaredDistance(onAb, c) < squaredDistance(b, onCa)) {
      put(onAb, b, c, 1 - loneSide);
      put(onAb, c, onCa, 1 - loneSide);
    } else {
      put(onAb, b, onCa, 1 - loneSide);
      put(b, c, onCa, 1 - loneSide);
    }
  }
  return { mesh: { positionsLpsMm: allPositions, triangles: faces }, positive };
}

/** How many faces have corners on both sides. */
function crossedFaces(triangles: Uint32Array, isPositive: Uint8Array): number {
  let count = 0;
  for (let h = 0; h < triangles.length; h += 3) {
    const sum = isPositive[triangles[h]!]! + isPositive[triangles[h + 1]!]! + isPositive[triangles[h + 2]!]!;
    if (sum === 1 || sum === 2) count++;
  }
  return count;
}
