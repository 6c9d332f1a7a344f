import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** Unit normals of the vertices, outward: the mean of their faces' normals weighted by area. */
export function vertexNormals({ positionsLpsMm: p, triangles }: TriangleMesh): Float32Array {
  const normals = new Float32Array(p.length);
  for (let face = 0; face < triangles.length; face += 3) {
    const [a, b, c] = [3 * triangles[face]!, 3 * triangles[face + 1]!, 3 * triangles[face + 2]!];
    const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
    const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
    const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    for (const at of [a, b, c]) {
      normals[at]! += nx;
      normals[at + 1]! += ny;
      normals[at + 2]! += nz;
    }
  }
  for (let at = 0; at < normals.length; at += 3) {
    const length = Math.hypot(normals[at]!, normals[at + 1]!, normals[at + 2]!) || 1;
    normals[at]! /= length;
    normals[at + 1]! /= length;
    normals[at + 2]! /= length;
  }
  return normals;
}
