import { findBoundaryLoops } from '#main/mesh/topology.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { addScaled, type Vec3 } from '#shared/geometry/vec3.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { selfIntersectingFaces } from '../mesh/selfIntersections.ts';
import { triangulatePolygon } from '../mesh/triangulatePolygon.ts';
import { planeAxes } from './cutSurface.ts';

/** The rim itself moves so far behind the plane, which would else meet vertices rather than edges, mm. */
const SUNK_MM = 0.1;
/** So far the lumen goes on towards the atrium where nothing else is asked for, and in rings this far apart, mm. */
const USUAL_LENGTH_MM = 3;
const RING_MM = 0.5;

/**
 * A closed surface whose wall goes on straight behind the ostium's plane: edits at the rim can then be applied to a tube
 * that the plane cuts square, in place of an edge.
 * @returns undefined where the wall is in the way, or has more than one rim.
 */
export function continuedLumen(
  wall: TriangleMesh,
  plane: OstiumPlane,
  lengthMm = USUAL_LENGTH_MM,
): TriangleMesh | undefined {
  const loops = findBoundaryLoops(wall);
  const rim = loops[0];
  if (!rim || loops.length > 1) return undefined;
  const rings = Math.round(lengthMm / RING_MM);
  const before = vertexCount(wall);
  const n = rim.length;
  const positions: number[] = [];
  const push = (point: Vec3): void => {
    positions.push(...point);
  };
  const place = (vertex: number): Vec3 => [
    wall.positionsLpsMm[3 * vertex]!,
    wall.positionsLpsMm[3 * vertex + 1]!,
    wall.positionsLpsMm[3 * vertex + 2]!,
  ];
  for (let ring = 1; ring <= rings; ring++) {
    for (const vertex of rim) push(addScaled(place(vertex), plane.normal, -SUNK_MM - ring * RING_MM));
  }
  const vertexOf = (ring: number, at: number): number =>
    ring === 0 ? rim[at % n]! : before + (ring - 1) * n + (at % n);
  const faces: number[] = [];
  for (let ring = 0; ring < rings; ring++) {
    for (let at = 0; at < n; at++) {
      const [a, b] = [vertexOf(ring, at), vertexOf(ring, at + 1)];
      const [c, d] = [vertexOf(ring + 1, at), vertexOf(ring + 1, at + 1)];
      faces.push(b, a, c, b, c, d);
    }
  }
  // Seen from the atrium the wall's border turns clockwise, what closes it the other way.
  const { u, v } = planeAxes(plane);
  const end: Vec3 = addScaled(plane.pointLpsMm, plane.normal, -SUNK_MM - lengthMm);
  const corners = new Float64Array(2 * n);
  for (let at = 0; at < n; at++) {
    const p = place(rim[n - 1 - at]!);
    const offset: Vec3 = [p[0] - plane.pointLpsMm[0], p[1] - plane.pointLpsMm[1], p[2] - plane.pointLpsMm[2]];
    corners[2 * at] = offset[0] * u[0] + offset[1] * u[1] + offset[2] * u[2];
    corners[2 * at + 1] = offset[0] * v[0] + offset[1] * v[1] + offset[2] * v[2];
  }
  const { points, triangles } = triangulatePolygon(corners, 1);
  const added = before + positions.length / 3;
  for (let at = n; at < points.length / 2; at++) {
    push(addScaled(addScaled(end, u, points[2 * at]!), v, points[2 * at + 1]!));
  }
  for (const corner of triangles)
    faces.push(corner < n ? vertexOf(rings, n - 1 - corner) : added + corner - n);
  const positionsLpsMm = new Float32Array(wall.positionsLpsMm.length + positions.length);
  positionsLpsMm.set(wall.positionsLpsMm);
  for (const vertex of rim) positionsLpsMm.set(addScaled(place(vertex), plane.normal, -SUNK_MM), 3 * vertex);
  positionsLpsMm.set(positions, wall.positionsLpsMm.length);
  const all = new Uint32Array(wall.triangles.length + faces.length);
  all.set(wall.triangles);
  all.set(faces, wall.triangles.length);
  const closed = { positionsLpsMm, triangles: all };
  return selfIntersectingFaces(closed).length === 0 ? closed : undefined;
}
