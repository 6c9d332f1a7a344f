import { cubeGridLps, type GridLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { addScaled, type Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { resampleTrilinear } from '#shared/volume/resample.ts';
import { OUTSIDE_HU, type VolumeHu } from '#shared/volume/volume.ts';

/** The blood's brightness, in HU: medians, so that walls and noise do not count. */
export interface BloodContrast {
  /** In the atrium, just inside of the ostium; undefined where the scan does not show it. */
  readonly atriumHu: number | undefined;
  /** In the appendage's lumen. */
  readonly appendageHu: number | undefined;
  /** Share of the lumen's volume that the scan shows (not cut by its edge). */
  readonly shownShare: number;
}

const SAMPLE_SPACING_MM = 1;
/** The atrium is sampled in a cube of this edge, this far inside of the ostium. */
const ATRIUM_PROBE_EDGE_MM = 6;
const ATRIUM_PROBE_DEPTH_MM = 8;

function median(values: number[]): number | undefined {
  if (values.length === 0) return undefined;
  values.sort((a, b) => a - b);
  return values[values.length >> 1];
}

/** @param ostium its centre and distal normal; null where none was found. */
export function measureContrast(
  volume: VolumeHu,
  closed: TriangleMesh,
  ostium: { readonly centreLpsMm: Vec3; readonly normal: Vec3 } | null,
): BloodContrast {
  const grid = gridRound(closed);
  const inside = rasterizeClosedMesh(closed, grid);
  const values = resampleTrilinear(volume, grid, OUTSIDE_HU);
  const lumen: number[] = [];
  let insideCount = 0;
  inside.forEach((flag, index) => {
    if (!flag) return;
    insideCount++;
    if (values[index]! > OUTSIDE_HU / 2) lumen.push(values[index]!);
  });
  return {
    atriumHu: ostium ? atriumHu(volume, ostium) : undefined,
    shownShare: insideCount === 0 ? 0 : lumen.length / insideCount,
    appendageHu: median(lumen),
  };
}

function atriumHu(volume: VolumeHu, ostium: { centreLpsMm: Vec3; normal: Vec3 }): number | undefined {
  const centre = addScaled(ostium.centreLpsMm, ostium.normal, -ATRIUM_PROBE_DEPTH_MM);
  const probe = cubeGridLps(centre, ATRIUM_PROBE_EDGE_MM, ATRIUM_PROBE_EDGE_MM / SAMPLE_SPACING_MM);
  const values = resampleTrilinear(volume, probe, OUTSIDE_HU);
  return median(Array.from(values).filter((value) => value > OUTSIDE_HU / 2));
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
