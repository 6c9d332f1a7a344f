import type { LabelMap } from '#shared/contract/values.ts';
import type { LabelImage } from '#shared/dicom/labelImage.ts';
import { maskOnScan } from '#shared/dicom/maskOnGrid.ts';
import { voxelVolumeMm3 } from '#shared/geometry/gridLps.ts';
import type { ReviewCase } from './reviewCase.ts';

/** A segment on the voxels under review. */
export interface PlacedSegment {
  readonly labels: LabelMap;
  /** All of it, also outside of what is under review. */
  readonly volumeMl: number;
  readonly shareOutside: number;
}

const countOf = (mask: Uint8Array): number => mask.reduce((sum, value) => sum + value, 0);

/** @param image as {@link segmentationUnderReview} gives it @throws UserError where it lies on no lattice */
export function placeSegment(
  image: LabelImage,
  value: number,
  { labels: { grid }, report: { source } }: Pick<ReviewCase, 'labels' | 'report'>,
): PlacedSegment {
  const data = maskOnScan(image, value, grid, source.correction);
  const insideMl = (countOf(data) * voxelVolumeMm3(grid)) / 1000;
  // Slices that are no lattice have no volume of their own.
  const wholeMl = image.isLattice
    ? (countOf(image.mask(value)) * voxelVolumeMm3(image.grid)) / 1000
    : insideMl;
  const volumeMl = Math.max(wholeMl, insideMl);
  return {
    labels: { grid, data },
    volumeMl,
    shareOutside: volumeMl === 0 ? 0 : 1 - insideMl / volumeMl,
  };
}

/** Dice of two label maps on the same voxels; what a segment has beyond them counts against it. */
export function agreementOf(
  own: LabelMap,
  { labels, volumeMl }: PlacedSegment,
): { readonly dice: number; readonly ownVolumeMl: number } {
  let [mine, both] = [0, 0];
  for (let voxel = 0; voxel < own.data.length; voxel++) {
    if (own.data[voxel] !== 1) continue;
    mine++;
    if (labels.data[voxel] === 1) both++;
  }
  const voxelMl = voxelVolumeMm3(own.grid) / 1000;
  const ownVolumeMl = mine * voxelMl;
  const together = ownVolumeMl + volumeMl;
  return { dice: together === 0 ? 0 : (2 * both * voxelMl) / together, ownVolumeMl };
}
