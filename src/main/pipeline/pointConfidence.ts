import { dot, subtract } from '#shared/geometry/vec3.ts';
import { vertexLpsMm, vertexNormals } from '#shared/mesh/measures.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import { logistic } from '../nudf/region/recognition.ts';
import type { ExtractedAppendage } from '../surface/extraction/extractAppendage.ts';
import { samePlaces } from './samePlaces.ts';

/** Fitted to the points of eleven phantoms by bench/pointConfidence.ts (docs/accuracy.md, "Point by point"). */
const WEIGHTS = { bias: 0.03, logUnsigned: 1.43, drop: -1.27 } as const;
const UNSIGNED_MM = [0.05, 4] as const;
const DROP = [0, 1.2] as const;
/** Nearer to the ostium's plane than this the wall ends, mm. */
const RIM_MM = 1.5;
/** The image is read along the normal from so far inside of the wall to so far outside, mm. */
const REACH_MM = 2.5;
const STEP_MM = 0.25;
/** The fall of HU is that over so many steps to either side. */
const HALF_STEPS = 3;
const PROFILE_STEPS = Math.round((2 * REACH_MM) / STEP_MM) + 1;

const clamp = (value: number, [low, high]: readonly [number, number]): number =>
  Math.min(high, Math.max(low, value));

/**
 * For each vertex of the closed surface how often such a point of the wall is off by more than 1 mm, 0 to 1: from how far
 * the two fields disagree there and how deep HU fall across the wall, as a share of the blood's. NaN at the ostium's cap
 * and rim, which are no wall.
 * @returns undefined where the model knows one field only, or no ostium was found
 */
export function offChances(
  { surface, unsignedMm, closed, ostium, open }: ExtractedAppendage,
  volume: VolumeHu,
): Float32Array<ArrayBuffer> | undefined {
  if (open || !ostium.found || unsignedMm.length === 0) return undefined;
  const { planePointLpsMm, planeNormal } = ostium;
  // The closed surface keeps the places of the vertices of the surface that was divided, except along the rim.
  const vertexOfSurface = samePlaces(closed, surface);
  const count = vertexCount(closed);
  const vertices: number[] = [];
  for (let vertex = 0; vertex < count; vertex++) {
    if (vertexOfSurface[vertex]! < 0) continue;
    const isWall = dot(subtract(vertexLpsMm(closed, vertex), planePointLpsMm), planeNormal) > RIM_MM;
    if (isWall) vertices.push(vertex);
  }
  const profiles = profilesHu(volume, closed, vertices);
  const falls = new Float64Array(vertices.length);
  const inner = new Float64Array(vertices.length);
  for (let at = 0; at < vertices.length; at++) {
    inner[at] = profiles[PROFILE_STEPS * at]!;
    falls[at] = deepestFall(profiles, PROFILE_STEPS * at);
  }
  const chances = new Float32Array(count).fill(Number.NaN);
  const bloodHu = inner.sort()[vertices.length >> 1] ?? 1;
  for (let at = 0; at < vertices.length; at++) {
    const vertex = vertices[at]!;
    const logUnsigned = Math.log(clamp(unsignedMm[vertexOfSurface[vertex]!]!, UNSIGNED_MM));
    const drop = clamp(falls[at]! / bloodHu, DROP);
    chances[vertex] = logistic(WEIGHTS.bias + WEIGHTS.logUnsigned * logUnsigned + WEIGHTS.drop * drop);
  }
  return chances;
}

/** @param first where the profile begins */
function deepestFall(hu: Float64Array, first: number): number {
  let deepest = Number.NEGATIVE_INFINITY;
  for (let n = first + HALF_STEPS; n + HALF_STEPS < first + PROFILE_STEPS; n++)
    deepest = Math.max(deepest, hu[n - HALF_STEPS]! - hu[n + HALF_STEPS]!);
  return deepest;
}

/**
 * HU along the normals of vertices, from {@link REACH_MM} inside to as far outside, {@link PROFILE_STEPS} for each:
 * trilinear; beyond the outermost voxels their values.
 */
function profilesHu({ grid, data }: VolumeHu, mesh: TriangleMesh, vertices: readonly number[]): Float64Array {
  const { positionsLpsMm: p } = mesh;
  const normals = vertexNormals(mesh);
  const [nI, nJ, nK] = grid.sizeIjk;
  const [ox, oy, oz] = grid.originLpsMm;
  const [[ix, iy, iz], [jx, jy, jz], [kx, ky, kz]] = grid.directions;
  const [sI, sJ, sK] = grid.spacingMm;
  const nextI = nI > 1 ? 1 : 0;
  const nextJ = nJ > 1 ? nI : 0;
  const nextK = nK > 1 ? nI * nJ : 0;
  const hu = new Float64Array(PROFILE_STEPS * vertices.length);
  for (let slot = 0; slot < hu.length; slot++) {
    const n = slot % PROFILE_STEPS;
    const vertex = 3 * vertices[(slot - n) / PROFILE_STEPS]!;
    const along = -REACH_MM + n * STEP_MM;
    const x = p[vertex]! + normals[vertex]! * along - ox;
    const y = p[vertex + 1]! + normals[vertex + 1]! * along - oy;
    const z = p[vertex + 2]! + normals[vertex + 2]! * along - oz;
    const i = (x * ix + y * iy + z * iz) / sI;
    const j = (x * jx + y * jy + z * jz) / sJ;
    const k = (x * kx + y * ky + z * kz) / sK;
    const i0 = Math.max(0, Math.min(nI - 2, Math.floor(i)));
    const j0 = Math.max(0, Math.min(nJ - 2, Math.floor(j)));
    const k0 = Math.max(0, Math.min(nK - 2, Math.floor(k)));
    const fI = Math.min(1, Math.max(0, i - i0));
    const fJ = Math.min(1, Math.max(0, j - j0));
    const fK = Math.min(1, Math.max(0, k - k0));
    const gI = 1 - fI;
    const gJ = 1 - fJ;
    const gK = 1 - fK;
    const at = i0 + nI * (j0 + nJ * k0);
    const above = at + nextK;
    hu[slot] =
      gI * gJ * gK * data[at]! +
      fI * gJ * gK * data[at + nextI]! +
      gI * fJ * gK * data[at + nextJ]! +
      fI * fJ * gK * data[at + nextI + nextJ]! +
      gI * gJ * fK * data[above]! +
      fI * gJ * fK * data[above + nextI]! +
      gI * fJ * fK * data[above + nextJ]! +
      fI * fJ * fK * data[above + nextI + nextJ]!;
  }
  return hu;
}
