import { cross, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import { meshEdges, oppositeHalfEdges } from '#shared/mesh/edges.ts';
import { faceCross } from '#shared/mesh/measures.ts';
import { faceCount } from '#shared/mesh/triangleMesh.ts';
import type { Random } from '#shared/random/random.ts';
import { firstHit } from '../../mesh/rayCast.ts';
import type { TriangleTree } from '../../mesh/triangleTree.ts';

/** Half the opening of the cone, which is 45° wide. */
const HALF_ANGLE = Math.PI / 8;
const RAYS = 24;
/** What a shape diameter is where nothing lies opposite, mm; and the most that it can be. */
export const FAR_MM = 20;
/** With fewer hits than this share of the rays nothing lies opposite. */
const LEAST_HITS = 1 / 3;
/** Faces that are measured themselves; on a finer mesh the others take the value of the one beside them. */
const MOST_MEASURED = 16_000;

/** The local shape diameter of each face, mm, at most {@link FAR_MM}. */
export interface ShapeDiameters {
  /** Thickness of what the surface encloses: to the wall opposite, through the inside. */
  readonly insideMm: Float32Array;
  /** The gap to the next wall outside. */
  readonly outsideMm: Float32Array;
}

/**
 * Shape diameters (Shapira, Shamir, Cohen-Or 2008) to either side: rays from a face's middle within a cone round its
 * normal, their lengths projected on the normal (so that between parallel plates it is their distance), without those
 * further than a standard deviation from the median, averaged. A hit counts where it is seen from the same side of the
 * wall that the ray left.
 * @param tree of an oriented surface, closed or open, normals outward
 */
export function shapeDiameters(tree: TriangleTree, random: Random): ShapeDiameters {
  const { mesh } = tree;
  const count = faceCount(mesh);
  const insideMm = new Float32Array(count).fill(Number.NaN);
  const outsideMm = new Float32Array(count).fill(Number.NaN);
  const step = Math.max(1, Math.ceil(count / MOST_MEASURED));
  for (let face = 0; face < count; face += step) {
    const [x, y, z] = faceCross(mesh, face);
    const norm = Math.hypot(x, y, z);
    if (norm === 0) continue;
    const normal: Vec3 = [x / norm, y / norm, z / norm];
    turnSpiral(random.uniform(0, 2 * Math.PI));
    insideMm[face] = diameter(tree, face, [-normal[0], -normal[1], -normal[2]]);
    outsideMm[face] = diameter(tree, face, normal);
  }
  spread(tree, insideMm, outsideMm);
  return { insideMm, outsideMm };
}

const hit = { distance: 0, face: -1 };
const lengths = new Float64Array(RAYS);

/** The rays on a spiral that covers the cone's cap evenly (Vogel 1979): along the cone's axis, and across it. */
const cosines = Float64Array.from(
  { length: RAYS },
  (_, ray) => 1 - ((ray + 0.5) / RAYS) * (1 - Math.cos(HALF_ANGLE)),
);
const across = { u: new Float64Array(RAYS), v: new Float64Array(RAYS) };

/** Turns the spiral round the axis, radians. */
function turnSpiral(turn: number): void {
  for (let ray = 0; ray < RAYS; ray++) {
    const sine = Math.sqrt(1 - cosines[ray]! * cosines[ray]!);
    const angle = turn + ray * Math.PI * (3 - Math.sqrt(5));
    across.u[ray] = sine * Math.cos(angle);
    across.v[ray] = sine * Math.sin(angle);
  }
}

/** To the wall opposite along an axis, within the cone of rays as the spiral is turned. */
function diameter(tree: TriangleTree, face: number, axis: Vec3): number {
  const { positionsLpsMm: p, triangles } = tree.mesh;
  const middle = (coordinate: number): number =>
    (p[3 * triangles[3 * face]! + coordinate]! +
      p[3 * triangles[3 * face + 1]! + coordinate]! +
      p[3 * triangles[3 * face + 2]! + coordinate]!) /
    3;
  const [x, y, z] = [middle(0), middle(1), middle(2)];
  const u = perpendicular(axis);
  const v = cross(axis, u);
  const [ox, oy, oz] = faceCross(tree.mesh, face);
  let hits = 0;
  for (let ray = 0; ray < RAYS; ray++) {
    const [cosine, a, b] = [cosines[ray]!, across.u[ray]!, across.v[ray]!];
    const dx = cosine * axis[0] + a * u[0] + b * v[0];
    const dy = cosine * axis[1] + a * u[1] + b * v[1];
    const dz = cosine * axis[2] + a * u[2] + b * v[2];
    firstHit(tree, x, y, z, dx, dy, dz, face, hit);
    if (hit.face < 0) continue;
    // The wall opposite looks back at the ray with the side that the ray left.
    const [nx, ny, nz] = faceCross(tree.mesh, hit.face);
    const leaves = Math.sign(ox * dx + oy * dy + oz * dz);
    if (Math.sign(nx * dx + ny * dy + nz * dz) === leaves) continue;
    lengths[hits++] = hit.distance * cosine;
  }
  if (hits < LEAST_HITS * RAYS) return FAR_MM;
  return Math.min(FAR_MM, robustMean(lengths.subarray(0, hits)));
}

/** The mean of what lies within a standard deviation of the median. */
function robustMean(values: Float64Array): number {
  values.sort();
  const median = values[values.length >> 1]!;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const kept = values.filter((value) => Math.abs(value - median) <= deviation);
  return kept.length === 0 ? median : kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

/** Gives faces without a value that of the nearest one that has, over neighbouring faces; far where there is none. */
function spread({ mesh }: TriangleTree, insideMm: Float32Array, outsideMm: Float32Array): void {
  const opposite = oppositeHalfEdges(meshEdges(mesh));
  const queue: number[] = [];
  insideMm.forEach((value, face) => {
    if (!Number.isNaN(value)) queue.push(face);
  });
  for (const face of queue) {
    for (let h = 3 * face; h < 3 * face + 3; h++) {
      const next = (opposite[h]! / 3) | 0;
      if (opposite[h]! < 0 || !Number.isNaN(insideMm[next]!)) continue;
      insideMm[next] = insideMm[face]!;
      outsideMm[next] = outsideMm[face]!;
      queue.push(next);
    }
  }
  for (const values of [insideMm, outsideMm]) {
    values.forEach((value, face) => {
      if (Number.isNaN(value)) values[face] = FAR_MM;
    });
  }
}
