import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { addScaled, cross, dot, normalize, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import { faceCross, vertexLpsMm } from '#shared/mesh/measures.ts';
import { faceCount, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { capLoop } from '../mesh/capLoop.ts';
import type { PatchedMesh } from '../mesh/patchedMesh.ts';
import { submesh } from '../mesh/submesh.ts';
import { findBoundaryLoops } from '../mesh/topology.ts';
import { PATCH } from './lumenPatches.ts';

/** Rows of faces along the tube that are shorter than this many edges leave no room for well-shaped ones. */
const LEAST_ROWS = 2;

/**
 * The lumen with a straight tube in place of the ostium's cap: its outline the ostium's own, its direction the ostium's
 * normal out of the appendage, its end, the inlet, flat and square to it.
 * @param lumen of wall and ostium, its outline in edges of the length that is wanted
 * @param lengthMm from the middle of the ostium's outline to the inlet
 * @throws UserError where there is no ostium, its outline crosses itself along the normal, or the tube is too short
 */
export function withInletExtension(lumen: PatchedMesh, lengthMm: number, edgeMm: number): PatchedMesh {
  const { mesh: wall } = submesh(lumen.mesh, (face) => lumen.patchOfFace[face] === PATCH.wall);
  const [rim] = findBoundaryLoops(wall);
  if (rim === undefined) throw new UserError(failure('remeshing.inlet-without-ostium'));
  const outward = outwardNormal(lumen);
  const points = Array.from(rim, (vertex) => vertexLpsMm(wall, vertex));
  const heights = points.map((point) => dot(point, outward));
  const inletHeight = heights.reduce((sum, height) => sum + height, 0) / heights.length + lengthMm;
  const leastMm = lengthMm - (inletHeight - Math.max(...heights)) + LEAST_ROWS * edgeMm;
  if (lengthMm < leastMm) {
    throw new UserError(
      failure('remeshing.inlet-too-short', { lengthMm, leastMm: Math.ceil(10 * leastMm) / 10 }),
    );
  }
  if (crossesItself(points, outward)) throw new UserError(failure('remeshing.outline-crosses'));

  const rows = Math.max(LEAST_ROWS, Math.round(lengthMm / edgeMm));
  const positions = Array.from(wall.positionsLpsMm);
  const triangles = Array.from(wall.triangles);
  const first = vertexCount(wall);
  for (let row = 1; row <= rows; row++) {
    points.forEach((point, index) => {
      positions.push(...addScaled(point, outward, (row / rows) * (inletHeight - heights[index]!)));
    });
  }
  const at = (row: number, index: number): number => {
    const around = index % rim.length;
    return row === 0 ? rim[around]! : first + (row - 1) * rim.length + around;
  };
  for (let row = 0; row < rows; row++) {
    for (let index = 0; index < rim.length; index++) {
      // The rim runs with the wall on its left, and so does the tube's end with the tube.
      const [a, b] = [at(row, index), at(row, index + 1)];
      const [c, d] = [at(row + 1, index), at(row + 1, index + 1)];
      triangles.push(b, a, c, b, c, d);
    }
  }
  const open = { positionsLpsMm: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
  const tubeFaces = faceCount(open);
  const mesh = capLoop(
    open,
    Uint32Array.from(rim, (_, index) => at(rows, index)),
  );
  const patchOfFace = Uint8Array.from({ length: faceCount(mesh) }, (_, face) => {
    if (face < faceCount(wall)) return PATCH.wall;
    return face < tubeFaces ? PATCH.extension : PATCH.inlet;
  });
  return { mesh, patchOfFace };
}

/** The mean direction of the ostium's faces: out of the appendage, for the surface's normals look outward. */
function outwardNormal({ mesh, patchOfFace }: PatchedMesh): Vec3 {
  let sum: Vec3 = [0, 0, 0];
  patchOfFace.forEach((patch, face) => {
    if (patch === PATCH.ostium) sum = addScaled(sum, faceCross(mesh, face), 1);
  });
  return normalize(sum);
}

/** Whether a closed line crosses itself, seen along a direction. */
function crossesItself(points: readonly Vec3[], along: Vec3): boolean {
  const u = perpendicular(along);
  const v = cross(along, u);
  const flat = points.map((point) => [dot(point, u), dot(point, v)] as const);
  const side = (a: number, b: number, c: number): number => {
    const [p, q, r] = [flat[a]!, flat[b]!, flat[c]!];
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);
  };
  const count = flat.length;
  for (let a = 0; a < count; a++) {
    const b = (a + 1) % count;
    for (let c = a + 2; c < count; c++) {
      const d = (c + 1) % count;
      if (d === a) continue;
      if (side(a, b, c) > 0 !== side(a, b, d) > 0 && side(c, d, a) > 0 !== side(c, d, b) > 0) return true;
    }
  }
  return false;
}
