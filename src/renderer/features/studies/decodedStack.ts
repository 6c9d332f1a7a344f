import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { UserError } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { SharedPlanes, TaskRunner } from '../../workers/studyTasks.ts';
import { allocateShared, type LoadedVolume, wholeVolume } from './loadSeries.ts';

/** Slices that were decoded while their headers were read. */
export interface DecodedStack extends Pick<SharedPlanes, 'data' | 'voxelsPerPlane'> {
  /** By `SliceFile.sourceId`. */
  readonly planes: ReadonlyMap<string, DecodedPlane>;
}

export interface DecodedPlane {
  readonly plane: number;
  /** What a user should know of the slice's values. */
  readonly remarks: readonly Failure[];
}

/** Of a volume within larger memory no more than this share of it may be of use to nobody. */
const MOST_UNUSED = 0.1;

/**
 * Whether all slices of a series were decoded, and need not be moved within their planes.
 */
export const isDecoded = ({ slices, geometry }: ImageSeries, { planes }: DecodedStack): boolean =>
  geometry.kind === 'regular' &&
  geometry.correction === undefined &&
  slices.every(({ sourceId }) => planes.has(sourceId));

/**
 * The volume of such a series: the stack's own memory where the series' slices lie in it in order, else a copy.
 *
 * @throws UserError where it is too large, CancelledError where `signal` fires
 */
export async function volumeOfStack(
  { slices, geometry }: ImageSeries,
  { data, voxelsPerPlane, planes }: DecodedStack,
  runner: TaskRunner,
  signal: AbortSignal | undefined,
): Promise<LoadedVolume> {
  if (geometry.kind === 'refused') throw new UserError(geometry.reason);
  const { grid } = geometry;
  const decoded = slices.flatMap(({ sourceId }) => planes.get(sourceId) ?? []);
  const order = decoded.map(({ plane }) => plane);
  const first = order[0]!;
  const voxels = slices.length * voxelsPerPlane;
  const isInOrder = order.every((plane, k) => plane === first + k);
  const own =
    isInOrder && voxels >= (1 - MOST_UNUSED) * data.length
      ? data.subarray(first * voxelsPerPlane, first * voxelsPerPlane + voxels)
      : await copyInOrder(data, order, voxelsPerPlane, runner, signal);
  return wholeVolume(
    { grid, data: own },
    decoded.flatMap(({ remarks }) => remarks),
    runner,
    signal,
  );
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
