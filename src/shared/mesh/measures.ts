import { hypot3, type Vec3 } from '../geometry/vec3.ts';
import type { TriangleMesh } from './triangleMesh.ts';

/** The position of a vertex, LPS mm. */
export const vertexLpsMm = (mesh: TriangleMesh, vertex: number): Vec3 => [
  mesh.positionsLpsMm[3 * vertex]!,
  mesh.positionsLpsMm[3 * vertex + 1]!,
  mesh.positionsLpsMm[3 * vertex + 2]!,
];

/** Twice the area vector of a face: along its outward normal, as long as twice its area in mm². */
export function faceCross(mesh: TriangleMesh, face: number): Vec3 {
  const { positionsLpsMm: p, triangles } = mesh;
  const a = 3 * triangles[3 * face]!;
  const b = 3 * triangles[3 * face + 1]!;
  const c = 3 * triangles[3 * face + 2]!;
  const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
  const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
  return [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
}

/** Twice the area of a face, mm²: the length of {@link faceCross}, without allocating a vector. */
export function doubledAreaMm2(mesh: TriangleMesh, face: number): number {
  const { positionsLpsMm: p, triangles } = mesh;
  const a = 3 * triangles[3 * face]!;
  const b = 3 * triangles[3 * face + 1]!;
  const c = 3 * triangles[3 * face + 2]!;
  const ux = p[b]! - p[a]!;
  const uy = p[b + 1]! - p[a + 1]!;
  const uz = p[b + 2]! - p[a + 2]!;
  const vx = p[c]! - p[a]!;
  const vy = p[c + 1]! - p[a + 1]!;
  const vz = p[c + 2]! - p[a + 2]!;
  return hypot3(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx);
}

/** Area of each face, mm². */
export function faceAreasMm2(mesh: TriangleMesh): Float64Array {
  const areas = new Float64Array(mesh.triangles.length / 3);
  for (let face = 0; face < areas.length; face++) areas[face] = doubledAreaMm2(mesh, face) / 2;
  return areas;
}

export function surfaceAreaMm2(mesh: TriangleMesh): number {
  let sum = 0;
  for (let face = 0; face < mesh.triangles.length / 3; face++) sum += doubledAreaMm2(mesh, face) / 2;
  return sum;
}

/**
 * Six times the signed volume, mm³, of the tetrahedron of a face over a point: positive where the face's outward side
 * looks away from the point. Summed over a closed mesh it is six times the mesh's own, whatever the point; a point near
 * the mesh avoids the loss of precision of coordinates far from the scanner's origin.
 */
export function sixfoldVolumeMm3(
  { positionsLpsMm: p, triangles }: TriangleMesh,
  face: number,
  [ox, oy, oz]: Vec3,
): number {
  const a = 3 * triangles[3 * face]!;
  const b = 3 * triangles[3 * face + 1]!;
  const c = 3 * triangles[3 * face + 2]!;
  const ax = p[a]! - ox;
  const ay = p[a + 1]! - oy;
  const az = p[a + 2]! - oz;
  const bx = p[b]! - ox;
  const by = p[b + 1]! - oy;
  const bz = p[b + 2]! - oz;
  const cx = p[c]! - ox;
  const cy = p[c + 1]! - oy;
  const cz = p[c + 2]! - oz;
  return ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
}

/** Signed volume of a closed mesh, mm³: positive when its normals point outward. */
export function signedVolumeMm3(mesh: TriangleMesh): number {
  if (mesh.triangles.length === 0) return 0;
  const originLpsMm = vertexLpsMm(mesh, mesh.triangles[0]!);
  let sum = 0;
  for (let face = 0; face < mesh.triangles.length / 3; face++) {
    sum += sixfoldVolumeMm3(mesh, face, originLpsMm);
  }
  return sum / 6;
}

/** Area-weighted unit normals at the vertices, 3·V; zero for a vertex without area. */
export function vertexNormals(mesh: TriangleMesh): Float32Array {
  const { positionsLpsMm: p, triangles } = mesh;
  const sums = new Float64Array(p.length);
  for (let face = 0; face < triangles.length; face += 3) {
    const a = 3 * triangles[face]!;
    const b = 3 * triangles[face + 1]!;
    const c = 3 * triangles[face + 2]!;
    const ux = p[b]! - p[a]!;
    const uy = p[b + 1]! - p[a + 1]!;
    const uz = p[b + 2]! - p[a + 2]!;
    const vx = p[c]! - p[a]!;
    const vy = p[c + 1]! - p[a + 1]!;
    const vz = p[c + 2]! - p[a + 2]!;
    const x = uy * vz - uz * vy;
    const y = uz * vx - ux * vz;
    const z = ux * vy - uy * vx;
    for (let corner = face; corner < face + 3; corner++) {
      const vertex = 3 * triangles[corner]!;
      sums[vertex]! += x;
      sums[vertex + 1]! += y;
      sums[vertex + 2]! += z;
    }
  }
  const normals = new Float32Array(sums.length);
  for (let vertex = 0; vertex < sums.length; vertex += 3) {
    const norm = hypot3(sums[vertex]!, sums[vertex + 1]!, sums[vertex + 2]!);
    if (norm < 1e-20) continue;
    for (let axis = 0; axis < 3; axis++) normals[vertex + axis] = sums[vertex + axis]! / norm;
  }
  return normals;
}

export interface BoxLpsMm {
  readonly low: Vec3;
  readonly high: Vec3;
}

/** The axis-aligned box of the vertices. A mesh without vertices has the box low = +∞, high = −∞. */
export function boundingBoxLpsMm(mesh: TriangleMesh): BoxLpsMm {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  const { positionsLpsMm } = mesh;
  for (let vertex = 0; vertex < positionsLpsMm.length; vertex += 3) {
    for (const axis of [0, 1, 2] as const) {
      const value = positionsLpsMm[vertex + axis]!;
      if (value < low[axis]) low[axis] = value;
      if (value > high[axis]) high[axis] = value;
    }
  }
  return { low, high };
}

/** Smallest angle of each face in degrees; 0 for a degenerate face. */
export function smallestAnglesDegrees(mesh: TriangleMesh): Float32Array {
  const { positionsLpsMm: p, triangles } = mesh;
  const squared = (a: number, b: number): number =>
    (p[a]! - p[b]!) ** 2 + (p[a + 1]! - p[b + 1]!) ** 2 + (p[a + 2]! - p[b + 2]!) ** 2;
  const angles = new Float32Array(triangles.length / 3);
  for (let face = 0; face < angles.length; face++) {
    const a = 3 * triangles[3 * face]!;
    const b = 3 * triangles[3 * face + 1]!;
    const c = 3 * triangles[3 * face + 2]!;
    const ab = squared(a, b);
    const bc = squared(b, c);
    const ca = squared(c, a);
    const doubledArea = doubledAreaMm2(mesh, face);
    // The smallest angle is opposite the shortest side: tan = 2·area / (adjacent sides' dot product).
    const dotProduct = (ab + bc + ca) / 2 - Math.min(ab, bc, ca);
    angles[face] = (Math.atan2(doubledArea, dotProduct) * 180) / Math.PI;
  }
  return angles;
}
