import type { GridLps } from '#shared/geometry/gridLps.ts';
import { firstVoxelOfPart } from '#shared/geometry/partOfGrid.ts';
import type { ReviewCase } from '../../features/review/index.ts';
import type { DrawnScan } from '../sessions/savedDrawings.ts';
import type { Scan } from './scanStore.ts';

/** Whether a crop was cut from the voxels of this grid. */
export const fitsScan = (crop: GridLps, scan: GridLps): boolean => firstVoxelOfPart(crop, scan) !== null;

/**
 * The grid of the whole scan that a case was cut from: kept with the case, else that of the scan on the screen, which is
 * the case's own wherever it is more than the kept part. Null where only that part is left.
 */
export function scanGridOf({ scanGrid }: Pick<ReviewCase, 'scanGrid'>, shown: Scan | null): GridLps | null {
  if (scanGrid) return scanGrid;
  return shown && shown.extent !== 'crop' ? shown.volume.grid : null;
}

/** By what drawings on the scan on the screen are kept; null while it arrives, and where only a part of it was kept. */
export function drawnScanOf({ extent, seriesInstanceUid, source, volume }: Scan): DrawnScan | null {
  if (extent !== 'whole') return null;
  return { seriesInstanceUid, heartPhase: source?.heartPhase?.label ?? null, grid: volume.grid };
}
