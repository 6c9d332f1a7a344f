import { meshEdges, nextHalfEdge } from './edges.ts';
import { faceCount, type TriangleMesh, vertexCount } from './triangleMesh.ts';

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
export function cutAlongZero(mesh: TriangleMesh, values: ArrayLike<number>): CutMesh {
  const { triangles, positionsLpsMm } = mesh;
  const edges = meshEdges(mesh);
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

  const faces: number[] = [];
  const positive: number[] = [];
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
      const own = values[triangles[h]!]! > 0;
      const after = values[triangles[nextHalfEdge(h)]!]! > 0;
      const before = values[triangles[nextHalfEdge(nextHalfEdge(h))]!]! > 0;
      if (own !== after && own !== before) lone = h;
    }
    const [h0, h1, h2] = [3 * face, 3 * face + 1, 3 * face + 2];
    if (lone < 0) {
      faces.push(triangles[h0]!, triangles[h1]!, triangles[h2]!);
      positive.push(values[triangles[h0]!]! > 0 ? 1 : 0);
      continue;
    }
    const entering = nextHalfEdge(nextHalfEdge(lone));
    const a = triangles[lone]!;
    const b = triangles[nextHalfEdge(lone)]!;
    const c = triangles[entering]!;
    const onAb = vertexOnEdge[edges.edgeOfHalfEdge[lone]!]!;
    const onCa = vertexOnEdge[edges.edgeOfHalfEdge[entering]!]!;
    const loneSide = values[a]! > 0 ? 1 : 0;
    faces.push(a, onAb, onCa);
    if (squaredDistance(onAb, c) < squaredDistance(b, onCa)) faces.push(onAb, b, c, onAb, c, onCa);
    else faces.push(onAb, b, onCa, b, c, onCa);
    positive.push(loneSide, 1 - loneSide, 1 - loneSide);
  }
  return {
    mesh: { positionsLpsMm: allPositions, triangles: Uint32Array.from(faces) },
    positive: Uint8Array.from(positive),
  };
}
