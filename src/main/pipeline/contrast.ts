import { cubeGridLps, type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { addScaled, perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { averageToGrid } from '#shared/volume/averageToGrid.ts';
import { resampleTrilinear } from '#shared/volume/resample.ts';
import { OUTSIDE_HU, type VolumeHu } from '#shared/volume/volume.ts';
import { unseenWallShare } from './scanEdge.ts';

/** The blood's brightness, in HU: medians, so that walls and noise do not count. */
export interface BloodContrast {
  /** In the atrium, just inside of the ostium; undefined where the scan does not show it. */
  readonly atriumHu: number | undefined;
  /** In the appendage's lumen. */
  readonly appendageHu: number | undefined;
  /** Share of the lumen's volume that the scan shows (not cut by its edge). */
  readonly shownShare: number;
  /** Share of the wall whose outer side the scan does not show (scanEdge.ts). */
  readonly unseenWallShare: number;
  /** Of the brightest tenth of soft tissue and blood round the lumen; undefined where the scan shows none. */
  readonly nearbyHu: number | undefined;
}

const SAMPLE_SPACING_MM = 1;
/** The atrium is sampled in a cube of this edge, this far inside of the ostium. */
const ATRIUM_PROBE_EDGE_MM = 6;
const ATRIUM_PROBE_DEPTH_MM = 8;

/** Round the lumen atrium, ventricle and veins are looked for in a cube of this edge, in voxels that average out noise. */
const NEARBY_EDGE_MM = 70;
const NEARBY_VOXEL_MM = 2.5;
/** Between fat and bone. */
const SOFT_HU = [-30, 800] as const;
const BRIGHTEST_SHARE = 0.9;

/** Of the first `count` values, which are sorted. */
function quantile(values: Float32Array, count: number, share: number): number | undefined {
  const sorted = values.subarray(0, count).sort();
  return sorted[Math.floor(share * count)];
}

/** Moves the values between two limits to the front. @returns how many they are */
function moveForward(values: Float32Array, above: number, below: number): number {
  let count = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value > above && value < below) values[count++] = value;
  }
  return count;
}

/** @param ostium its centre and distal normal, and the wall without its cap; null where none was found. */
export function measureContrast(
  volume: VolumeHu,
  closed: TriangleMesh,
  ostium: { readonly centreLpsMm: Vec3; readonly normal: Vec3; readonly wall: TriangleMesh } | null,
): BloodContrast {
  const grid = gridRound(closed);
  const inside = rasterizeClosedMesh(closed, grid);
  const values = resampleTrilinear(volume, grid, OUTSIDE_HU);
  const lumen = new Float32Array(values.length);
  let shown = 0;
  let insideCount = 0;
  for (let voxel = 0; voxel < inside.length; voxel++) {
    if (inside[voxel] === 0) continue;
    insideCount++;
    if (values[voxel]! > OUTSIDE_HU / 2) lumen[shown++] = values[voxel]!;
  }
  return {
    atriumHu: ostium ? atriumHu(volume, ostium) : undefined,
    shownShare: insideCount === 0 ? 0 : shown / insideCount,
    appendageHu: quantile(lumen, shown, 0.5),
    unseenWallShare: unseenWallShare(volume, ostium?.wall ?? closed),
    nearbyHu: nearbyHu(volume, middleOf(closed)),
  };
}

function atriumHu(volume: VolumeHu, ostium: { centreLpsMm: Vec3; normal: Vec3 }): number | undefined {
  const centre = addScaled(ostium.centreLpsMm, ostium.normal, -ATRIUM_PROBE_DEPTH_MM);
  const probe = cubeGridLps(centre, ATRIUM_PROBE_EDGE_MM, ATRIUM_PROBE_EDGE_MM / SAMPLE_SPACING_MM);
  const values = resampleTrilinear(volume, probe, OUTSIDE_HU);
  return quantile(values, moveForward(values, OUTSIDE_HU / 2, Infinity), 0.5);
}

function middleOf(closed: TriangleMesh): Vec3 {
  const { low, high } = boundingBoxLpsMm(closed);
  return perAxis((axis) => (low[axis] + high[axis]) / 2);
}

/** HU of the brightest tenth of soft tissue and blood round a place; undefined where the scan shows none there. */
export function nearbyHu(volume: VolumeHu, centreLpsMm: Vec3): number | undefined {
  const around = cubeGridLps(centreLpsMm, NEARBY_EDGE_MM, NEARBY_EDGE_MM / NEARBY_VOXEL_MM);
  const values = averageToGrid(volume, around);
  return quantile(values, moveForward(values, SOFT_HU[0], SOFT_HU[1]), BRIGHTEST_SHARE);
}

function gridRound(mesh: TriangleMesh): GridLps {
  const { low, high } = boundingBoxLpsMm(mesh);
  const size = (axis: 0 | 1 | 2): number => Math.ceil((high[axis] - low[axis]) / SAMPLE_SPACING_MM) + 1;
  return {
    sizeIjk: [size(0), size(1), size(2)],
    originLpsMm: low,
    spacingMm: [SAMPLE_SPACING_MM, SAMPLE_SPACING_MM, SAMPLE_SPACING_MM],
    directions: LPS_AXES,
  };
}
