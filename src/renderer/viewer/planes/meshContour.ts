import { addScaled, dot, length, type Vec3 } from '#shared/geometry/vec3.ts';
import { faceCross } from '#shared/mesh/measures.ts';
import { type PolylineLps, sliceMesh } from '#shared/mesh/sliceMesh.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { PlaneFrame } from '../planeFrame.ts';

/** The faces of a mesh that a plane crosses, as a mesh of their own. A vertex on the plane counts as above it. */
export function crossedFaces(mesh: TriangleMesh, pointLpsMm: Vec3, normal: Vec3): TriangleMesh {
  const { positionsLpsMm: p, triangles } = mesh;
  const [nx, ny, nz] = normal;
  const offset = pointLpsMm[0] * nx + pointLpsMm[1] * ny + pointLpsMm[2] * nz;
  const above = new Uint8Array(p.length / 3);
  for (let vertex = 0, at = 0; vertex < above.length; vertex++, at += 3) {
    above[vertex] = p[at]! * nx + p[at + 1]! * ny + p[at + 2]! * nz >= offset ? 1 : 0;
  }
  const renumbered = new Map<number, number>();
  const indices: number[] = [];
  for (let at = 0; at < triangles.length; at += 3) {
    const sum = above[triangles[at]!]! + above[triangles[at + 1]!]! + above[triangles[at + 2]!]!;
    if (sum === 0 || sum === 3) continue;
    for (let corner = at; corner < at + 3; corner++) {
      const vertex = triangles[corner]!;
      let index = renumbered.get(vertex);
      if (index === undefined) {
        index = renumbered.size;
        renumbered.set(vertex, index);
      }
      indices.push(index);
    }
  }
  const positionsLpsMm = new Float32Array(3 * renumbered.size);
  for (const [vertex, index] of renumbered) {
    positionsLpsMm.set(p.subarray(3 * vertex, 3 * vertex + 3), 3 * index);
  }
  return { positionsLpsMm, triangles: Uint32Array.from(indices) };
}

/** The cap over an ostium is plane to about this: a plane that lies in it would cross it here and there, mm. */
const FLAT_MM = 0.3;
/** As much of a surface lies flat in a plane where it is a cap; an ostium is larger, mm². */
const LEAST_FLAT_MM2 = 50;

/** A point of a plane beside the part of a mesh that lies in the given one, towards the rest of it; else the point itself. */
function besideFlatPart(mesh: TriangleMesh, pointLpsMm: Vec3, normal: Vec3): Vec3 {
  const { positionsLpsMm: p, triangles } = mesh;
  const offset = dot(pointLpsMm, normal);
  const heights = new Float32Array(p.length / 3);
  let away = 0;
  for (let vertex = 0; vertex < heights.length; vertex++) {
    const height = dot([p[3 * vertex]!, p[3 * vertex + 1]!, p[3 * vertex + 2]!], normal) - offset;
    heights[vertex] = height;
    if (Math.abs(height) > FLAT_MM) away += Math.sign(height);
  }
  let flatMm2 = 0;
  for (let face = 0; face < triangles.length / 3; face++) {
    const corners = [triangles[3 * face]!, triangles[3 * face + 1]!, triangles[3 * face + 2]!];
    if (corners.every((corner) => Math.abs(heights[corner]!) < FLAT_MM))
      flatMm2 += length(faceCross(mesh, face)) / 2;
  }
  return flatMm2 < LEAST_FLAT_MM2
    ? pointLpsMm
    : addScaled(pointLpsMm, normal, 1.2 * FLAT_MM * Math.sign(away));
}

/**
 * The contour of a mesh on a plane: exact, but a third of a millimetre beside the plane where the mesh lies flat in it, as in
 * the plane of its ostium. Only the strip of faces that the plane crosses reaches the tracing, which
 * keeps this fast enough to follow a pointer: tracing needs neighbours, and finding those of all faces is slow.
 */
export function meshContour(mesh: TriangleMesh, pointLpsMm: Vec3, normal: Vec3): PolylineLps[] {
  const point = besideFlatPart(mesh, pointLpsMm, normal);
  const strip = crossedFaces(mesh, point, normal);
  return strip.triangles.length === 0 ? [] : sliceMesh(strip, point, normal);
}

/** Keeps a mesh's contour until the mesh or the plane changes. */
export function createContourCache(): (mesh: TriangleMesh, frame: PlaneFrame) => readonly PolylineLps[] {
  let held: { mesh: TriangleMesh; key: string; lines: readonly PolylineLps[] } | null = null;
  return (mesh, frame) => {
    const key = [...frame.normal, dot(frame.normal, frame.centreLpsMm)].join(' ');
    if (held?.mesh !== mesh || held.key !== key)
      held = { mesh, key, lines: meshContour(mesh, frame.centreLpsMm, frame.normal) };
    return held.lines;
  };
}
