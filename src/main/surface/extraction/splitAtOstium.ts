import { submesh } from '#main/mesh/submesh.ts';
import { findBoundaryLoops } from '#main/mesh/topology.ts';
import { fitPlane } from '#shared/anatomy/plane.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { dot, scale } from '#shared/geometry/vec3.ts';
import { meshEdges, type VertexNeighbours, vertexNeighbours } from '#shared/mesh/edges.ts';
import { vertexLpsMm, vertexNormals } from '#shared/mesh/measures.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import { collapseSlivers } from '../../mesh/collapseSlivers.ts';
import { cutAlongZero } from '../../mesh/cutMesh.ts';
import { untangle } from '../../mesh/untangle.ts';
import { averaged, type CapOptions, capFunction, vertexAreasMm2 } from './capFunction.ts';
import { moveToCorner, WALL_BAND_MM, type WallBand } from './rimCorner.ts';
import { smoothRim } from './smoothRim.ts';

/** The closed surface divided at the rim of the ostium. */
export interface OstiumSplit {
  readonly found: true;
  /** Wall and cap together, closed; its vertices include the rim's. */
  readonly closed: TriangleMesh;
  /** The open wall, with exactly one boundary loop. */
  readonly wall: TriangleMesh;
  /** The ostium's surface. */
  readonly cap: TriangleMesh;
  /** The wall's boundary as a closed loop (the last point joins the first), in LPS mm. */
  readonly rimLpsMm: readonly Vec3[];
  /** A point of the ostium plane (the rim's centroid projected on it), LPS mm. */
  readonly planePointLpsMm: Vec3;
  /** Unit normal of the ostium plane, from the atrium into the appendage. */
  readonly planeNormal: Vec3;
  /** Largest unsigned distance on the cap, mm: how sure the field is that there is no wall. */
  readonly capPeakMm: number;
  /** How far the rim had to be moved from its extrapolated place to be one loop, mm; 0 as a rule. */
  readonly rimShiftMm: number;
}

/** A split surface whose own faces were kept from piercing each other as far as possible. */
export interface UntangledSplit extends OstiumSplit {
  /** Pairs of faces of `closed` that still do. */
  readonly selfIntersections: number;
}

/** The unsigned field rises nowhere: no ostium can be told from the wall. */
export interface NoOstium {
  readonly found: false;
  readonly reason: 'no-ostium';
}

export interface SplitOptions extends CapOptions {
  /** Rounds of averaging over neighbours that smooth the rim's function before the cut. Default 8. */
  readonly smoothingRounds?: number;
}

/**
 * Divides a closed surface into the appendage's wall and the ostium's cap by the unsigned distance at its vertices.
 * The wall has one boundary loop in every case: islands of the cap on the wall and holes in the cap are filled, and
 * where handles of the surface make more than one loop the rim is moved into the cap until there is one.
 * @param closed a closed oriented manifold of one component, LPS mm.
 * @param unsignedMm its vertices' unsigned distance to the open wall, mm.
 */
export function splitAtOstium(
  closed: TriangleMesh,
  unsignedMm: ArrayLike<number>,
  options: SplitOptions = {},
): UntangledSplit | NoOstium {
  const edges = meshEdges(closed);
  const neighbours = vertexNeighbours(closed, edges);
  const areas = vertexAreasMm2(closed);
  const cap = capFunction(closed, unsignedMm, neighbours, areas, options);
  if (!cap) return { found: false, reason: 'no-ostium' };
  const smooth = averaged(cap.values, neighbours, options.smoothingRounds ?? 8);
  const highest = smooth[cap.seedVertex]!;
  for (let shiftMm = 0; ; shiftMm += 0.25) {
    // The last try cuts a single vertex off, which always leaves one loop.
    const values =
      shiftMm < highest
        ? oneRegion(
            smooth.map((value) => value - shiftMm),
            cap.seedVertex,
            neighbours,
            areas,
          )
        : smooth.map((_, vertex) => (vertex === cap.seedVertex ? 1 : -1));
    const cut = cutAlongZero(closed, values, edges);
    const wall = submesh(cut.mesh, (face) => cut.positive[face] === 0);
    const loops = findBoundaryLoops(wall.mesh);
    if (loops.length !== 1 && shiftMm < highest) continue;
    const loop = loops[0]!.map((vertex) => wall.sourceVertex[vertex]!);
    const band = wallBand(closed, values);
    const share = cap.flatness * Math.min(1, options.planeWeight ?? 1);
    const smoothed = smoothRim(cut.mesh, loop, (rim) => moveToCorner(rim, cap.plane, band, share));
    const { mesh: collapsed, labels } = collapseSlivers({ mesh: smoothed, labels: cut.positive });
    const { mesh, selfIntersections } = untangle(collapsed, { fixed: rimVertices(collapsed, labels) });
    const openWall = submesh(mesh, (face) => labels[face] === 0).mesh;
    const rimLpsMm = Array.from(findBoundaryLoops(openWall)[0]!, (vertex) => vertexLpsMm(openWall, vertex));
    const plane = rimPlane(rimLpsMm, cap.plane.normal);
    return {
      found: true,
      closed: mesh,
      wall: openWall,
      cap: submesh(mesh, (face) => labels[face] === 1).mesh,
      rimLpsMm,
      planePointLpsMm: plane.pointLpsMm,
      planeNormal: plane.normal,
      capPeakMm: cap.peakMm,
      rimShiftMm: shiftMm,
      selfIntersections,
    };
  }
}

/** 1 for each vertex that wall and cap share. */
function rimVertices(mesh: TriangleMesh, labels: ArrayLike<number>): Uint8Array {
  const { triangles } = mesh;
  const seen = new Uint8Array(vertexCount(mesh));
  for (let corner = 0; corner < triangles.length; corner++)
    seen[triangles[corner]!]! |= labels[Math.floor(corner / 3)] === 1 ? 2 : 1;
  for (let vertex = 0; vertex < seen.length; vertex++) seen[vertex] = seen[vertex] === 3 ? 1 : 0;
  return seen;
}

/**
 * Values changed as little as possible so that what is positive is one region, the seed's, and what is not is one
 * region too (the one of the largest area).
 */
function oneRegion(
  values: Float64Array,
  seedVertex: number,
  neighbours: VertexNeighbours,
  areas: Float64Array,
): Float64Array {
  const capRegion = flood(values, seedVertex, neighbours, 1);
  const joined = new Float64Array(values.length);
  for (let vertex = 0; vertex < joined.length; vertex++) {
    const value = values[vertex]!;
    joined[vertex] = capRegion[vertex] === 1 ? Math.max(value, BARELY) : Math.min(value, -BARELY);
  }
  const reached = new Uint8Array(values.length);
  let wall: Uint8Array | undefined;
  let wallArea = 0;
  for (let vertex = 0; vertex < values.length; vertex++) {
    if (joined[vertex]! > 0 || reached[vertex] === 1) continue;
    const region = flood(joined, vertex, neighbours, -1);
    let area = 0;
    for (let member = 0; member < region.length; member++) {
      if (region[member] === 0) continue;
      reached[member] = 1;
      area += areas[member]!;
    }
    if (area > wallArea) [wall, wallArea] = [region, area];
  }
  for (let vertex = 0; vertex < joined.length; vertex++)
    if (wall?.[vertex] !== 1) joined[vertex] = Math.max(joined[vertex]!, BARELY);
  return joined;
}

const BARELY = 1e-3;

/** 1 for the vertices connected with the seed through vertices of the same sign. */
function flood(
  values: Float64Array,
  seed: number,
  { start, neighbours }: VertexNeighbours,
  sign: 1 | -1,
): Uint8Array {
  const region = new Uint8Array(values.length);
  const queue = [seed];
  region[seed] = 1;
  for (let vertex = queue.pop(); vertex !== undefined; vertex = queue.pop()) {
    for (let slot = start[vertex]!; slot < start[vertex + 1]!; slot++) {
      const next = neighbours[slot]!;
      if (region[next] === 1 || values[next]! > 0 !== (sign === 1)) continue;
      region[next] = 1;
      queue.push(next);
    }
  }
  return region;
}

/** The wall's vertices a little beyond the rim, where `values` (distance from the rim, negative) says so. */
function wallBand(mesh: TriangleMesh, values: Float64Array): WallBand {
  const [near, far] = WALL_BAND_MM;
  const normals = vertexNormals(mesh);
  const positions: number[] = [];
  const bandNormals: number[] = [];
  for (let vertex = 0; vertex < values.length; vertex++) {
    if (values[vertex]! > -near || values[vertex]! < -far) continue;
    for (let axis = 0; axis < 3; axis++) {
      positions.push(mesh.positionsLpsMm[3 * vertex + axis]!);
      bandNormals.push(normals[3 * vertex + axis]!);
    }
  }
  return { positionsLpsMm: Float64Array.from(positions), normals: Float64Array.from(bandNormals) };
}

function rimPlane(rim: readonly Vec3[], distal: Vec3): { pointLpsMm: Vec3; normal: Vec3 } {
  const plane = fitPlane(rim.flat());
  return dot(plane.normal, distal) < 0 ? { ...plane, normal: scale(plane.normal, -1) } : plane;
}
