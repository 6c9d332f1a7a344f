import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { throwIfCancelled } from '#shared/errors.ts';
import { type GridLps, voxelCount } from '#shared/geometry/gridLps.ts';
import type { Volume } from '#shared/volume/volume.ts';

/** A label map that is never whole in memory: its slices along k, in order, i fastest. */
export interface SlicedLabels {
  readonly grid: GridLps;
  readonly slices: Iterable<Uint8Array>;
}

/** The slices of a label map that is whole in memory, without copies. */
export function labelsInSlices({ grid, data }: Volume<Uint8Array>): SlicedLabels {
  const area = grid.sizeIjk[0] * grid.sizeIjk[1];
  const slices = Array.from({ length: grid.sizeIjk[2] }, (_, k) => data.subarray(k * area, (k + 1) * area));
  return { grid, slices };
}

/**
 * A head and a label map's slices as one gzip member. A slice is asked for when the one before it is compressed, and
 * other work of the thread goes on in between.
 * @throws RangeError where the slices do not fill the grid; CancelledError.
 */
export async function gzipSlices(
  head: Uint8Array,
  labels: SlicedLabels,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  throwIfCancelled(signal);
  const compressed: Uint8Array[] = [];
  try {
    await pipeline(
      Readable.from(parts(head, labels)),
      createGzip({ level: 6 }),
      async (source: AsyncIterable<Uint8Array>) => {
        for await (const chunk of source) compressed.push(chunk);
      },
      signal ? { signal } : {},
    );
  } catch (thrown) {
    throwIfCancelled(signal);
    throw thrown;
  }
  return Buffer.concat(compressed);
}

function* parts(head: Uint8Array, { grid, slices }: SlicedLabels): Iterable<Uint8Array> {
  if (head.length > 0) yield head;
  let count = 0;
  for (const slice of slices) {
    count += slice.length;
    yield slice;
  }
  if (count !== voxelCount(grid)) throw new RangeError('The data does not fill the grid.');
}
