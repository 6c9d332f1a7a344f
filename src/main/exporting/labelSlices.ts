import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { firstVoxelOfPart } from '#shared/geometry/partOfGrid.ts';
import { rasterizeOnSlices } from '#shared/mesh/rasterize.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { placeOfStack, type SlicedLabels } from '../interchange/gzipSlices.ts';
import type { ExportRequest } from './meshProducts.ts';

/** One label for each voxel; 0 is background. */
export type LabelVolume = Volume<Uint8Array>;

/**
 * The mask of an export in the slices of the scan, as they were acquired: where they were put on a lattice for the
 * segmentation, the voxels of these slices that are inside of the surface, else the label map itself.
 * @throws UserError where the map's voxels are not all the scan's own
 */
export function maskSlices(
  {
    labels,
    scanGrid,
    appendage,
    report,
  }: Pick<ExportRequest, 'labels' | 'scanGrid' | 'appendage' | 'report'>,
  onSlice?: (share: number) => void,
): SlicedLabels {
  const own = report.source.correction?.slices;
  if (own === undefined) return labelSlices(labels, scanGrid ?? labels.grid, onSlice);
  const count = own.positionsLpsMm.length;
  function* slices(): Iterable<Uint8Array> {
    let k = 0;
    for (const slice of rasterizeOnSlices(appendage.closed, own!)) {
      onSlice?.(k++ / count);
      yield slice;
    }
  }
  return { ...placeOfStack(own), slices: slices() };
}

/**
 * A label map in the slices of the whole scan that it is a part of, empty outside of it. A slice is made when it is
 * read; all empty slices share one array.
 * @throws UserError where the map's voxels are not all the scan's own
 */
export function labelSlices(
  { grid, data }: LabelVolume,
  scanGrid: GridLps,
  onSlice?: (share: number) => void,
): SlicedLabels {
  const first = firstVoxelOfPart(grid, scanGrid);
  if (!first) {
    throw new UserError(failure('export.mask-off-grid'));
  }
  const [i0, j0, k0] = first;
  const [nI, nJ, nK] = grid.sizeIjk;
  const [scanI, scanJ, scanK] = scanGrid.sizeIjk;
  const empty = new Uint8Array(scanI * scanJ);
  const sliceAt = (k: number): Uint8Array => {
    if (k < 0 || k >= nK) return empty;
    const slice = new Uint8Array(scanI * scanJ);
    for (let j = 0; j < nJ; j++) {
      const from = nI * (j + nJ * k);
      slice.set(data.subarray(from, from + nI), i0 + scanI * (j0 + j));
    }
    return slice;
  };
  function* slices(): Iterable<Uint8Array> {
    for (let k = 0; k < scanK; k++) {
      onSlice?.(k / scanK);
      yield sliceAt(k - k0);
    }
  }
  return { grid: scanGrid, slices: slices() };
}
