import type { LabelMap } from '#shared/contract/values.ts';
import { type GridLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import { dot, type Vec3 } from '#shared/geometry/vec3.ts';
import type { VoxelBox } from '#shared/volume/labelBox.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import { type LabelDelta, recordChange } from './labelDelta.ts';

/** The brush: a ball, or a disc one voxel thick in the plane that is painted on. */
export type Brush =
  | { readonly shape: 'sphere' }
  | { readonly shape: 'disc' /** The plane's unit normal, LPS. */; readonly normal: Vec3 };

/** Only voxels whose value lies within the range, both ends included, are painted. */
export interface HuLimit {
  /** On the labels' own grid. */
  readonly volume: VolumeHu;
  readonly lowHu: number;
  readonly highHu: number;
}

/**
 * Paints or erases along a stroke: every voxel whose centre is within the radius of the line through the points, so
 * that a fast stroke has no holes. The voxels that hold the points are always painted.
 * @param value 1 paints, 0 erases.
 * @returns what changed, null for nothing. @throws RangeError where the limit's volume is on another grid.
 */
export function paintStroke(
  labels: LabelMap,
  pointsLpsMm: readonly Vec3[],
  radiusMm: number,
  value: 0 | 1,
  brush: Brush = { shape: 'sphere' },
  limit?: HuLimit,
): LabelDelta | null {
  const { grid, data } = labels;
  if (limit && limit.volume.data.length !== data.length) {
    throw new RangeError('The volume of the limit is not on the labels’ grid.');
  }
  if (pointsLpsMm.length === 0) return null;
  // Millimetres along the grid's own axes: they are perpendicular to each other, so distances do not change.
  const { spacingMm } = grid;
  const points = pointsLpsMm.map((point): Vec3 => {
    const [i, j, k] = lpsToIjk(grid, point);
    return [i * spacingMm[0], j * spacingMm[1], k * spacingMm[2]];
  });
  const disc = brush.shape === 'disc' ? discAxes(grid, brush.normal) : undefined;
  const reachMm = Math.max(radiusMm, disc?.halfMm ?? 0);
  const write = (voxel: number): void => {
    if (limit) {
      const hu = limit.volume.data[voxel]!;
      if (hu < limit.lowHu || hu > limit.highHu) return;
    }
    data[voxel] = value;
  };
  return recordChange(labels, boxAround(points, reachMm, spacingMm), () => {
    for (let index = 0; index < points.length; index++) {
      const to = points[index]!;
      paintVoxelAt(to, grid, write);
      const from = points[index - 1] ?? to;
      if (index === 0 && points.length > 1) continue;
      paintSegment(from, to, radiusMm, disc, boxAround([from, to], reachMm, spacingMm), grid, write);
    }
  });
}

interface Disc {
  /** The normal along the grid's axes. */
  readonly normal: Vec3;
  readonly halfMm: number;
}

function discAxes({ directions, spacingMm }: GridLps, normalLps: Vec3): Disc {
  const normal: Vec3 = [
    dot(normalLps, directions[0]),
    dot(normalLps, directions[1]),
    dot(normalLps, directions[2]),
  ];
  const across = normal.reduce((sum, share, axis) => sum + Math.abs(share) * spacingMm[axis]!, 0);
  return { normal, halfMm: across / 2 };
}

function boxAround(pointsMm: readonly Vec3[], reachMm: number, spacingMm: Vec3): VoxelBox {
  const low: [number, number, number] = [0, 0, 0];
  const high: [number, number, number] = [0, 0, 0];
  for (const axis of [0, 1, 2] as const) {
    const along = pointsMm.map((point) => point[axis]);
    const [least, most] = [Math.min(...along), Math.max(...along)];
    // Half a voxel more, for the voxel that holds a point.
    low[axis] = Math.floor((least - reachMm) / spacingMm[axis] - 0.5);
    high[axis] = Math.ceil((most + reachMm) / spacingMm[axis] + 0.5);
  }
  return { low, high };
}

function paintVoxelAt(pointMm: Vec3, grid: GridLps, write: (voxel: number) => void): void {
  const [nI, nJ, nK] = grid.sizeIjk;
  const [i, j, k] = pointMm.map((value, axis) => Math.round(value / grid.spacingMm[axis]!)) as [
    number,
    number,
    number,
  ];
  if (i >= 0 && j >= 0 && k >= 0 && i < nI && j < nJ && k < nK) write(i + nI * (j + nJ * k));
}

function paintSegment(
  from: Vec3,
  to: Vec3,
  radiusMm: number,
  disc: Disc | undefined,
  { low, high }: VoxelBox,
  { sizeIjk: [nI, nJ, nK], spacingMm: [sI, sJ, sK] }: GridLps,
  write: (voxel: number) => void,
): void {
  const [dx, dy, dz] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const [nx, ny, nz] = disc?.normal ?? [0, 0, 0];
  const rise = dx * nx + dy * ny + dz * nz;
  const halfMm = disc ? disc.halfMm * (1 + 1e-9) : 0;
  // The segment without its part along the disc's normal.
  const [ex, ey, ez] = [dx - rise * nx, dy - rise * ny, dz - rise * nz];
  const squared = ex * ex + ey * ey + ez * ez;
  const limit = radiusMm * radiusMm * (1 + 1e-9);
  for (let k = Math.max(0, low[2]); k <= Math.min(nK - 1, high[2]); k++) {
    for (let j = Math.max(0, low[1]); j <= Math.min(nJ - 1, high[1]); j++) {
      const row = nI * (j + nJ * k);
      const [y, z] = [j * sJ - from[1], k * sK - from[2]];
      for (let i = Math.max(0, low[0]); i <= Math.min(nI - 1, high[0]); i++) {
        const x = i * sI - from[0];
        const height = x * nx + y * ny + z * nz;
        const t = squared > 0 ? Math.min(1, Math.max(0, (x * ex + y * ey + z * ez) / squared)) : 0;
        if (disc && Math.abs(height - t * rise) > halfMm) continue;
        const px = x - height * nx - t * ex;
        const py = y - height * ny - t * ey;
        const pz = z - height * nz - t * ez;
        if (px * px + py * py + pz * pz <= limit) write(row + i);
      }
    }
  }
}
