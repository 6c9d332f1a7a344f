import { vertexNormals } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** Neighbours whose normals differ by more than this lie across an edge that stays sharp (the ostium's rim). */
const SHARP_COSINE = Math.cos((40 * Math.PI) / 180);

/**
 * Unit normals for shading, 3·V: those of the vertices, averaged with their neighbours' so that the steps of a scan's
 * slices do not show as rings. The surface itself does not change.
 */
export function shadingNormals(mesh: TriangleMesh, rounds = 6): Float32Array {
  let normals = vertexNormals(mesh);
  const { triangles } = mesh;
  for (let round = 0; round < rounds; round++) {
    const sum = normals.slice();
    for (let at = 0; at < triangles.length; at += 3) {
      for (let corner = 0; corner < 3; corner++) {
        const a = 3 * triangles[at + corner]!;
        const b = 3 * triangles[at + ((corner + 1) % 3)]!;
        const cosine =
          normals[a]! * normals[b]! + normals[a + 1]! * normals[b + 1]! + normals[a + 2]! * normals[b + 2]!;
        if (cosine < SHARP_COSINE) continue;
        for (let axis = 0; axis < 3; axis++) {
          sum[a + axis]! += normals[b + axis]!;
          sum[b + axis]! += normals[a + axis]!;
        }
      }
    }
    normals = sum;
    for (let at = 0; at < normals.length; at += 3) {
      const length = Math.hypot(normals[at]!, normals[at + 1]!, normals[at + 2]!);
      if (length === 0) continue;
      for (let axis = 0; axis < 3; axis++) normals[at + axis]! /= length;
    }
  }
  return normals;
}
