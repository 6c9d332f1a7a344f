import { dot, type Vec3 } from '../geometry/vec3.ts';
import { meshEdges, nextHalfEdge, oppositeHalfEdges } from './edges.ts';
import { type TriangleMesh, vertexCount } from './triangleMesh.ts';

/** A chain of points in LPS mm; when closed the last joins the first. */
export interface PolylineLps {
  readonly pointsLpsMm: readonly Vec3[];
  readonly closed: boolean;
}

/**
 * The contour of a mesh on a plane: closed polylines for a closed mesh, open ones where the mesh has a border. A
 * vertex exactly on the plane counts as being on the normal's side, so that contours never branch on a manifold.
 */
export function sliceMesh(mesh: TriangleMesh, planePointLpsMm: Vec3, planeNormal: Vec3): PolylineLps[] {
  const { positionsLpsMm: p, triangles } = mesh;
  const offset = dot(planePointLpsMm, planeNormal);
  const heights = new Float64Array(vertexCount(mesh));
  const crossed: number[] = [];
  for (let vertex = 0; vertex < heights.length; vertex++) {
    const [nx, ny, nz] = planeNormal;
    heights[vertex] = p[3 * vertex]! * nx + p[3 * vertex + 1]! * ny + p[3 * vertex + 2]! * nz - offset;
  }
  const above = (vertex: number): boolean => heights[vertex]! >= 0;
  for (let face = 0; face < triangles.length; face += 3) {
    const first = above(triangles[face]!);
    if (above(triangles[face + 1]!) !== first || above(triangles[face + 2]!) !== first)
      crossed.push(face / 3);
  }
  if (crossed.length === 0) return [];
  const opposite = oppositesAmong(mesh, crossed);
  const visited = new Set<number>();
  const pointOn = (h: number): Vec3 => {
    const a = triangles[h]!;
    const b = triangles[nextHalfEdge(h)]!;
    const t = heights[a]! / (heights[a]! - heights[b]!);
    return [0, 1, 2].map((axis) => p[3 * a + axis]! + t * (p[3 * b + axis]! - p[3 * a + axis]!)) as [
      number,
      number,
      number,
    ];
  };
  /** The half-edge of a face that the plane crosses upward or downward. */
  const crossing = (face: number, upward: boolean): number => {
    for (let h = 3 * face; h < 3 * face + 3; h++) {
      const [from, to] = [above(triangles[h]!), above(triangles[nextHalfEdge(h)]!)];
      if (from !== to && to === upward) return h;
    }
    throw new RangeError('The face is not crossed.');
  };
  /** Walks from face to face through their downward (or upward) half-edges until the border or the start. */
  const walk = (start: number, upward: boolean): { points: Vec3[]; closed: boolean } => {
    const points: Vec3[] = [];
    let face = start;
    for (;;) {
      visited.add(face);
      const h = crossing(face, upward);
      points.push(pointOn(h));
      const other = opposite[h]!;
      if (other < 0) return { points, closed: false };
      const next = Math.floor(other / 3);
      if (next === start) return { points, closed: true };
      if (visited.has(next)) return { points, closed: false };
      face = next;
    }
  };
  const lines: PolylineLps[] = [];
  for (const face of crossed) {
    if (visited.has(face)) continue;
    const forward = walk(face, false);
    if (forward.closed) {
      lines.push({ pointsLpsMm: forward.points, closed: true });
      continue;
    }
    const backward = walk(face, true);
    lines.push({ pointsLpsMm: [...backward.points.reverse(), ...forward.points], closed: false });
  }
  return lines;
}

/**
 * The half-edges on the other side of those of some faces; −1 where none of these faces is there. A crossed edge has
 * crossed faces alone.
 */
function oppositesAmong({ positionsLpsMm, triangles }: TriangleMesh, faces: readonly number[]): Int32Array {
  const corners = new Uint32Array(3 * faces.length);
  for (let index = 0; index < corners.length; index++)
    corners[index] = triangles[3 * faces[(index / 3) | 0]! + (index % 3)]!;
  const among = oppositeHalfEdges(meshEdges({ positionsLpsMm, triangles: corners }));
  const opposite = new Int32Array(triangles.length).fill(-1);
  for (let index = 0; index < among.length; index++) {
    const other = among[index]!;
    if (other < 0) continue;
    opposite[3 * faces[(index / 3) | 0]! + (index % 3)] = 3 * faces[(other / 3) | 0]! + (other % 3);
  }
  return opposite;
}
