import pMap from 'p-map';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { voxelCount } from '#shared/geometry/gridLps.ts';
import type { JobOptions } from '#shared/progress.ts';
import { OUTSIDE_HU } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { ViewedVolume } from '../../viewer/types.ts';
import { createCoarseCopy } from '../../workers/coarseCopy.ts';
import type { TaskRunner } from '../../workers/studyTasks.ts';
import { studySlice } from './openStudy.ts';

const SLICES_A_TASK = 4;
/** Filled in one go; writing to new memory of this size takes about 10 ms. */
const SLAB_VOXELS = 8 * 2 ** 20;

export type OnSlices = (volume: ViewedVolume, from: number, to: number) => void;

/**
 * Decodes a series into one volume, the middle slice first, then from the first to the last. Voxels that have not
 * arrived are OUTSIDE_HU.
 *
 * @param onSlices called with the range `from` to `to` − 1 whenever slices have arrived
 * @returns the volume, and its coarse copy
 * @throws UserError where the series was refused, is too large, or a file cannot be read
 * @throws CancelledError where `signal` fires
 */
export async function loadSeries(
  series: ImageSeries,
  blobs: ReadonlyMap<string, Blob>,
  runner: TaskRunner,
  { signal, onProgress }: JobOptions,
  onSlices: OnSlices = () => {},
): Promise<{ readonly volume: ViewedVolume; readonly coarse: ViewedVolume }> {
  if (series.geometry.kind === 'refused') throw new UserError(series.geometry.reason);
  const { grid } = series.geometry;
  const { slices } = series;
  const voxelsPerSlice = grid.sizeIjk[0] * grid.sizeIjk[1];
  const volume = { grid, data: allocate(voxelCount(grid)) };
  const emptied = empty(volume.data, signal);
  // If another slice fails first, nothing waits for this promise any more.
  emptied.catch(() => {});
  const coarse = createCoarseCopy(grid);
  let arrived = 0;
  const load = async ({ from, to }: SliceRange): Promise<void> => {
    throwIfCancelled(signal);
    const wanted = slices.slice(from, to).map((slice) => studySlice(slice, blobs));
    const decoded = await runner.tasks.decode(
      { slices: wanted, sizeIjk: grid.sizeIjk, coarseIjk: coarse.sizeIjk },
      withoutUndefined({ signal }),
    );
    await emptied;
    throwIfCancelled(signal);
    if (decoded.kind === 'failed') throw new UserError(decoded.reason);
    decoded.slices.forEach(({ valuesHu, squeezed }, index) => {
      volume.data.set(valuesHu, (from + index) * voxelsPerSlice);
      coarse.add(from + index, squeezed);
    });
    arrived += to - from;
    onProgress?.({ stage: 'Reading slices', fraction: arrived / slices.length });
    onSlices(volume, from, to);
  };
  await pMap(ranges(slices.length), load, { concurrency: runner.width });
  return { volume, coarse: coarse.volume };
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
