import { cross, dot, perpendicular } from '#shared/geometry/vec3.ts';
import { vertexNeighbours } from '#shared/mesh/edges.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { leastSpreadDirection } from './leastSpreadDirection.ts';
import { triangulatePolygon } from './triangulatePolygon.ts';

/** Distance of the points inside of a cap, mm. */
const SPACING_MM = 0.8;
/** Rounds in which the points inside of a cap sink to the mean of their neighbours. */
const ROUNDS = 200;

/**
 * Closes a rim: it is filled in the plane that it lies nearest to, and the points inside are drawn to the mean of their
 * neighbours, so that the cap spans a rim that is not plane as a soap film does, nearly.
 * @param loop a border of the mesh as `findBoundaryLoops` gives it; the mesh's vertices keep their numbers
 * @returns the mesh with the cap's faces added last
 */
export function capLoop(mesh: TriangleMesh, loop: Uint32Array): TriangleMesh {
  // A rim runs with the surface on its left; the cap lies on its other side and goes round the other way.
  const rim = [...loop].reverse();
  const normal = leastSpreadDirection(mesh.positionsLpsMm, rim);
  const u = perpendicular(normal);
  const v = cross(normal, u);
  const places = rim.map((vertex) => vertexLpsMm(mesh, vertex));
  const flat = places.map((place) => [dot(place, u), dot(place, v)] as const);
  const mirror = isClockwise(flat) ? -1 : 1;
  const corners = Float64Array.from(flat.flatMap(([x, y]) => [mirror * x, y]));
  const { points, triangles } = triangulatePolygon(corners, SPACING_MM);
  const height = places.reduce((sum, place) => sum + dot(place, normal), 0) / places.length;
  const first = vertexCount(mesh);
  const added: number[] = [];
  for (let point = rim.length; point < points.length / 2; point++) {
    const [x, y] = [mirror * points[2 * point]!, points[2 * point + 1]!];
    added.push(...([0, 1, 2] as const).map((axis) => x * u[axis] + y * v[axis] + height * normal[axis]));
  }
  const numbers = triangles.map((point) => (point < rim.length ? rim[point]! : first + point - rim.length));
  const positionsLpsMm = new Float32Array(mesh.positionsLpsMm.length + added.length);
  positionsLpsMm.set(mesh.positionsLpsMm);
  positionsLpsMm.set(added, mesh.positionsLpsMm.length);
  sinkToNeighbours({ positionsLpsMm, triangles: numbers }, first);
  const joined = new Uint32Array(mesh.triangles.length + numbers.length);
  joined.set(mesh.triangles);
  joined.set(numbers, mesh.triangles.length);
  return { positionsLpsMm, triangles: joined };
}

/**
 * Closes a rim by a fan round its middle: less even than {@link capLoop}, but closed for any rim, also one that crosses itself
 * when it is seen from any side.
 */
export function fanLoop(mesh: TriangleMesh, loop: Uint32Array): TriangleMesh {
  const middle = vertexCount(mesh);
  const positionsLpsMm = new Float32Array(mesh.positionsLpsMm.length + 3);
  positionsLpsMm.set(mesh.positionsLpsMm);
  for (const vertex of loop) {
    for (let axis = 0; axis < 3; axis++) {
      positionsLpsMm[3 * middle + axis]! += mesh.positionsLpsMm[3 * vertex + axis]! / loop.length;
    }
  }
  const added = [...loop].flatMap((vertex, index) => [loop[(index + 1) % loop.length]!, vertex, middle]);
  return { positionsLpsMm, triangles: Uint32Array.from([...mesh.triangles, ...added]) };
}

function isClockwise(flat: readonly (readonly [number, number])[]): boolean {
  return (
    flat.reduce((sum, [x, y], index) => {
      const [nextX, nextY] = flat[(index + 1) % flat.length]!;
      return sum + x * nextY - nextX * y;
    }, 0) < 0
  );
}

/** Moves the vertices from `first` on to the mean of their neighbours, again and again, in place. */
function sinkToNeighbours(cap: TriangleMesh, first: number): void {
  const { start, neighbours } = vertexNeighbours(cap);
  const positions = cap.positionsLpsMm;
  for (let round = 0; round < ROUNDS; round++) {
    for (let vertex = first; vertex < vertexCount(cap); vertex++) {
      const [from, to] = [start[vertex]!, start[vertex + 1]!];
      const mean: [number, number, number] = [0, 0, 0];
      for (let slot = from; slot < to; slot++) {
        for (let axis = 0; axis < 3; axis++) {
          mean[axis as 0 | 1 | 2] += positions[3 * neighbours[slot]! + axis]! / (to - from);
        }
      }
      if (to > from) positions.set(mean, 3 * vertex);
    }
  }
}
