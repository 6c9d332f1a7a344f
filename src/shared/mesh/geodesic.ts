import { nextHalfEdge } from './edges.ts';
import { type TriangleMesh, vertexCount } from './triangleMesh.ts';

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
  const heap = createHeap();
  for (const [vertex, distanceMm] of seeds) {
    if (distanceMm >= distances[vertex]!) continue;
    distances[vertex] = distanceMm;
    heap.push(distanceMm, vertex);
  }
  const between = (a: number, b: number): number =>
    Math.hypot(p[3 * a]! - p[3 * b]!, p[3 * a + 1]! - p[3 * b + 1]!, p[3 * a + 2]! - p[3 * b + 2]!);
  const offer = (vertex: number, value: number): void => {
    if (value < distances[vertex]! && value <= limitMm) {
      distances[vertex] = value;
      heap.push(value, vertex);
    }
  };
  for (let vertex = heap.pop(); vertex >= 0; vertex = heap.pop()) {
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
  for (const vertex of mesh.triangles) start[vertex + 1]!++;
  for (let vertex = 1; vertex < start.length; vertex++) start[vertex]! += start[vertex - 1]!;
  const fill = start.slice(0, -1);
  const corners = new Uint32Array(mesh.triangles.length);
  for (let h = 0; h < mesh.triangles.length; h++) corners[fill[mesh.triangles[h]!]!++] = h;
  return { start, corners };
}

/** A binary heap of (key, item ≥ 0), the smallest key first; pop answers −1 when it is empty. */
export function createHeap(): { push(key: number, item: number): void; pop(): number } {
  let keys = new Float64Array(1024);
  let items = new Int32Array(1024);
  let size = 0;
  return {
    push(key, item) {
      if (size === keys.length) {
        const [oldKeys, oldItems] = [keys, items];
        keys = new Float64Array(2 * size);
        keys.set(oldKeys);
        items = new Int32Array(2 * size);
        items.set(oldItems);
      }
      let at = size++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (keys[parent]! <= key) break;
        keys[at] = keys[parent]!;
        items[at] = items[parent]!;
        at = parent;
      }
      keys[at] = key;
      items[at] = item;
    },
    pop() {
      if (size === 0) return -1;
      const result = items[0]!;
      size--;
      const key = keys[size]!;
      const item = items[size]!;
      if (size === 0) return result;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= size) break;
        if (child + 1 < size && keys[child + 1]! < keys[child]!) child++;
        if (keys[child]! >= key) break;
        keys[at] = keys[child]!;
        items[at] = items[child]!;
        at = child;
      }
      keys[at] = key;
      items[at] = item;
      return result;
    },
  };
}
