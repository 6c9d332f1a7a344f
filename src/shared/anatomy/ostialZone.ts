import type { GridLps } from '../geometry/gridLps.ts';
import { addScaled, dot, scale, subtract, type Vec3 } from '../geometry/vec3.ts';
import type { PlaneLps } from './plane.ts';

/** An ostium by its rim and its plane; a surface without one has neither. */
export interface OstiumPlace {
  readonly rimLpsMm: Float32Array | null;
  readonly ostiumPlane: PlaneLps | null;
}

/** What lies this near to an ostium stays as it is when a whole surface is smoothed, mm. */
export const OSTIAL_ZONE_MM = 5;

/** The same for centres of voxels that are to lie beyond it as a whole, mm. */
export const wholeVoxelsMm = ({ spacingMm }: GridLps): number =>
  OSTIAL_ZONE_MM + 0.5 + Math.max(...spacingMm) / 2;

/**
 * Whether points lie near an ostium or behind it: within a cylinder round its rim, `roomMm` distal to it and
 * `besideMm` beside it.
 * @returns null where there is no ostium
 */
export function ostialZone(
  { rimLpsMm, ostiumPlane }: OstiumPlace,
  roomMm: number,
  besideMm = roomMm,
): ((pointLpsMm: Vec3) => boolean) | null {
  if (!rimLpsMm || rimLpsMm.length < 9 || !ostiumPlane) return null;
  const count = rimLpsMm.length / 3;
  const points = Array.from(
    { length: count },
    (_, at): Vec3 => [rimLpsMm[3 * at]!, rimLpsMm[3 * at + 1]!, rimLpsMm[3 * at + 2]!],
  );
  const centre = scale(
    points.reduce<Vec3>((sum, point) => addScaled(sum, point, 1), [0, 0, 0]),
    1 / count,
  );
  const normal = scale(ostiumPlane.normal, 1 / Math.hypot(...ostiumPlane.normal));
  const offAxisMm = (point: Vec3): number => {
    const offset = subtract(point, centre);
    return Math.hypot(...addScaled(offset, normal, -dot(offset, normal)));
  };
  const radiusMm = Math.max(...points.map(offAxisMm)) + besideMm;
  return (point) =>
    dot(subtract(point, ostiumPlane.pointLpsMm), normal) < roomMm && offAxisMm(point) < radiusMm;
}
