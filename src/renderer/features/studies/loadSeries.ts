import pMap from 'p-map';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { type PlaneRange, placeSlices } from '#shared/dicom/placeSlices.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { distinctFailures, type Failure, failure } from '#shared/failures/failure.ts';
import { voxelCount } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { JobOptions } from '#shared/progress.ts';
import { OUTSIDE_HU } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { ViewedVolume } from '../../viewer/types.ts';
import { createCoarseCopy, squeezeSlice } from '../../workers/coarseCopy.ts';
import type { TaskRunner } from '../../workers/studyTasks.ts';
import type { FileContent } from './distantFile.ts';
import { studySlice } from './openStudy.ts';

const SLICES_A_TASK = 4;
/** Filled in one go; writing to new memory of this size takes about 10 ms. */
const SLAB_VOXELS = 8 * 2 ** 20;

export type OnSlices = (volume: ViewedVolume, from: number, to: number) => void;

export interface LoadedSeries {
  readonly volume: ViewedVolume;
  /** The volume's coarse copy. */
  readonly coarse: ViewedVolume;
  /** What a user should know of its values. */
  readonly remarks: readonly Failure[];
}

/**
 * Decodes a series into one volume, the middle slice first, then from the first to the last. Voxels that have not
 * arrived are OUTSIDE_HU.
 *
 * @param onSlices called with the range `from` to `to` − 1 whenever slices have arrived
 * @throws UserError where the series was refused, is too large, or a file cannot be read
 * @throws CancelledError where `signal` fires
 */
export async function loadSeries(
  series: ImageSeries,
  blobs: ReadonlyMap<string, FileContent>,
  runner: TaskRunner,
  { signal, onProgress }: JobOptions,
  onSlices: OnSlices = () => {},
): Promise<LoadedSeries> {
  if (series.geometry.kind === 'refused') throw new UserError(series.geometry.reason);
  const { grid, correction } = series.geometry;
  const { slices } = series;
  const [columns, rows] = grid.sizeIjk;
  const voxelsPerSlice = columns * rows;
  const volume = { grid, data: allocate(voxelCount(grid)) };
  const emptied = empty(volume.data, signal);
  // If another slice fails first, nothing waits for this promise any more.
  emptied.catch(() => {});
  const coarse = createCoarseCopy(grid);
  const addSlice = placeSlices(series.geometry, volume.data);
  const { plane } = slices[0]!.header;
  // Workers see the slices as they were acquired; of corrected ones the volume's planes are averaged here.
  const ownIjk: Vec3 = correction === undefined ? grid.sizeIjk : [plane.columns, plane.rows, slices.length];
  const addPlanes = (range: PlaneRange): void => {
    for (let k = range.from; k < range.to; k++) {
      const values = volume.data.subarray(k * voxelsPerSlice, (k + 1) * voxelsPerSlice);
      coarse.add(k, squeezeSlice(values, grid.sizeIjk, coarse.sizeIjk));
    }
  };
  const remarks: Failure[] = [];
  let arrived = 0;
  const load = async ({ from, to }: SliceRange): Promise<void> => {
    throwIfCancelled(signal);
    const wanted = await Promise.all(slices.slice(from, to).map((slice) => studySlice(slice, blobs, signal)));
    const decoded = await runner.tasks.decode(
      { slices: wanted, sizeIjk: ownIjk, coarseIjk: correction === undefined ? coarse.sizeIjk : [1, 1, 1] },
      withoutUndefined({ signal }),
    );
    await emptied;
    throwIfCancelled(signal);
    if (decoded.kind === 'failed') throw new UserError(decoded.reason);
    remarks.push(...decoded.remarks);
    const filled = decoded.slices.map(({ valuesHu, squeezed }, index) => {
      const planes = addSlice(from + index, valuesHu);
      if (correction === undefined) coarse.add(from + index, squeezed);
      else addPlanes(planes);
      return planes;
    });
    arrived += to - from;
    onProgress?.({ stage: 'Reading slices', fraction: arrived / slices.length });
    const shown = filled.filter((planes) => planes.to > planes.from);
    if (shown.length > 0) {
      onSlices(
        volume,
        Math.min(...shown.map((planes) => planes.from)),
        Math.max(...shown.map((planes) => planes.to)),
      );
    }
  };
  // One range more for each worker waits for it.
  await pMap(ranges(slices.length), load, { concurrency: 2 * runner.width });
  return { volume, coarse: coarse.volume, remarks: distinctFailures(remarks) };
}

function allocate(voxels: number): Int16Array {
  try {
    return new Int16Array(voxels);
  } catch {
    throw new UserError(failure('studies.series-too-large'));
  }
}

/** In slabs, with room for input between them: a whole scan would stop the main thread for tenths of a second. */
async function empty(data: Int16Array, signal: AbortSignal | undefined): Promise<void> {
  for (let from = 0; from < data.length; from += SLAB_VOXELS) {
    data.fill(OUTSIDE_HU, from, from + SLAB_VOXELS);
    await new Promise((resolve) => setTimeout(resolve));
    throwIfCancelled(signal);
  }
}

/** Slices `from` to `to` − 1. */
interface SliceRange {
  readonly from: number;
  readonly to: number;
}

/** The middle slice alone, then the others in order. */
function ranges(count: number): SliceRange[] {
  const middle = Math.floor(count / 2);
  const parts = [{ from: middle, to: middle + 1 }];
  for (const [start, end] of [
    [0, middle],
    [middle + 1, count],
  ] as const) {
    for (let from = start; from < end; from += SLICES_A_TASK) {
      parts.push({ from, to: Math.min(end, from + SLICES_A_TASK) });
    }
  }
  return parts;
}
