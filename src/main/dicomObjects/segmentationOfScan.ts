import { readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { chosenMask } from '#shared/dicom/labelImage.ts';
import { appendageLabel, maskOnOwnSlices, maskOnScan } from '#shared/dicom/maskOnGrid.ts';
import type { RegularGeometry } from '#shared/dicom/stackCorrection.ts';
import { resampleUneven } from '#shared/dicom/stackGeometry.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
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
}

/**
 * Reads a segmentation of any maker onto the voxels of the scan that it belongs to: the series of the same frame of
 * reference, of several the one on whose voxels it lies.
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
  const image = readDicomSegmentation(file, name, { isAnyStack: true });
  const wanted = label ?? appendageLabel(image);
  chosenMask(image, wanted, name);
  const value = wanted ?? image.labels[0]?.value ?? 1;
  const { series } = await scanDicomFolder(dicomFolder, job);
  const geometries = series.flatMap((one) => {
    const { geometry, slices } = resampleUneven(one);
    const frameOfReference = slices[0]?.header.identity.frameOfReferenceUid;
    return geometry.kind === 'regular' && frameOfReference === image.frameOfReferenceUid ? [geometry] : [];
  });
  const isOnSlices = ({ grid, correction }: RegularGeometry): boolean =>
    (correction && image.maskOnSlices(value, correction.slices) !== null) ||
    (image.isLattice && firstVoxelOfPart(image.grid, grid) !== null);
  const geometry = geometries.find(isOnSlices) ?? geometries[0];
  if (geometry === undefined || image.frameOfReferenceUid === '') {
    throw new UserError(failure('objects.segmentation-of-another-scan', { name }));
  }
  const { grid, correction } = geometry;
  const data = maskOnScan(image, value, grid, correction);
  if (!data.includes(1)) throw new UserError(failure('objects.segmentation-of-another-scan', { name }));
  const mask: PlacedLabels =
    correction === undefined
      ? { grid, data }
      : { ...placeOfStack(correction.slices), data: maskOnOwnSlices(image, value, correction) };
  const { closed } = labelSurface({ grid, data }, job.signal);
  const labelName = image.labels.find((one) => one.value === value)?.name ?? '';
  const volumeMl = (data.reduce((sum, one) => sum + one, 0) * voxelVolumeMm3(grid)) / 1000;
  return { label: value, labelName, mask, volumeMl, surface: closed };
}
