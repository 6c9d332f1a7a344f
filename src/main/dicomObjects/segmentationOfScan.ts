import { readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import { chosenMask } from '#shared/dicom/labelImage.ts';
import { appendageLabel, maskOnGrid } from '#shared/dicom/maskOnGrid.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { firstVoxelOfPart } from '#shared/geometry/partOfGrid.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { JobOptions } from '#shared/progress.ts';
import { labelSurface } from '../meshing/index.ts';
import { scanDicomFolder } from '../studies/scanDicomFolder.ts';

export interface SegmentationOfScan {
  readonly label: number;
  readonly labelName: string;
  /** On the scan's own grid. */
  readonly mask: { readonly grid: GridLps; readonly data: Uint8Array<ArrayBuffer> };
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
  const image = readDicomSegmentation(file, name);
  const wanted = label ?? appendageLabel(image);
  chosenMask(image, wanted, name);
  const value = wanted ?? image.labels[0]?.value ?? 1;
  const { series } = await scanDicomFolder(dicomFolder, job);
  const grids = series.flatMap(({ geometry, slices }) =>
    geometry.kind === 'regular' &&
    slices[0]?.header.identity.frameOfReferenceUid === image.frameOfReferenceUid
      ? [geometry.grid]
      : [],
  );
  const grid = grids.find((one) => firstVoxelOfPart(image.grid, one) !== null) ?? grids[0];
  if (grid === undefined || image.frameOfReferenceUid === '') {
    throw new UserError(failure('objects.segmentation-of-another-scan', { name }));
  }
  const data = maskOnGrid(image, value, grid);
  if (!data.includes(1)) throw new UserError(failure('objects.segmentation-of-another-scan', { name }));
  const { closed } = labelSurface({ grid, data }, job.signal);
  const labelName = image.labels.find((one) => one.value === value)?.name ?? '';
  return { label: value, labelName, mask: { grid, data }, surface: closed };
}
