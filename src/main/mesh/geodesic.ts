import FlatQueue from 'flatqueue';
import { hypot3 } from '#shared/geometry/vec3.ts';
import { nextHalfEdge } from '#shared/mesh/edges.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';

/**
 * Distance along the surface from seed vertices whose distances are given, in mm, by fast marching over the triangles
 * (Kimmel & Sethian 1998); along edges only where a triangle is too obtuse for the planar update. Vertices further
 * than `limitMm` keep +∞.
 * @param seeds pairs of vertex and distance ≥ 0.
 */
export function geodesicDistances(
  mesh: TriangleMesh,
  seeds: Iterable<readonly [vertex: number, distanceMm: number]>,
  limitMm = Infinity,
): Float64Array {
  const { triangles, positionsLpsMm: p } = mesh;
  const count = vertexCount(mesh);
  const { start, corners } = cornersAtVertices(mesh);
  const distances = new Float64Array(count).fill(Infinity);
  const done = new Uint8Array(count);
  const queue = new FlatQueue<number>();
  for (const [vertex, distanceMm] of seeds) {
    if (distanceMm >= distances[vertex]!) continue;
    distances[vertex] = distanceMm;
    queue.push(vertex, distanceMm);
  }
  const between = (a: number, b: number): number =>
    hypot3(p[3 * a]! - p[3 * b]!, p[3 * a + 1]! - p[3 * b + 1]!, p[3 * a + 2]! - p[3 * b + 2]!);
  const offer = (vertex: number, value: number): void => {
    if (value < distances[vertex]! && value <= limitMm) {
      distances[vertex] = value;
      queue.push(vertex, value);
    }
  };
  for (let vertex = queue.pop(); vertex !== undefined; vertex = queue.pop()) {
    if (done[vertex] === 1) continue;
    done[vertex] = 1;
    for (let slot = start[vertex]!; slot < start[vertex + 1]!; slot++) {
      const corner = corners[slot]!;
      const b = triangles[nextHalfEdge(corner)]!;
      const c = triangles[nextHalfEdge(nextHalfEdge(corner))]!;
      const ab = between(vertex, b);
      const ac = between(vertex, c);
      const bc = between(b, c);
      offer(b, distances[vertex]! + ab);
      offer(c, distances[vertex]! + ac);
      if (done[c] === 0 && done[b] === 1) {
        offer(c, planarUpdate(distances[vertex]!, distances[b]!, ac, bc, ab));
      }
      if (done[b] === 0 && done[c] === 1) {
        offer(b, planarUpdate(distances[vertex]!, distances[c]!, ab, bc, ac));
      }
    }
  }
  return distances;
}

/**
 * Distance at a triangle's third corner from those at the other two, for a source so far off that its front is
 * straight within the triangle; +∞ when the front does not arrive through the triangle.
 * @param a distance at A, `b` at B; `ca`, `cb` and `ab` the sides.
 */
function planarUpdate(a: number, b: number, ca: number, cb: number, ab: number): number {
  // Place A at the origin, B on the x axis, C above; find the virtual source below at distances a and b.
  if (ab < 1e-9 || Math.abs(a - b) > ab) return Infinity;
  const sx = (ab * ab + a * a - b * b) / (2 * ab);
  const sySquared = a * a - sx * sx;
  if (sySquared < 0) return Infinity;
  const sy = -Math.sqrt(sySquared);
  const cx = (ab * ab + ca * ca - cb * cb) / (2 * ab);
  const cy = Math.sqrt(Math.max(0, ca * ca - cx * cx));
  if (cy - sy < 1e-12) return Infinity;
  // The straight line from the source to C must pass between A and B.
  const crossing = sx + ((cx - sx) * -sy) / (cy - sy);
  if (crossing < 0 || crossing > ab) return Infinity;
  return Math.hypot(cx - sx, cy - sy);
}

/** The half-edges that leave each vertex, packed as in VertexNeighbours. */
function cornersAtVertices(mesh: TriangleMesh): { start: Uint32Array; corners: Uint32Array } {
  const start = new Uint32Array(vertexCount(mesh) + 1);
  for (let h = 0; h < mesh.triangles.length; h++) start[mesh.triangles[h]! + 1]!++;
  for (let vertex = 1; vertex < start.length; vertex++) start[vertex]! += start[vertex - 1]!;
  const fill = start.slice(0, -1);
  const corners = new Uint32Array(mesh.triangles.length);
  for (let h = 0; h < mesh.triangles.length; h++) corners[fill[mesh.triangles[h]!]!++] = h;
  return { start, corners };
}
