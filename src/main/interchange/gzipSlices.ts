import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { throwIfCancelled } from '#shared/errors.ts';
import { type GridLps, voxelCount } from '#shared/geometry/gridLps.ts';
import { heightsMm, type SliceStack } from '#shared/geometry/sliceStack.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';

/**
 * How label maps are compressed: they are long runs of equal bytes, for which looking back by one byte is enough. A mask
 * of 512 × 512 × 280 takes 65 ms in place of 290, and its file is as long (75 KB).
 */
export const LABEL_COMPRESSION = { level: 6, strategy: constants.Z_RLE } as const;

/** A label map that is never whole in memory: its slices along k, in order, i fastest. */
export interface SlicedLabels {
  /** Of slices that are no lattice: their size, and the lattice that comes nearest. */
  readonly grid: GridLps;
  /** Where the slices lie, where they are no lattice. */
  readonly stack?: SliceStack;
  readonly slices: Iterable<Uint8Array>;
}

/** A label map that is whole in memory; `stack` as in {@link SlicedLabels}. */
export interface PlacedLabels extends Volume<Uint8Array> {
  readonly stack?: SliceStack;
}

/** The slices of a label map that is whole in memory, without copies. */
export function labelsInSlices({ grid, data, stack }: PlacedLabels): SlicedLabels {
  const area = grid.sizeIjk[0] * grid.sizeIjk[1];
  const slices = Array.from({ length: grid.sizeIjk[2] }, (_, k) => data.subarray(k * area, (k + 1) * area));
  return { grid, slices, ...withoutUndefined({ stack }) };
}

/** Where labels on slices that are no lattice lie: their size, the lattice that comes nearest, and the slices. */
export function placeOfStack(stack: SliceStack): Required<Pick<PlacedLabels, 'grid' | 'stack'>> {
  const { columns, rows, spacingMm, directions, positionsLpsMm } = stack;
  const heights = heightsMm(stack);
  const steps = Math.max(1, heights.length - 1);
  const grid: GridLps = {
    sizeIjk: [columns, rows, heights.length],
    originLpsMm: positionsLpsMm[0]!,
    spacingMm: [...spacingMm, Math.abs(heights.at(-1)! - heights[0]!) / steps || 1],
    directions,
  };
  return { grid, stack };
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
      createGzip(LABEL_COMPRESSION),
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
