import pMap from 'p-map';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { joinRemarks } from '#shared/dicom/paddingInTissue.ts';
import { placeSlices } from '#shared/dicom/placeSlices.ts';
import { stackRemarks } from '#shared/dicom/stackRemarks.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { voxelCount } from '#shared/geometry/gridLps.ts';
import type { JobOptions } from '#shared/progress.ts';
import { OUTSIDE_HU } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { ViewedVolume } from '../../viewer/types.ts';
import type { TaskRunner } from '../../workers/studyTasks.ts';
import { type FileContent, studySlice } from './distantFile.ts';

/**
 * Slices that one task reads and decodes: few where decoding takes long, so that all workers end together, and where
 * they come from the program, so that little of them waits in memory.
 */
const SLICES_A_TASK = { nativeFiles: 32, others: 4 };
/** Filled in one go; writing to new memory of this size takes about 10 ms. */
const SLAB_VOXELS = 8 * 2 ** 20;
/**
 * Before this, and where half of it has arrived by then, a scan is shown once, when it is whole: emptying the volume and
 * drawing parts of it would only make it later.
 */
const SHOWN_AFTER_MS = 300;

export interface LoadOptions extends JobOptions {
  /** Called whenever slices have arrived, once loading has taken a while; what has not arrived is OUTSIDE_HU. */
  readonly onSlices?: ((volume: ViewedVolume) => void) | undefined;
  /** How long that is; 0: from the first slice on. */
  readonly shownAfterMs?: number | undefined;
}

export interface LoadedVolume {
  readonly volume: ViewedVolume;
  /** What a user should know of its values. */
  readonly remarks: readonly Failure[];
}

/**
 * Decodes a series into one volume, the middle slice first, then from the first to the last. Workers that share memory
 * with this thread write their slices into the volume; others send them.
 *
 * @throws UserError where the series was refused, is too large, or a file cannot be read
 * @throws CancelledError where `signal` fires
 */
export async function loadSeries(
  series: ImageSeries,
  blobs: ReadonlyMap<string, FileContent>,
  runner: TaskRunner,
  { signal, onProgress, onSlices, shownAfterMs = SHOWN_AFTER_MS }: LoadOptions,
): Promise<LoadedVolume> {
  if (series.geometry.kind === 'refused') throw new UserError(series.geometry.reason);
  const { grid, correction } = series.geometry;
  const { slices } = series;
  const [first] = slices;
  const isNative = first?.header.storage.kind === 'native' && blobs.get(first.sourceId) instanceof Blob;
  const perSlice = grid.sizeIjk[0] * grid.sizeIjk[1];
  // Slices of a corrected series are moved to their places here.
  const { data, shared } = allocate(voxelCount(grid), runner.sharesMemory && correction === undefined);
  const volume = { grid, data };
  const addSlice = placeSlices(series.geometry, data);
  const inPart = SLICES_A_TASK[isNative ? 'nativeFiles' : 'others'];
  const parts = slicesInParts(slices.length, inPart);
  const asked = new Map<SlicePart, Promise<void>>();
  const remarks: Failure[] = [];
  let arrived = 0;
  let isShowable = false;
  let isOver = false;

  const load = async (planes: SlicePart): Promise<void> => {
    throwIfCancelled(signal);
    const wanted = await Promise.all(planes.map((k) => studySlice(slices[k]!, blobs, signal)));
    const into = shared && { data: shared, voxelsPerPlane: perSlice, planes };
    const decoded = await runner.tasks.decode(
      { slices: wanted, ...withoutUndefined({ into }) },
      withoutUndefined({ signal }),
    );
    throwIfCancelled(signal);
    // Another part failed: nobody waits for this one any more.
    if (isOver) return;
    if (decoded.kind === 'failed') throw new UserError(decoded.reason);
    remarks.push(...decoded.remarks);
    for (const [index, valuesHu] of decoded.slices.entries()) addSlice(planes[index]!, valuesHu);
    arrived += planes.length;
    onProgress?.({ stage: 'Reading slices', fraction: arrived / slices.length });
    if (isShowable) onSlices?.(volume);
  };
  const ask = (part: SlicePart): Promise<void> => {
    const arrival = load(part);
    asked.set(part, arrival);
    return arrival;
  };

  /** Empties what nobody fills yet, and waits for what somebody fills. */
  const makeShowable = async (): Promise<void> => {
    if (2 * arrived > slices.length) return;
    const filled: Promise<void>[] = [];
    const pause = createPause();
    for (const part of parts) {
      if (isOver) return;
      const arrival = asked.get(part);
      if (arrival !== undefined) filled.push(arrival);
      else for (const k of part) await pause(empty(data, k * perSlice, (k + 1) * perSlice));
    }
    await Promise.all(filled);
    isShowable = true;
    if (!isOver && arrived > 0) onSlices?.(volume);
  };

  let timer: ReturnType<typeof setTimeout> | undefined;
  // Where slices are moved to their places, no part of the volume is one task's own.
  if (correction !== undefined || shownAfterMs === 0) {
    await emptyAll(data, signal);
    isShowable = true;
  } else {
    // Where loading fails it says so itself.
    timer = setTimeout(() => void makeShowable().catch(() => {}), shownAfterMs);
  }
  try {
    // One part more for each worker waits for it.
    await pMap(parts, ask, { concurrency: 2 * runner.width });
  } finally {
    isOver = true;
    clearTimeout(timer);
  }
  return wholeVolume(volume, remarks, runner, signal);
}

/** The performance mark of a scan that is in memory, whole: benchmarks tell loading from drawing by it. */
const VOLUME_WHOLE = 'auricle-volume-whole';

/**
 * A volume that is whole, and what a user should know of it. How its slices go together is found by a worker where it
 * sees the volume's memory.
 *
 * @param ofSlices what there is to say of single slices, often the same
 */
export async function wholeVolume(
  volume: ViewedVolume,
  ofSlices: readonly Failure[],
  runner: TaskRunner,
  signal: AbortSignal | undefined,
): Promise<LoadedVolume> {
  performance.mark(VOLUME_WHOLE);
  const { grid, data } = volume;
  const ofStack =
    data.buffer instanceof ArrayBuffer
      ? stackRemarks(volume)
      : await runner.tasks.checkStack({ grid, data }, withoutUndefined({ signal }));
  return { volume, remarks: [...joinRemarks(ofSlices), ...ofStack] };
}

interface VolumeMemory {
  readonly data: Int16Array;
  /** The same, where other threads write into it. */
  readonly shared?: Int16Array<SharedArrayBuffer>;
}

function allocate(voxels: number, isShared: boolean): VolumeMemory {
  if (!isShared) return { data: allocated(() => new Int16Array(voxels)) };
  const shared = allocateShared(voxels);
  return { data: shared, shared };
}

/** @throws UserError where there is not so much memory */
export const allocateShared = (voxels: number): Int16Array<SharedArrayBuffer> =>
  allocated(() => new Int16Array(new SharedArrayBuffer(voxels * Int16Array.BYTES_PER_ELEMENT)));

function allocated<T>(allocate: () => T): T {
  try {
    return allocate();
  } catch {
    throw new UserError(failure('studies.series-too-large'));
  }
}

/** @returns how many voxels were emptied */
function empty(data: Int16Array, from: number, to: number): number {
  data.fill(OUTSIDE_HU, from, to);
  return to - from;
}

async function emptyAll(data: Int16Array, signal: AbortSignal | undefined): Promise<void> {
  const pause = createPause();
  for (let from = 0; from < data.length; from += SLAB_VOXELS) {
    await pause(empty(data, from, Math.min(data.length, from + SLAB_VOXELS)));
    throwIfCancelled(signal);
  }
}

/** Room for input after every slab: emptying a whole scan would stop the main thread for tenths of a second. */
function createPause(): (voxels: number) => Promise<void> {
  let done = 0;
  return async (voxels) => {
    done += voxels;
    if (done < SLAB_VOXELS) return;
    done = 0;
    await new Promise((resolve) => setTimeout(resolve));
  };
}

/** Slices of one task, by their planes. */
type SlicePart = readonly number[];

/** The middle slice alone, then the others in order. */
function slicesInParts(count: number, inPart: number): SlicePart[] {
  const middle = Math.floor(count / 2);
  const parts = [[middle]];
  for (const [start, end] of [
    [0, middle],
    [middle + 1, count],
  ] as const) {
    for (let from = start; from < end; from += inPart) {
      parts.push(Array.from({ length: Math.min(end - from, inPart) }, (_, index) => from + index));
    }
  }
  return parts;
}
