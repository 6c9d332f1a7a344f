import { type GridLps, ijkToLps, LPS_AXES } from '#shared/geometry/gridLps.ts';
import { distance, perAxis, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { resampleTrilinear } from '#shared/volume/resample.ts';
import { OUTSIDE_HU, type Volume } from '#shared/volume/volume.ts';

export interface LumenSummary {
  /** A point inside the lumen, as near to its centroid as there is one. */
  readonly centreLpsMm: Vec3;
  /** Longest side of the lumen's box along L, P and S. */
  readonly extentMm: number;
  /** Median HU of the lumen; undefined where the mesh holds no scanned voxel. */
  readonly medianHu: number | undefined;
}

/** Voxels along the longest side; enough for a centre and a median. */
const RESOLUTION = 48;

/** Where the lumen lies and how bright it is. */
export function summarizeLumen(volume: Volume, closed: TriangleMesh): LumenSummary {
  const { low: lowLpsMm, high: highLpsMm } = boundingBoxLpsMm(closed);
  const extent = subtract(highLpsMm, lowLpsMm);
  const extentMm = Math.max(1, ...extent);
  const spacing = extentMm / RESOLUTION;
  const grid: GridLps = {
    sizeIjk: perAxis((axis) => Math.max(1, Math.ceil(extent[axis] / spacing))),
    originLpsMm: perAxis((axis) => lowLpsMm[axis] + spacing / 2),
    spacingMm: [spacing, spacing, spacing],
    directions: LPS_AXES,
  };
  const inside = rasterizeClosedMesh(closed, grid);
  const valuesHu = resampleTrilinear(volume, grid, OUTSIDE_HU);
  const points: Vec3[] = [];
  const insideHu: number[] = [];
  const [nI, nJ] = grid.sizeIjk;
  inside.forEach((flag, v) => {
    if (!flag) return;
    points.push(ijkToLps(grid, [v % nI, Math.floor(v / nI) % nJ, Math.floor(v / (nI * nJ))]));
    if (valuesHu[v]! > OUTSIDE_HU) insideHu.push(valuesHu[v]!);
  });
  insideHu.sort((a, b) => a - b);
  const middle = perAxis((axis) => (lowLpsMm[axis] + highLpsMm[axis]) / 2);
  return {
    centreLpsMm: nearestToCentroid(points) ?? middle,
    extentMm,
    medianHu: insideHu[insideHu.length >> 1],
  };
}

/** The centroid of a bent lumen may lie outside of it; its nearest inside point never does. */
function nearestToCentroid(points: readonly Vec3[]): Vec3 | undefined {
  const centroid = perAxis((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
  let best: Vec3 | undefined;
  for (const point of points) {
    if (best === undefined || distance(point, centroid) < distance(best, centroid)) best = point;
  }
  return best;
}
