import { fitPlane, type PlaneLps } from '#shared/anatomy/plane.ts';
import { addScaled, dot, hypot3, length, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { CropFrame } from '../cropFrame.ts';
import type { FieldFunction } from '../field/fieldFunction.ts';
import { vertexAreasMm2 } from './capFunction.ts';
import type { OstiumSplit } from './splitAtOstium.ts';

/**
 * The ostium is a plane by definition, but nothing in the image shows where in the neck it lies: there the network's
 * signed distance is a guess whose zero set may be ragged, while on the wall it is reliable. Where the nearest part of the
 * closed surface is the cap — the unsigned distance to the wall is then larger than the signed one to the whole — the
 * signed distance is therefore replaced by the distance to one plane fitted to the whole cap.
 */

/** The difference of the two distances, mm, at which the plane begins to count and at which only it counts. */
const BLEND_FROM_MM = 0.6;
const BLEND_TO_MM = 1.8;
/** The networks' distances end here, so that further away their difference means nothing: the plane fades out before. */
const CLAMP_MM = 5;
const FADE_FROM_MM = 3;
const FADE_TO_MM = 4;

/** How much the plane counts at a point, 0 to 1. */
function planeShare(signedMm: number, unsignedMm: number): number {
  const magnitude = Math.abs(signedMm);
  const difference = Math.min(unsignedMm, CLAMP_MM) - magnitude;
  return (
    smoothstep(BLEND_FROM_MM, BLEND_TO_MM, difference) * (1 - smoothstep(FADE_FROM_MM, FADE_TO_MM, magnitude))
  );
}

/** How far from the plane and beyond the cap's edge the plane counts in full, and where it has faded out, mm. */
const REACH_FROM_MM = 5;
const REACH_TO_MM = 8;
const BEYOND_EDGE_FROM_MM = 1;
const BEYOND_EDGE_TO_MM = 4;

/** The plane of a cap and how far the cap reaches on it. */
export interface CapPlane {
  /** The cap's centre on the plane; the normal is distal: the lumen lies on its side. */
  readonly plane: PlaneLps;
  /** Distance of the cap's furthest point from the centre along the plane, mm. */
  readonly radiusMm: number;
}

/** Fits a plane to a cap's area. */
export function planeOfCap(split: OstiumSplit): CapPlane {
  const { positionsLpsMm: p } = split.cap;
  const areas = vertexAreasMm2(split.cap);
  const fitted = fitPlane(p, areas);
  const normal = dot(fitted.normal, split.planeNormal) < 0 ? scale(fitted.normal, -1) : fitted.normal;
  const points = Array.from(
    areas,
    (_, vertex): Vec3 => [p[3 * vertex]!, p[3 * vertex + 1]!, p[3 * vertex + 2]!],
  );
  const total = areas.reduce((sum, area) => sum + area, 0);
  const centroid = points.reduce<Vec3>(
    (sum, point, vertex) => addScaled(sum, point, areas[vertex]! / total),
    [0, 0, 0],
  );
  const centre = addScaled(centroid, normal, -dot(subtract(centroid, fitted.pointLpsMm), normal));
  const alongPlane = (point: Vec3): number => {
    const offset = subtract(point, centre);
    return length(addScaled(offset, normal, -dot(offset, normal)));
  };
  return {
    plane: { pointLpsMm: centre, normal },
    radiusMm: points.reduce((most, q) => Math.max(most, alongPlane(q)), 0),
  };
}

function smoothstep(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/** The field with its cap made plane. */
export function withPlanarCap(
  field: FieldFunction,
  frame: CropFrame,
  { plane, radiusMm }: CapPlane,
): FieldFunction {
  const [centreX, centreY, centreZ] = frame.centreLpsMm;
  const half = frame.edgeMm / 2;
  const [pointX, pointY, pointZ] = plane.pointLpsMm;
  const [normalX, normalY, normalZ] = plane.normal;
  return async (pointsNormalized, signal) => {
    const samples = await field(pointsNormalized, signal);
    const signedMm = samples.signedMm.slice();
    for (let point = 0; point < signedMm.length; point++) {
      const signed = signedMm[point]!;
      if (Math.abs(signed) >= FADE_TO_MM) continue;
      // In LPS mm, as by normalizedToLps.
      const x = centreX + pointsNormalized[3 * point]! * half - pointX;
      const y = centreY + pointsNormalized[3 * point + 1]! * half - pointY;
      const z = centreZ + pointsNormalized[3 * point + 2]! * half - pointZ;
      const depth = x * normalX + y * normalY + z * normalZ;
      const alongPlane = hypot3(x - normalX * depth, y - normalY * depth, z - normalZ * depth);
      const beyondEdgeMm = alongPlane - radiusMm;
      const reach =
        (1 - smoothstep(REACH_FROM_MM, REACH_TO_MM, Math.abs(depth))) *
        (1 - smoothstep(BEYOND_EDGE_FROM_MM, BEYOND_EDGE_TO_MM, beyondEdgeMm));
      if (reach === 0) continue;
      const toPlane = Math.max(-CLAMP_MM, Math.min(CLAMP_MM, -depth));
      const replaced = signed + planeShare(signed, samples.unsignedMm[point]!) * (toPlane - signed);
      // Next to the wall, where the plane does not count, it still ends the lumen: otherwise a lip would stick out of it.
      signedMm[point] = signed + reach * (Math.max(replaced, toPlane) - signed);
    }
    return { signedMm, unsignedMm: samples.unsignedMm };
  };
}
