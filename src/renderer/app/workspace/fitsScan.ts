import type { GridLps } from '#shared/geometry/gridLps.ts';
import { firstVoxelOfPart } from '#shared/geometry/partOfGrid.ts';

/** Whether a crop was cut from the voxels of this grid. */
export const fitsScan = (crop: GridLps, scan: GridLps): boolean => firstVoxelOfPart(crop, scan) !== null;
