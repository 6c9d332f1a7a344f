import { buildScene } from '#main/phantom/anatomy/index.ts';
import { phantomGrid } from '#main/phantom/phantomFolder.ts';
import { renderCtThreads } from '#main/workers/renderCtThreads.ts';
import type { SegmentationReport } from '#shared/contract/report.ts';
import { type GridLps, ijkToLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import { perAxis, type Vec3 } from '#shared/geometry/vec3.ts';
import { squeeze } from '#shared/volume/averageToGrid.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';

export type Scan = Volume<Int16Array<ArrayBuffer>>;

/**
 * A phantom's CT round its appendage, in voxels of 0.8 × 0.8 × 1.2 mm or a whole number of times as large. The whole heart
 * takes 4 to 6 s of processor time, however large the voxels are, and a cube of half its edge a fourth of that.
 * @param edgeMm how far the scan reaches along each axis, no more than the whole heart's 205 × 205 × 132 mm
 */
export async function phantomScan(
  seed: number,
  { edgeMm, times, renderWorker }: { edgeMm: number; times: number; renderWorker?: string | undefined },
): Promise<Scan> {
  const spacing = { inPlaneMm: 0.8 * times, sliceMm: 1.2 * times };
  const scene = buildScene(seed, { spacing });
  const inPlane = Math.round(Math.min(edgeMm, 205) / spacing.inPlaneMm);
  const slices = Math.round(Math.min(edgeMm, 132) / spacing.sliceMm);
  const grid = phantomGrid(scene, { spacing, sizeIjk: [inPlane, inPlane, slices], centre: 'appendage' });
  const data = await renderCtThreads(scene, grid, withoutUndefined({ file: renderWorker }));
  return { grid, data: new Int16Array(data) };
}

/** The whole scan in voxels of about 1.6 mm, as a viewer sends it. */
export function coarseOf(scan: Scan): Scan {
  const size = perAxis((axis) => Math.round((scan.grid.sizeIjk[axis] * scan.grid.spacingMm[axis]) / 1.6));
  const { grid, data } = squeeze(scan, size);
  return { grid, data: Int16Array.from(data, Math.round) };
}

/** The scan's own voxels that reach at least `reachMm` from a point to each side, less where it ends. */
export function cropOf(scan: Scan, centreLpsMm: Vec3, reachMm: number): Scan {
  const centre = lpsToIjk(scan.grid, centreLpsMm);
  const [nI, nJ] = scan.grid.sizeIjk;
  const reach = perAxis((axis) => reachMm / scan.grid.spacingMm[axis]);
  const from = perAxis((axis) => Math.max(0, Math.floor(centre[axis] - reach[axis])));
  const to = perAxis((axis) => Math.min(scan.grid.sizeIjk[axis] - 1, Math.ceil(centre[axis] + reach[axis])));
  const sizeIjk = perAxis((axis) => to[axis] - from[axis] + 1);
  const grid: GridLps = { ...scan.grid, sizeIjk, originLpsMm: ijkToLps(scan.grid, from) };
  const data = new Int16Array(sizeIjk[0] * sizeIjk[1] * sizeIjk[2]);
  for (let k = 0, write = 0; k < sizeIjk[2]; k++) {
    for (let j = 0; j < sizeIjk[1]; j++, write += sizeIjk[0]) {
      const row = from[0] + nI * (from[1] + j + nJ * (from[2] + k));
      data.set(scan.data.subarray(row, row + sizeIjk[0]), write);
    }
  }
  return { grid, data };
}

export const sourceOf = ({ grid }: Scan): SegmentationReport['source'] => ({
  seriesInstanceUid: '2.25.1',
  frameOfReferenceUid: '2.25.2',
  seriesDescription: 'Phantom',
  sizeIjk: [...grid.sizeIjk],
  spacingMm: [...grid.spacingMm],
  slices: grid.sizeIjk[2],
  skippedFiles: 0,
  otherSeries: [],
});
