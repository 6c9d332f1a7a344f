import { type GridLps, ijkToLps, LPS_AXES, voxelVolumeMm3 } from '#shared/geometry/gridLps.ts';
import { perAxis } from '#shared/geometry/vec3.ts';
import { boundingBoxLpsMm } from '#shared/mesh/measures.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { evaluateTissues } from './evaluateShape.ts';
import { LABELS, type PhantomScene } from './scene.ts';

const SPACING_MM = 0.8;
/** Nearly no edge: each point is one tissue's. */
const EDGE_MM = 0.05;
/** The lumen's own values, without streaks and trabeculae at either end. */
const DARK_SHARE = 0.05;
const BRIGHT_SHARE = 0.9;
/** As docs/clinical.md, "Filled and unfilled parts", has it. */
const UNENHANCED_HU = 50;
const LEAST_ENHANCEMENT = 0.6;

/**
 * The volume of a phantom's appendage that contrast does not fill, mL: its thrombus, and where contrast thins out to less
 * than 60 % of its enhancement, what is darker than half-way between the bright blood and the dark.
 * @param closed the true closed lumen, LPS mm
 */
export function trueUnfilledMl(scene: PhantomScene, closed: TriangleMesh): number {
  const { low, high } = boundingBoxLpsMm(closed);
  const grid: GridLps = {
    sizeIjk: perAxis((axis) => Math.ceil((high[axis] - low[axis]) / SPACING_MM) + 1),
    originLpsMm: low,
    spacingMm: [SPACING_MM, SPACING_MM, SPACING_MM],
    directions: LPS_AXES,
  };
  const [nI, nJ] = grid.sizeIjk;
  const points: number[] = [];
  rasterizeClosedMesh(closed, grid).forEach((flag, voxel) => {
    if (flag === 0) return;
    points.push(...ijkToLps(grid, [voxel % nI, Math.floor(voxel / nI) % nJ, Math.floor(voxel / (nI * nJ))]));
  });
  const { hu, label } = evaluateTissues(scene, Float32Array.from(points), EDGE_MM);
  const sorted = hu.slice().sort();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const [dark, bright] = [at(DARK_SHARE), at(BRIGHT_SHARE)];
  const thinsOut = dark - UNENHANCED_HU < LEAST_ENHANCEMENT * (bright - UNENHANCED_HU);
  const limitHu = thinsOut ? (dark + bright) / 2 : Number.NEGATIVE_INFINITY;
  let unfilled = 0;
  hu.forEach((value, point) => {
    if (label[point] === LABELS.thrombus || value < limitHu) unfilled++;
  });
  return (unfilled * voxelVolumeMm3(grid)) / 1000;
}
