import type { OstiumPlane } from '#shared/contract/values.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { cross, dot, perAxis, perpendicular, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { meshEdges, nextHalfEdge, oppositeHalfEdges } from '#shared/mesh/edges.ts';
import { sixfoldVolumeMm3 } from '#shared/mesh/measures.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { collapseSlivers } from '../mesh/collapseSlivers.ts';
import { cutAlongZero } from '../mesh/cutMesh.ts';

/** One contour of the plane on the surface. */
export interface PlaneLoop {
  /** Vertices of the cut mesh in the direction of the distal faces' half-edges. */
  readonly vertices: readonly number[];
  /** The regions on its two sides. */
  readonly distalRegion: number;
  readonly proximalRegion: number;
  /** 2·N coordinates in the plane, seen from the atrium. */
  readonly flat: Float64Array;
  /** Positive where the lumen lies inside of the contour; negative round a fold of the wall. */
  readonly signedAreaMm2: number;
}

/** A closed surface divided along a plane into regions; nothing is thrown away yet. */
export interface CutSurface {
  /** Closed; the plane runs along edges. */
  readonly mesh: TriangleMesh;
  readonly regionOfFace: Int32Array;
  /** Volume between a region and the plane, mm³; of a distal region what it encloses. */
  readonly regionVolumeMm3: readonly number[];
  readonly distal: readonly boolean[];
  readonly loops: readonly PlaneLoop[];
}

/** Cut points stay this share of an edge away from its ends, so that no two fall together. */
const END_SHARE = 0.12;
/** What counts as proximal for certain, mm. */
const BARELY_MM = 1e-6;

/** The signed distance of each vertex to a plane, mm. */
export function heightsMm(mesh: TriangleMesh, plane: OstiumPlane): Float64Array {
  const heights = new Float64Array(vertexCount(mesh));
  const { positionsLpsMm: p } = mesh;
  const [nx, ny, nz] = plane.normal;
  const offset = dot(plane.pointLpsMm, plane.normal);
  for (let vertex = 0; vertex < heights.length; vertex++) {
    heights[vertex] = p[3 * vertex]! * nx + p[3 * vertex + 1]! * ny + p[3 * vertex + 2]! * nz - offset;
  }
  return heights;
}

/** The axes of a plane as the atrium sees it: u × v points out of the appendage. */
export function planeAxes(plane: OstiumPlane): { readonly u: Vec3; readonly v: Vec3 } {
  const v = perpendicular(plane.normal);
  return { u: cross(plane.normal, v), v };
}

/**
 * Cuts a closed surface along a plane.
 * @param proximal 1 for each vertex that counts as proximal wherever it lies: the surface is then continued straight
 * from there to the plane.
 * @returns undefined where the plane does not divide it.
 * @throws UserError where the contours cannot be followed.
 */
export function cutSurface(
  closed: TriangleMesh,
  plane: OstiumPlane,
  heights: Float64Array,
  proximal?: Uint8Array,
): CutSurface | undefined {
  const values = heights.map((height, vertex) =>
    proximal?.[vertex] === 1 ? Math.min(height, -BARELY_MM) : height,
  );
  const edges = meshEdges(closed);
  const cut = cutAlongZero(closed, values, edges);
  if (vertexCount(cut.mesh) === values.length) return undefined;
  moveToPlane(cut.mesh, edges.vertexPairs, plane, values);
  const { mesh, labels } = collapseSlivers({ mesh: cut.mesh, labels: cut.positive });
  const opposite = oppositeHalfEdges(meshEdges(mesh));
  shaveRim(labels, opposite);
  const { regionOfFace, distal } = regionsOf(mesh, labels, opposite);
  const { u, v } = planeAxes(plane);
  const loops = contours(mesh, labels, opposite).map((halfEdges): PlaneLoop => {
    const vertices = halfEdges.map((h) => mesh.triangles[h]!);
    const flat = new Float64Array(2 * vertices.length);
    vertices.forEach((vertex, index) => {
      const p = mesh.positionsLpsMm;
      const offset = subtract([p[3 * vertex]!, p[3 * vertex + 1]!, p[3 * vertex + 2]!], plane.pointLpsMm);
      flat[2 * index] = dot(offset, u);
      flat[2 * index + 1] = dot(offset, v);
    });
    const first = halfEdges[0]!;
    return {
      vertices,
      distalRegion: regionOfFace[Math.floor(first / 3)]!,
      proximalRegion: regionOfFace[Math.floor(opposite[first]! / 3)]!,
      flat,
      // The distal faces' half-edges turn clockwise round the lumen, seen from the atrium.
      signedAreaMm2: -signedArea(flat),
    };
  });
  return {
    mesh,
    regionOfFace,
    distal,
    loops,
    regionVolumeMm3: regionVolumes(mesh, regionOfFace, distal.length, plane.pointLpsMm),
  };
}

/** Puts the vertices that a cut has made on the plane itself, near the place where it crosses their edge. */
function moveToPlane(
  mesh: TriangleMesh,
  vertexPairs: Uint32Array,
  plane: OstiumPlane,
  values: Float64Array,
): void {
  const { positionsLpsMm: p } = mesh;
  let vertex = values.length;
  for (let edge = 0; edge < vertexPairs.length; edge += 2) {
    const a = vertexPairs[edge]!;
    const b = vertexPairs[edge + 1]!;
    if (values[a]! > 0 === values[b]! > 0) continue;
    const exact = values[a]! / (values[a]! - values[b]!);
    const t = Math.min(1 - END_SHARE, Math.max(END_SHARE, exact));
    const at = perAxis((axis) => p[3 * a + axis]! + t * (p[3 * b + axis]! - p[3 * a + axis]!));
    const height = dot(subtract(at, plane.pointLpsMm), plane.normal);
    for (const axis of [0, 1, 2] as const) p[3 * vertex + axis] = at[axis] - height * plane.normal[axis];
    vertex++;
  }
}

/**
 * Gives distal faces with two edges on the border to the proximal side: their corners all lie on the plane and so do
 * they, as needles along the rim that enclose nothing.
 */
function shaveRim(labels: Uint8Array, opposite: Int32Array): void {
  const bordering = (face: number): number => {
    let count = 0;
    for (let h = 3 * face; h < 3 * face + 3; h++) {
      if (opposite[h]! >= 0 && labels[(opposite[h]! / 3) | 0] === 0) count++;
    }
    return count;
  };
  const pending: number[] = [];
  for (let face = 0; face < labels.length; face++) {
    if (labels[face] === 1 && bordering(face) >= 2) pending.push(face);
  }
  for (let face = pending.pop(); face !== undefined; face = pending.pop()) {
    if (labels[face] === 0 || bordering(face) < 2) continue;
    labels[face] = 0;
    for (let h = 3 * face; h < 3 * face + 3; h++) {
      if (opposite[h]! >= 0) pending.push(Math.floor(opposite[h]! / 3));
    }
  }
}

function regionsOf(
  mesh: TriangleMesh,
  labels: Uint8Array,
  opposite: Int32Array,
): { regionOfFace: Int32Array; distal: boolean[] } {
  const regionOfFace = new Int32Array(faceCount(mesh)).fill(-1);
  const distal: boolean[] = [];
  const stack: number[] = [];
  for (let seed = 0; seed < regionOfFace.length; seed++) {
    if (regionOfFace[seed] !== -1) continue;
    const region = distal.length;
    distal.push(labels[seed] === 1);
    regionOfFace[seed] = region;
    stack.push(seed);
    for (let face = stack.pop(); face !== undefined; face = stack.pop()) {
      for (let h = 3 * face; h < 3 * face + 3; h++) {
        const other = opposite[h]!;
        const next = (other / 3) | 0;
        if (other < 0 || regionOfFace[next] !== -1 || labels[next] !== labels[face]) continue;
        regionOfFace[next] = region;
        stack.push(next);
      }
    }
  }
  return { regionOfFace, distal };
}

/** The closed chains of half-edges of distal faces that border on proximal ones. */
function contours(mesh: TriangleMesh, labels: Uint8Array, opposite: Int32Array): number[][] {
  const isBorder = (h: number): boolean =>
    labels[(h / 3) | 0] === 1 && opposite[h]! >= 0 && labels[(opposite[h]! / 3) | 0] === 0;
  const seen = new Uint8Array(mesh.triangles.length);
  const chains: number[][] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] === 1 || !isBorder(start)) continue;
    const chain: number[] = [];
    let h = start;
    do {
      if (h < 0 || seen[h] === 1) throw new UserError(failure('meshing.uncuttable'));
      seen[h] = 1;
      chain.push(h);
      // Round the half-edge's end, through the distal faces, to the next one on the border.
      h = nextHalfEdge(h);
      for (let turns = 0; !isBorder(h); turns++) {
        const other = opposite[h]!;
        if (other < 0 || turns > 1000) throw new UserError(failure('meshing.uncuttable'));
        h = nextHalfEdge(other);
      }
    } while (h !== start);
    chains.push(chain);
  }
  return chains;
}

/** Twice the sum over a polygon's edges, halved: positive when it is counter-clockwise. */
function signedArea(flat: Float64Array): number {
  let doubled = 0;
  for (let index = 0, last = flat.length - 2; index < flat.length; last = index, index += 2) {
    doubled += flat[last]! * flat[index + 1]! - flat[index]! * flat[last + 1]!;
  }
  return doubled / 2;
}

/** A cap in the plane adds nothing to a volume that is summed as tetrahedra over a point of the plane. */
function regionVolumes(
  mesh: TriangleMesh,
  regionOfFace: Int32Array,
  regions: number,
  pointLpsMm: Vec3,
): number[] {
  const volumes = new Array<number>(regions).fill(0);
  for (let face = 0; face < regionOfFace.length; face++) {
    volumes[regionOfFace[face]!]! += sixfoldVolumeMm3(mesh, face, pointLpsMm) / 6;
  }
  return volumes;
}
