import { voxelVolumeMm3 } from '#shared/geometry/gridLps.ts';
import type { LabelVolume } from '../labelSlices.ts';

/** How many voxels carry a label. */
export function countLabel({ data }: LabelVolume, label: number): number {
  let count = 0;
  for (const value of data) if (value === label) count++;
  return count;
}

/** Volume of a label in mL. */
export const labelVolumeMl = (labels: LabelVolume, label: number): number =>
  (countLabel(labels, label) * voxelVolumeMm3(labels.grid)) / 1000;
