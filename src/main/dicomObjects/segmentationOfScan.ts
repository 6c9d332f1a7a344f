import { readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { chosenMask, type LabelImage } from '#shared/dicom/labelImage.ts';
import { appendageLabel, maskOnOwnSlices, maskOnScan } from '#shared/dicom/maskOnGrid.ts';
import { imagesOf, madeOn, segmentationOnScan } from '#shared/dicom/segmentationOnScan.ts';
import type { RegularGeometry } from '#shared/dicom/stackCorrection.ts';
import { resampleUneven } from '#shared/dicom/stackGeometry.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { voxelVolumeMm3 } from '#shared/geometry/gridLps.ts';
import { firstVoxelOfPart } from '#shared/geometry/partOfGrid.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { JobOptions } from '#shared/progress.ts';
import { type PlacedLabels, placeOfStack } from '../interchange/gzipSlices.ts';
import { labelSurface } from '../meshing/index.ts';
import { scanDicomFolder } from '../studies/scanDicomFolder.ts';

export interface SegmentationOfScan {
  readonly label: number;
  readonly labelName: string;
  /** On the scan's own slices. */
  readonly mask: PlacedLabels;
  /** Of the voxels on the scan's lattice, where slices that are unevenly spaced have their due share. */
  readonly volumeMl: number;
  readonly surface: TriangleMesh;
  readonly warnings: readonly Failure[];
}

/**
 * Reads a segmentation of any maker onto the voxels of the scan that it belongs to: the series of the same frame of
 * reference, of several the one that it was made on, or else the one on whose voxels it lies.
 * @param label its number; left out where it is the only one or the only one called appendage
 * @throws UserError where it cannot be read, is of another scan, or which label is meant is not clear; CancelledError
 */
export async function segmentationOfScan(
  file: Uint8Array,
  name: string,
  dicomFolder: string,
  label: number | undefined,
  job: JobOptions = {},
): Promise<SegmentationOfScan> {
  const read = readDicomSegmentation(file, name, { isAnyStack: true });
  const wanted = label ?? appendageLabel(read);
  chosenMask(read, wanted, name);
  const value = wanted ?? read.labels[0]?.value ?? 1;
  const { series } = await scanDicomFolder(dicomFolder, job);
  const nameOfSeries = (uid: string): string | undefined =>
    series.find(({ seriesInstanceUid }) => seriesInstanceUid === uid)?.description;
  const candidates = series.flatMap((one) => {
    const { geometry, slices } = resampleUneven(one);
    const frameOfReference = slices[0]?.header.identity.frameOfReferenceUid;
    if (geometry.kind !== 'regular' || frameOfReference !== read.frameOfReferenceUid) return [];
    const images = imagesOf(one);
    const { image, warnings } = segmentationOnScan(read, name, { ...geometry, images, nameOfSeries });
    const isOfThese = madeOn(read, images) === 'these images';
    const rank = 2 * Number(isOfThese) + Number(isOnSlices(image, value, geometry));
    return [{ geometry, image, warnings, rank }];
  });
  // The first of those that fit best.
  const [best] = candidates.sort((a, b) => b.rank - a.rank);
  if (best === undefined || read.frameOfReferenceUid === '') {
    throw new UserError(failure('objects.segmentation-of-another-scan', { name }));
  }
  const { image, warnings } = best;
  const { grid, correction } = best.geometry;
  const data = maskOnScan(image, value, grid, correction);
  if (!data.includes(1)) throw new UserError(failure('objects.segmentation-of-another-scan', { name }));
  const mask: PlacedLabels =
    correction === undefined
      ? { grid, data }
      : { ...placeOfStack(correction.slices), data: maskOnOwnSlices(image, value, correction) };
  const { closed } = labelSurface({ grid, data }, job.signal);
  const labelName = image.labels.find((one) => one.value === value)?.name ?? '';
  const volumeMl = (data.reduce((sum, one) => sum + one, 0) * voxelVolumeMm3(grid)) / 1000;
  return { label: value, labelName, mask, volumeMl, surface: closed, warnings };
}

const isOnSlices = (image: LabelImage, value: number, { grid, correction }: RegularGeometry): boolean =>
  (correction !== undefined && image.maskOnSlices(value, correction.slices) !== null) ||
  (image.isLattice && firstVoxelOfPart(image.grid, grid) !== null);
