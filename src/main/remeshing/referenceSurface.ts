import { vertexNormals } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { PatchedMesh } from '../mesh/patchedMesh.ts';
import { submesh } from '../mesh/submesh.ts';
import {
  buildTriangleTree,
  type NearestOnMesh,
  nearestOnMesh,
  type TriangleTree,
} from '../mesh/triangleTree.ts';

/** A place on the surface that is followed, and the surface's direction there. */
export interface SurfacePlace {
  /** LPS mm. */
  x: number;
  y: number;
  z: number;
  /** Outward unit vector, smooth over the faces. */
  nx: number;
  ny: number;
  nz: number;
}

/** The surface that a remeshed one follows, patch by patch, and the lines in which patches meet. */
export interface ReferenceSurface {
  /** The nearest place of a patch, written to `out`. */
  nearestInPatch(patch: number, x: number, y: number, z: number, out: SurfacePlace): void;
  /** The nearest point of the line between two patches. */
  nearestOnBorder(
    patches: readonly [number, number],
    x: number,
    y: number,
    z: number,
  ): [number, number, number];
}

/** @param shapes for some patches another surface to follow than their own faces */
export function referenceSurface(
  source: PatchedMesh,
  shapes: ReadonlyMap<number, TriangleMesh> = new Map(),
): ReferenceSurface {
  const patches = [...new Set(source.patchOfFace)];
  const surfaces = new Map(
    patches.map((patch) => {
      const mesh =
        shapes.get(patch) ?? submesh(source.mesh, (face) => source.patchOfFace[face] === patch).mesh;
      return [patch, { tree: buildTriangleTree(mesh), normals: vertexNormals(mesh) }] as const;
    }),
  );
  const borders = borderSegments(source);
  const nearest: NearestOnMesh = { distanceMm: 0, face: -1, x: 0, y: 0, z: 0 };
  return {
    nearestInPatch(patch, x, y, z, out) {
      const { tree, normals } = surfaces.get(patch)!;
      nearestOnMesh(tree, x, y, z, nearest);
      out.x = nearest.x;
      out.y = nearest.y;
      out.z = nearest.z;
      normalAt(tree, normals, nearest, out);
    },
    nearestOnBorder(pair, x, y, z) {
      return nearestOnSegments(borders.get(borderKey(...pair)) ?? [], [x, y, z]);
    },
  };
}

const borderKey = (a: number, b: number): number => (a < b ? 256 * a + b : 256 * b + a);

/** By the patches that meet in it, the pieces of each line: 6 numbers each. */
function borderSegments({ mesh, patchOfFace }: PatchedMesh): Map<number, number[]> {
  const { triangles, positionsLpsMm: p } = mesh;
  const faceOfHalfEdge = new Map<string, number>();
  for (let h = 0; h < triangles.length; h++) {
    const to = triangles[h % 3 === 2 ? h - 2 : h + 1]!;
    faceOfHalfEdge.set(`${triangles[h]},${to}`, Math.floor(h / 3));
  }
  const borders = new Map<number, number[]>();
  for (const [halfEdge, face] of faceOfHalfEdge) {
    const [from, to] = halfEdge.split(',').map(Number) as [number, number];
    const other = faceOfHalfEdge.get(`${to},${from}`);
    if (from > to || other === undefined || patchOfFace[face] === patchOfFace[other]) continue;
    const key = borderKey(patchOfFace[face]!, patchOfFace[other]!);
    const segments = borders.get(key) ?? [];
    borders.set(key, segments);
    segments.push(...p.subarray(3 * from, 3 * from + 3), ...p.subarray(3 * to, 3 * to + 3));
  }
  return borders;
}

function nearestOnSegments(segments: readonly number[], point: readonly number[]): [number, number, number] {
  let best = Infinity;
  let found: [number, number, number] = [point[0]!, point[1]!, point[2]!];
  for (let at = 0; at < segments.length; at += 6) {
    let [along, length] = [0, 0];
    for (let axis = 0; axis < 3; axis++) {
      const side = segments[at + 3 + axis]! - segments[at + axis]!;
      along += side * (point[axis]! - segments[at + axis]!);
      length += side * side;
    }
    const t = length > 0 ? Math.min(1, Math.max(0, along / length)) : 0;
    const foot = [0, 1, 2].map(
      (axis) => segments[at + axis]! + t * (segments[at + 3 + axis]! - segments[at + axis]!),
    ) as [number, number, number];
    const squared = foot.reduce((sum, value, axis) => sum + (value - point[axis]!) ** 2, 0);
    if (squared >= best) continue;
    best = squared;
    found = foot;
  }
  return found;
}

/** The direction at a place within a face, from those of its corners by the place's share in each. */
function normalAt(
  { mesh }: TriangleTree,
  normals: Float32Array,
  { face, x, y, z }: NearestOnMesh,
  out: SurfacePlace,
): void {
  const { triangles, positionsLpsMm: p } = mesh;
  let [nx, ny, nz] = [0, 0, 0];
  for (let corner = 0; corner < 3; corner++) {
    const own = 3 * triangles[3 * face + corner]!;
    const b = 3 * triangles[3 * face + ((corner + 1) % 3)]!;
    const c = 3 * triangles[3 * face + ((corner + 2) % 3)]!;
    const [ux, uy, uz] = [p[b]! - x, p[b + 1]! - y, p[b + 2]! - z];
    const [vx, vy, vz] = [p[c]! - x, p[c + 1]! - y, p[c + 2]! - z];
    // The triangle of the place and the two other corners.
    const share = Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx);
    nx += share * normals[own]!;
    ny += share * normals[own + 1]!;
    nz += share * normals[own + 2]!;
  }
  const length = Math.hypot(nx, ny, nz);
  out.nx = length > 0 ? nx / length : 0;
  out.ny = length > 0 ? ny / length : 0;
  out.nz = length > 0 ? nz / length : 0;
}

/** The surface with some of its patches moved outward by a little; the lines between patches stay. */
export const raisedSurface = (
  reference: ReferenceSurface,
  raisedPatches: ReadonlySet<number>,
  byMm: number,
): ReferenceSurface => ({
  ...reference,
  nearestInPatch(patch, x, y, z, out) {
    reference.nearestInPatch(patch, x, y, z, out);
    if (!raisedPatches.has(patch)) return;
    out.x += byMm * out.nx;
    out.y += byMm * out.ny;
    out.z += byMm * out.nz;
  },
});
