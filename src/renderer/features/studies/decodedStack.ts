import type { DecodedStack, SeriesInStack } from '#shared/dicom/decodedStack.ts';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { UserError } from '#shared/errors.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { TaskRunner } from '../../workers/studyTasks.ts';
import { allocateShared, type LoadedVolume, wholeVolume } from './loadSeries.ts';

/** A stack that workers decoded. */
export type SharedStack = DecodedStack<Int16Array<SharedArrayBuffer>>;

/**
 * The volume of a series that was decoded: the stack's own memory where the slices lie in it in order, else a copy.
 *
 * @throws UserError where it is too large, CancelledError where `signal` fires
 */
export async function volumeOfStack(
  { geometry }: ImageSeries,
  { planes, remarks, inOrder }: SeriesInStack,
  { data, voxelsPerPlane }: SharedStack,
  runner: TaskRunner,
  signal: AbortSignal | undefined,
): Promise<LoadedVolume> {
  if (geometry.kind === 'refused') throw new UserError(geometry.reason);
  const own = inOrder
    ? data.subarray(inOrder.from, inOrder.to)
    : await copyInOrder(data, planes, voxelsPerPlane, runner, signal);
  return wholeVolume({ grid: geometry.grid, data: own }, remarks, runner, signal);
}

async function copyInOrder(
  from: Int16Array<SharedArrayBuffer>,
  order: readonly number[],
  voxelsPerPlane: number,
  runner: TaskRunner,
  signal: AbortSignal | undefined,
): Promise<Int16Array<SharedArrayBuffer>> {
  const into = allocateShared(order.length * voxelsPerPlane);
  const inTask = Math.ceil(order.length / runner.width);
  const tasks: Promise<null>[] = [];
  for (let k = 0; k < order.length; k += inTask) {
    const planes = order.slice(k, k + inTask);
    const places = planes.map((_, at) => k + at);
    const copy = {
      from: { data: from, voxelsPerPlane, planes },
      into: { data: into, voxelsPerPlane, planes: places },
    };
    tasks.push(runner.tasks.copyPlanes(copy, withoutUndefined({ signal })));
  }
  await Promise.all(tasks);
  return into;
}
