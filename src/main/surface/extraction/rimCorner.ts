import type { PlaneLps } from '#shared/anatomy/plane.ts';
import { addScaled, dot, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';

/** What the wall looks like a little beyond the rim: positions and unit normals of vertices there, 3·N each. */
export interface WallBand {
  readonly positionsLpsMm: Float64Array;
  readonly normals: Float64Array;
}

/** Between these distances from the rim, mm, the wall is taken for straight and free of the rim's rounding. */
export const WALL_BAND_MM: readonly [number, number] = [0.6, 1.6];
const LOOK_MM = 1.8;
const LARGEST_MOVE_MM = 0.6;

/**
 * Moves the rim to the corner between the ostium plane and the wall. Fields and lattices round that corner off, so
 * that the surface passes inside of it and the ostium comes out too small; the corner itself is where the plane and
 * the wall, continued straight from a little further on, meet.
 * @param rim 3·N coordinates of a closed chain, LPS mm. @param share 0 leaves the rim as it is, 1 moves it all the way.
 */
export function moveToCorner(
  rim: Float64Array,
  plane: PlaneLps,
  band: WallBand,
  share: number,
): Float64Array {
  const moved = new Float64Array(rim);
  for (let at = 0; at < rim.length; at += 3) {
    const point: Vec3 = [rim[at]!, rim[at + 1]!, rim[at + 2]!];
    const wall = wallNear(point, band);
    if (!wall) continue;
    const toPlane = dot(subtract(plane.pointLpsMm, point), plane.normal);
    const toWall = dot(subtract(wall.pointLpsMm, point), wall.normal);
    const cosine = dot(plane.normal, wall.normal);
    const sine2 = 1 - cosine * cosine;
    // Nearly parallel planes meet far away or not at all; then only the ostium plane is used.
    const [a, b] =
      sine2 < 0.2 ? [toPlane, 0] : [(toPlane - cosine * toWall) / sine2, (toWall - cosine * toPlane) / sine2];
    const move = addScaled(scale(plane.normal, a), wall.normal, b);
    const length = Math.hypot(...move);
    const factor = share * Math.min(1, LARGEST_MOVE_MM / Math.max(length, 1e-9));
    for (const axis of [0, 1, 2] as const) moved[at + axis]! += factor * move[axis];
  }
  return moved;
}

/** Gaussian mean of the wall's position and normal round a point of the rim. */
function wallNear(point: Vec3, band: WallBand): PlaneLps | undefined {
  const { positionsLpsMm: p, normals } = band;
  const place = [0, 0, 0];
  const normal = [0, 0, 0];
  let total = 0;
  for (let at = 0; at < p.length; at += 3) {
    const squared = (p[at]! - point[0]) ** 2 + (p[at + 1]! - point[1]) ** 2 + (p[at + 2]! - point[2]) ** 2;
    if (squared > LOOK_MM * LOOK_MM) continue;
    const weight = Math.exp(-squared / 2);
    total += weight;
    for (let axis = 0; axis < 3; axis++) {
      place[axis]! += weight * p[at + axis]!;
      normal[axis]! += weight * normals[at + axis]!;
    }
  }
  const norm = Math.hypot(...normal);
  if (total < 1e-6 || norm < 0.3 * total) return undefined;
  return {
    pointLpsMm: [place[0]! / total, place[1]! / total, place[2]! / total],
    normal: [normal[0]! / norm, normal[1]! / norm, normal[2]! / norm],
  };
}
