import { throwIfCancelled } from '#shared/errors.ts';
import { voxelCount } from '#shared/geometry/gridLps.ts';
import { planesBehind, squeezedGrid } from '#shared/volume/averageToGrid.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { ViewedVolume } from '../../viewer/types.ts';
import { coarseSizeIjk } from '../../workers/coarseCopy.ts';
import type { TaskRunner } from '../../workers/studyTasks.ts';

/** Small enough that a thumbnail need not wait long. */
const PLANES_A_TASK = 8;

/**
 * A whole scan averaged to voxels of about 1 mm, HU rounded to whole numbers: what `squeeze` gives, made in workers.
 *
 * @throws CancelledError where `signal` fires, UserError where a worker died
 */
export async function makeCoarse(
  { grid, data }: ViewedVolume,
  runner: TaskRunner,
  signal?: AbortSignal,
): Promise<ViewedVolume> {
  const coarseGrid = squeezedGrid(grid, coarseSizeIjk(grid));
  const coarse = new Int16Array(voxelCount(coarseGrid));
  const perSlice = grid.sizeIjk[0] * grid.sizeIjk[1];
  const [columns, rows, planes] = coarseGrid.sizeIjk;
  const tasks: Promise<void>[] = [];
  for (let from = 0; from < planes; from += PLANES_A_TASK) {
    const wanted = { from, to: Math.min(planes, from + PLANES_A_TASK) };
    const behind = planesBehind(grid.sizeIjk, coarseGrid.sizeIjk, wanted);
    const [first, end] = [behind.from * perSlice, behind.to * perSlice];
    // A view of memory that is not shared would cross with all of it.
    const own = data.buffer instanceof ArrayBuffer ? data.slice(first, end) : data.subarray(first, end);
    const part = { planes: own, sizeIjk: grid.sizeIjk, coarseIjk: coarseGrid.sizeIjk, wanted };
    const made = runner.tasks.coarsen(part, withoutUndefined({ signal }));
    tasks.push(made.then((values) => coarse.set(values, from * columns * rows)));
  }
  await Promise.all(tasks);
  throwIfCancelled(signal);
  return { grid: coarseGrid, data: coarse };
}
