import { geodesicDistances } from '#main/mesh/geodesic.ts';
import { fitPlane, type PlaneLps } from '#shared/anatomy/plane.ts';
import { dot, normalize, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import type { VertexNeighbours } from '#shared/mesh/edges.ts';
import { doubledAreaMm2, faceCross } from '#shared/mesh/measures.ts';
import { faceCount, type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';

/** The ostium's cap as a function on the closed surface. */
export interface CapFunction {
  /** Per vertex: > 0 on the cap, growing with the distance from the rim in mm; ≤ 0 on the wall. */
  readonly values: Float64Array;
  /** The plane of the cap's core, its normal distal (into the appendage). */
  readonly plane: PlaneLps;
  /** How flat the core is: 1 for a plane, towards 0 for one that leaves its plane by more than 0.4 mm. */
  readonly flatness: number;
  /** The vertex deepest in the cap. */
  readonly seedVertex: number;
  /** Largest unsigned distance on the cap, mm. */
  readonly peakMm: number;
  /** How fast the unsigned distance grows from the rim, mm per mm; 1 in an exact field. */
  readonly slope: number;
}

export interface CapOptions {
  /** The unsigned distance, mm, whose contour is the core's; beyond the network's error on the wall. Default 1.5. */
  readonly coreMm?: number;
  /** The smallest peak of the unsigned distance that is an ostium, mm. Default 2.5 (a 5 mm ostium). */
  readonly leastPeakMm?: number;
  /** The smallest core that is an ostium, mm². Default 15. */
  readonly leastCoreMm2?: number;
  /**
   * How much the plane of the core counts where the rim is placed: 0 follows the unsigned distance alone. The flatter
   * the core, the more it counts. Default 1.
   */
  readonly planeWeight?: number;
}

/** An ostium as wide as most: at least 5 mm across. */
const USUAL = { coreMm: 1.5, leastPeakMm: 2.5, leastCoreMm2: 15, largestShare: 1, isSlit: false };
/**
 * A slit, looked for where there is no other: nowhere on it is the wall further than half its width. What makes up for the
 * low values is area: on the wall the bundled network's field exceeds 0.75 mm over 1 mm² at the most (three phantoms), on a
 * slit of 4 × 22 mm over 73 mm². A field that is as high over much of the surface has a floor, not a slit.
 */
const SLIT = { coreMm: 0.75, leastPeakMm: 1.2, leastCoreMm2: 40, largestShare: 0.25, isSlit: true };

/** How far round the core's contour distances are followed, mm. */
const BAND_MM = 6;

/**
 * Finds the cap from the unsigned distance at the vertices. The unsigned distance is unreliable next to the rim (it
 * is rounded off there, and has a floor on the wall), but grows steadily inside the cap. So the rim is *extrapolated*:
 * the core is where the distance exceeds coreMm, and the rim lies coreMm/slope outward of the core's contour along
 * the surface.
 *
 * Worked example: a flat round ostium of radius 12 mm. In an exact field the unsigned distance at r from its middle is
 * 12 − r. It exceeds 1.5 mm where r < 10.5: the core. It grows by 1 mm per mm: slope 1. So the function is 1.5 plus the
 * distance inward from the core's contour, or 1.5 minus the distance outward from it; it is zero 1.5 mm outward, at
 * r = 12: the rim. A network whose field grows by 0.8 mm per mm only, 0.8·(12 − r), has its core at r < 10.125; slope 0.8
 * makes the offset 1.5/0.8 = 1.875 mm, and the zero is at r = 12 again. The core's plane then adds
 * 0.3 mm to places on it and takes away up to 1 mm from places distal of it, so that the rim follows the plane where the
 * field is unclear.
 * @param neighbours and `areas` (mm²) of the mesh's vertices.
 * @returns undefined when no part of the surface is far enough from the wall.
 */
export function capFunction(
  mesh: TriangleMesh,
  unsignedMm: ArrayLike<number>,
  neighbours: VertexNeighbours,
  areas: Float64Array,
  options: CapOptions = {},
): CapFunction | undefined {
  const { planeWeight = 1 } = options;
  const smooth = averaged(Float64Array.from(unsignedMm), neighbours, 4);
  const found =
    coreOf({ ...USUAL, ...options }, smooth, areas, neighbours) ?? coreOf(SLIT, smooth, areas, neighbours);
  if (!found) return undefined;
  const { core, coreMm, isSlit } = found;

  const members = core.vertices;
  const inCore = new Uint8Array(vertexCount(mesh));
  for (const vertex of members) inCore[vertex] = 1;
  const plane = corePlane(mesh, members, inCore, areas, isSlit);

  const level = new Float64Array(smooth.length);
  for (let vertex = 0; vertex < level.length; vertex++) {
    const value = smooth[vertex]! - coreMm;
    level[vertex] = inCore[vertex] === 1 ? value : Math.min(value, -1e-6);
  }
  const distances = geodesicDistances(mesh, contourSeeds(mesh, level), BAND_MM);
  const slope = growth(members, level, distances);
  const offset = coreMm / slope;
  const values = new Float64Array(vertexCount(mesh));
  for (let vertex = 0; vertex < values.length; vertex++) {
    const distance = Math.min(distances[vertex]!, BAND_MM);
    values[vertex] = offset + (inCore[vertex] === 1 ? distance : -distance);
  }
  const flatness = flatnessOf(mesh, members, plane);
  addPlane(mesh, values, plane, planeWeight * flatness);
  return { values, plane, flatness, seedVertex: core.seedVertex, peakMm: core.peakMm, slope };
}

/** The core by these limits; undefined where the largest is outside of them. */
function coreOf(
  { coreMm, leastPeakMm, leastCoreMm2, largestShare, isSlit }: typeof USUAL,
  values: Float64Array,
  areas: Float64Array,
  neighbours: VertexNeighbours,
): { readonly core: Core; readonly coreMm: number; readonly isSlit: boolean } | undefined {
  const core = largestCore(values, areas, neighbours, coreMm);
  if (!core || core.peakMm < leastPeakMm || core.areaMm2 < leastCoreMm2) return undefined;
  const allMm2 = areas.reduce((sum, area) => sum + area, 0);
  return core.areaMm2 > largestShare * allMm2 ? undefined : { core, coreMm, isSlit };
}

/** How far distal of the core's plane the rim may lie before the plane counts against it, mm: the edge is rounded off. */
const PLANE_SLACK_MM = 0.3;
/** The most that the plane adds or takes away, mm. */
const PLANE_REACH_MM = 1;

const heightOver = (plane: PlaneLps, p: Float32Array, vertex: number): number =>
  (p[3 * vertex]! - plane.pointLpsMm[0]) * plane.normal[0] +
  (p[3 * vertex + 1]! - plane.pointLpsMm[1]) * plane.normal[1] +
  (p[3 * vertex + 2]! - plane.pointLpsMm[2]) * plane.normal[2];

function flatnessOf(mesh: TriangleMesh, members: readonly number[], plane: PlaneLps): number {
  const squares = members.reduce(
    (sum, vertex) => sum + heightOver(plane, mesh.positionsLpsMm, vertex) ** 2,
    0,
  );
  return 1 / (1 + squares / members.length / 0.4 ** 2);
}

/** Adds the plane's vote: near the core's plane a place is likely cap, distal of it likely wall. */
function addPlane(mesh: TriangleMesh, values: Float64Array, plane: PlaneLps, weight: number): void {
  for (let vertex = 0; vertex < values.length; vertex++) {
    const voteMm = PLANE_SLACK_MM - heightOver(plane, mesh.positionsLpsMm, vertex);
    values[vertex]! += weight * Math.min(PLANE_REACH_MM, Math.max(-PLANE_REACH_MM, voteMm));
  }
}

/** Each value replaced by the mean of itself and its neighbours, `rounds` times. */
export function averaged(
  values: Float64Array,
  { start, neighbours }: VertexNeighbours,
  rounds: number,
): Float64Array {
  let current = values;
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(current.length);
    for (let vertex = 0; vertex < next.length; vertex++) {
      let sum = current[vertex]!;
      const [from, to] = [start[vertex]!, start[vertex + 1]!];
      for (let slot = from; slot < to; slot++) sum += current[neighbours[slot]!]!;
      next[vertex] = sum / (1 + to - from);
    }
    current = next;
  }
  return current;
}

/** A third of the area of the faces at each vertex, mm². */
export function vertexAreasMm2(mesh: TriangleMesh): Float64Array {
  const areas = new Float64Array(vertexCount(mesh));
  for (let face = 0; face < faceCount(mesh); face++) {
    const third = doubledAreaMm2(mesh, face) / 6;
    for (let corner = 0; corner < 3; corner++) areas[mesh.triangles[3 * face + corner]!]! += third;
  }
  return areas;
}

interface Core {
  readonly vertices: readonly number[];
  readonly areaMm2: number;
  readonly peakMm: number;
  readonly seedVertex: number;
}

/** Of the connected regions above the threshold the one with the largest ∫(u − threshold) dA. */
function largestCore(
  values: Float64Array,
  areas: Float64Array,
  { start, neighbours }: VertexNeighbours,
  threshold: number,
): Core | undefined {
  const visited = new Uint8Array(values.length);
  let best: Core | undefined;
  let bestIntegral = 0;
  for (let seed = 0; seed < values.length; seed++) {
    if (visited[seed] === 1 || values[seed]! <= threshold) continue;
    visited[seed] = 1;
    const vertices = [seed];
    let [areaMm2, integral, seedVertex] = [0, 0, seed];
    for (let head = 0; head < vertices.length; head++) {
      const vertex = vertices[head]!;
      areaMm2 += areas[vertex]!;
      integral += areas[vertex]! * (values[vertex]! - threshold);
      if (values[vertex]! > values[seedVertex]!) seedVertex = vertex;
      for (let slot = start[vertex]!; slot < start[vertex + 1]!; slot++) {
        const next = neighbours[slot]!;
        if (visited[next] === 1 || values[next]! <= threshold) continue;
        visited[next] = 1;
        vertices.push(next);
      }
    }
    if (integral > bestIntegral) {
      bestIntegral = integral;
      best = { vertices, areaMm2, peakMm: values[seedVertex]!, seedVertex };
    }
  }
  return best;
}

function corePlane(
  mesh: TriangleMesh,
  members: readonly number[],
  inCore: Uint8Array,
  areas: Float64Array,
  isSlit: boolean,
): PlaneLps {
  const points = new Float64Array(3 * members.length);
  for (let index = 0; index < members.length; index++) {
    for (let axis = 0; axis < 3; axis++)
      points[3 * index + axis] = mesh.positionsLpsMm[3 * members[index]! + axis]!;
  }
  const plane = fitPlane(
    points,
    members.map((vertex) => areas[vertex]!),
  );
  let [x, y, z] = [0, 0, 0];
  for (let face = 0; face < faceCount(mesh); face++) {
    if (inCore[mesh.triangles[3 * face]!] === 0) continue;
    const [crossX, crossY, crossZ] = faceCross(mesh, face);
    x += crossX;
    y += crossY;
    z += crossZ;
  }
  const outward: Vec3 = [x, y, z];
  // Across a slit's core of a millimetre no plane can be fitted; its faces' mean normal is steadier.
  if (isSlit) return { pointLpsMm: plane.pointLpsMm, normal: normalize(scale(outward, -1)) };
  // Outward of the closed lumen at the cap is towards the atrium; the plane's normal is to point the other way.
  const distal = dot(outward, plane.normal) > 0 ? scale(plane.normal, -1) : plane.normal;
  return { pointLpsMm: plane.pointLpsMm, normal: normalize(distal) };
}

/** For each vertex of a face that the zero line of `level` crosses, its distance to that line within the face. */
export function* contourSeeds(mesh: TriangleMesh, level: Float64Array): Generator<readonly [number, number]> {
  const { positionsLpsMm: p, triangles } = mesh;
  for (let face = 0; face < triangles.length; face += 3) {
    const [a, b, c] = [triangles[face]!, triangles[face + 1]!, triangles[face + 2]!];
    const positives = (level[a]! > 0 ? 1 : 0) + (level[b]! > 0 ? 1 : 0) + (level[c]! > 0 ? 1 : 0);
    if (positives === 0 || positives === 3) continue;
    const side = (from: number, to: number): Vec3 => [
      p[3 * to]! - p[3 * from]!,
      p[3 * to + 1]! - p[3 * from + 1]!,
      p[3 * to + 2]! - p[3 * from + 2]!,
    ];
    // |∇f|² of the linear f from the Gram matrix of two sides.
    const [u, v] = [side(a, b), side(a, c)];
    const [fu, fv] = [level[b]! - level[a]!, level[c]! - level[a]!];
    const [uu, uv, vv] = [dot(u, u), dot(u, v), dot(v, v)];
    const determinant = uu * vv - uv * uv;
    if (determinant < 1e-14) continue;
    const steepness = Math.sqrt((fu * fu * vv - 2 * fu * fv * uv + fv * fv * uu) / determinant);
    for (const vertex of [a, b, c]) yield [vertex, Math.abs(level[vertex]!) / Math.max(steepness, 1e-9)];
  }
}

/** Least-squares slope through the contour of (u − core) on the distance inward from it, over the first 1.5 mm. */
export function growth(members: Iterable<number>, level: Float64Array, distances: Float64Array): number {
  let [products, squares] = [0, 0];
  for (const vertex of members) {
    const distance = distances[vertex]!;
    if (distance > 1.5) continue;
    products += distance * level[vertex]!;
    squares += distance * distance;
  }
  return Math.min(1.25, Math.max(0.6, squares > 0 ? products / squares : 1));
}
