import { lpsToIjk } from '#shared/geometry/gridLps.ts';
import { addScaled, dot, perAxis, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { vertexLpsMm, vertexNormals } from '#shared/mesh/measures.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import { logistic } from '../nudf/region/recognition.ts';
import type { ExtractedAppendage } from '../surface/extraction/extractAppendage.ts';

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
  const unsignedAt = new Map<string, number>();
  for (let vertex = 0; vertex < vertexCount(surface); vertex++)
    unsignedAt.set(placeKey(surface, vertex), unsignedMm[vertex]!);
  const normals = vertexNormals(closed);
  const profiles = Array.from({ length: vertexCount(closed) }, (_, vertex) => {
    const at = vertexLpsMm(closed, vertex);
    const isWall = dot(subtract(at, planePointLpsMm), planeNormal) > RIM_MM;
    const unsigned = unsignedAt.get(placeKey(closed, vertex));
    if (!isWall || unsigned === undefined) return undefined;
    const normal: Vec3 = [normals[3 * vertex]!, normals[3 * vertex + 1]!, normals[3 * vertex + 2]!];
    return { unsigned, hu: profileHu(volume, at, normal) };
  });
  const inner = profiles.flatMap((one) => (one ? [one.hu[0]!] : [])).sort((a, b) => a - b);
  const bloodHu = inner[inner.length >> 1] ?? 1;
  return Float32Array.from(profiles, (one) => {
    if (!one) return Number.NaN;
    const logUnsigned = Math.log(clamp(one.unsigned, UNSIGNED_MM));
    const drop = clamp(deepestFall(one.hu) / bloodHu, DROP);
    return logistic(WEIGHTS.bias + WEIGHTS.logUnsigned * logUnsigned + WEIGHTS.drop * drop);
  });
}

/** The closed surface keeps the places of the vertices of the surface that was divided, except along the rim. */
const placeKey = ({ positionsLpsMm: p }: TriangleMesh, vertex: number): string =>
  `${p[3 * vertex]} ${p[3 * vertex + 1]} ${p[3 * vertex + 2]}`;

function profileHu(volume: VolumeHu, at: Vec3, normal: Vec3): Float64Array {
  const steps = Math.round((2 * REACH_MM) / STEP_MM);
  return Float64Array.from({ length: steps + 1 }, (_, n) =>
    huAt(volume, addScaled(at, normal, -REACH_MM + n * STEP_MM)),
  );
}

function deepestFall(hu: Float64Array): number {
  let deepest = Number.NEGATIVE_INFINITY;
  for (let n = HALF_STEPS; n + HALF_STEPS < hu.length; n++)
    deepest = Math.max(deepest, hu[n - HALF_STEPS]! - hu[n + HALF_STEPS]!);
  return deepest;
}

/** Trilinear; beyond the outermost voxels their values. */
function huAt({ grid, data }: VolumeHu, point: Vec3): number {
  const at = lpsToIjk(grid, point);
  const low = perAxis((axis) => Math.max(0, Math.min(grid.sizeIjk[axis] - 2, Math.floor(at[axis]))));
  const share = perAxis((axis) => clamp(at[axis] - low[axis], [0, 1]));
  const [nI, nJ, nK] = grid.sizeIjk;
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const [di, dj, dk] = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const weight =
      (di ? share[0] : 1 - share[0]) * (dj ? share[1] : 1 - share[1]) * (dk ? share[2] : 1 - share[2]);
    const [i, j, k] = [
      Math.min(low[0] + di, nI - 1),
      Math.min(low[1] + dj, nJ - 1),
      Math.min(low[2] + dk, nK - 1),
    ];
    sum += weight * data[i + nI * (j + nJ * k)]!;
  }
  return sum;
}
