import { sampleSurface } from '#main/mesh/surfaceSamples.ts';
import { buildTriangleTree, nearestOnMesh } from '#main/mesh/triangleTree.ts';
import type { PlaneLps } from '#shared/anatomy/plane.ts';
import { dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';

/** How far apart two surfaces are beyond the ostium, both directions, by area, mm. */
export interface WallBeyond {
  readonly averageMm: number;
  readonly percentile95Mm: number;
  /** Area, mm², of the predicted surface there that is further than 1.5 mm from the truth. */
  readonly offAreaMm2: number;
}

const OFF_MM = 1.5;

/**
 * The wall's error apart from the ostium's: only what lies further than `depthMm` beyond the true ostium's plane, so that
 * where an ostium is put does not count. NaN where neither surface reaches there.
 */
export function wallBeyond(
  predicted: TriangleMesh,
  truth: TriangleMesh,
  ostium: PlaneLps,
  depthMm: number,
): WallBeyond {
  const there = directed(predicted, truth, ostium, depthMm);
  const all = [...there, ...directed(truth, predicted, ostium, depthMm)];
  const area = all.reduce((sum, one) => sum + one.areaMm2, 0);
  all.sort((a, b) => a.distanceMm - b.distanceMm);
  let reached = 0;
  const at95 = all.find(({ areaMm2 }) => {
    reached += areaMm2;
    return reached >= 0.95 * area;
  });
  return {
    averageMm: all.reduce((sum, one) => sum + one.areaMm2 * one.distanceMm, 0) / area,
    percentile95Mm: at95?.distanceMm ?? Number.NaN,
    offAreaMm2: there.reduce((sum, one) => sum + (one.distanceMm > OFF_MM ? one.areaMm2 : 0), 0),
  };
}

function directed(from: TriangleMesh, to: TriangleMesh, { pointLpsMm, normal }: PlaneLps, depthMm: number) {
  const { pointsLpsMm: p, areasMm2 } = sampleSurface(from);
  const tree = buildTriangleTree(to);
  const found: { readonly distanceMm: number; readonly areaMm2: number }[] = [];
  areasMm2.forEach((areaMm2, sample) => {
    const point: Vec3 = [p[3 * sample]!, p[3 * sample + 1]!, p[3 * sample + 2]!];
    if (dot(subtract(point, pointLpsMm), normal) < depthMm) return;
    found.push({ distanceMm: nearestOnMesh(tree, ...point).distanceMm, areaMm2 });
  });
  return found;
}
