import type { PlaneLps } from '../anatomy/plane.ts';
import { type GridLps, ijkToLps } from '../geometry/gridLps.ts';
import { addScaled, cross, dot, perpendicular, subtract, type Vec3 } from '../geometry/vec3.ts';
import { rasterizeClosedMesh } from '../mesh/rasterize.ts';
import type { TriangleMesh } from '../mesh/triangleMesh.ts';
import type { BodyPlace, DeviceBody } from './deviceBody.ts';

/** A device that is compressed by 40 % still fills this share of its radius: what lies outside of it is the wall's to hold. */
const CORE = 0.6;
const CORE_STEP_MM = 1;

/** The lumen that a device is to lie in. */
export interface Lumen {
  /** LPS mm. */
  readonly closed: TriangleMesh;
  readonly ostium: PlaneLps;
  /** Half of the ostium's maximum diameter. */
  readonly openingMm: number;
}

/**
 * The share of a device's core, cup or lobe, that lies outside of the lumen, 0 to 1; what reaches through the ostium into
 * the atrium is left out.
 */
export function outsideLumen(
  { outline, lobeFromMm, radiusMm }: DeviceBody,
  { centreLpsMm, axis }: BodyPlace,
  { closed, ostium, openingMm }: Lumen,
): number {
  const across = perpendicular(axis);
  const reach = Math.floor((CORE * radiusMm) / CORE_STEP_MM);
  const alongs = outline.map(([along]) => along);
  const [fromMm, toMm] = [Math.max(lobeFromMm, Math.min(...alongs)), Math.max(...alongs)];
  const directions = [across, cross(axis, across), axis] as const;
  const width = 2 * reach + 1;
  const grid: GridLps = {
    sizeIjk: [width, width, Math.max(1, Math.floor((toMm - fromMm) / CORE_STEP_MM))],
    originLpsMm: [-reach, -reach, fromMm + CORE_STEP_MM / 2].reduce<Vec3>(
      (at, mm, index) => addScaled(at, directions[index]!, mm),
      centreLpsMm,
    ),
    spacingMm: [CORE_STEP_MM, CORE_STEP_MM, CORE_STEP_MM],
    directions,
  };
  let [all, outside] = [0, 0];
  rasterizeClosedMesh(closed, grid).forEach((inside, voxel) => {
    const [i, j] = [voxel % width, Math.floor(voxel / width) % width];
    const k = Math.floor(voxel / (width * width));
    const alongMm = fromMm + (k + 0.5) * CORE_STEP_MM;
    if (Math.hypot(i - reach, j - reach) * CORE_STEP_MM > CORE * radiusAt(outline, alongMm)) return;
    const offset = subtract(ijkToLps(grid, [i, j, k]), ostium.pointLpsMm);
    const height = dot(offset, ostium.normal);
    if (height < 0 && Math.hypot(...addScaled(offset, ostium.normal, -height)) < openingMm) return;
    all++;
    outside += 1 - inside;
  });
  return all === 0 ? 0 : outside / all;
}

/** The radius of an outline at a place along the axis, mm; the largest where it has several. */
const radiusAt = (outline: DeviceBody['outline'], alongMm: number): number =>
  outline.reduce((most, [toMm, radius], at) => {
    const [fromMm, before] = outline[Math.max(0, at - 1)]!;
    if ((alongMm - fromMm) * (alongMm - toMm) > 0) return most;
    const share = toMm === fromMm ? 1 : (alongMm - fromMm) / (toMm - fromMm);
    return Math.max(most, before + share * (radius - before));
  }, 0);
