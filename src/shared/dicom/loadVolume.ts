import { CancelledError, throwIfCancelled, UserError } from '../errors.ts';
import { voxelCount } from '../geometry/gridLps.ts';
import type { JobOptions } from '../progress.ts';
import type { Volume } from '../volume/volume.ts';
import { createHounsfieldTables, decodeSliceHu } from './hounsfield.ts';
import type { ImageSeries } from './imageSeries.ts';

/** Reads a whole file by its `sourceId`. */
export type ReadFile = (sourceId: string) => Promise<Uint8Array>;

/** Files that are read while others are decoded; more only costs memory. */
const READS_AT_ONCE = 6;

/**
 * Loads a series as a volume in HU, voxels outside of the scanned field OUTSIDE_HU. Takes one Int16Array of the
 * volume's size and a few files' bytes.
 *
 * @throws UserError where the series was refused or a file has become shorter than when it was scanned
 * @throws CancelledError where `signal` fires
 */
export async function loadVolume(
  series: ImageSeries,
  readFile: ReadFile,
  { signal, onProgress }: JobOptions = {},
): Promise<Volume<Int16Array>> {
  if (series.geometry.kind === 'refused') throw new UserError(series.geometry.reason);
  const { grid } = series.geometry;
  const { slices } = series;
  const data = new Int16Array(voxelCount(grid));
  const voxelsPerSlice = grid.sizeIjk[0] * grid.sizeIjk[1];
  const tableOf = createHounsfieldTables();
  let next = 0;
  let done = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < slices.length && !failed) {
      throwIfCancelled(signal);
      const k = next++;
      const { sourceId, fileName, header } = slices[k]!;
      const bytes = await readOrExplain(readFile, sourceId, fileName);
      if (!decodeSliceHu(bytes, header, tableOf(header.pixels), data, k * voxelsPerSlice)) {
        throw new UserError(`The file ${fileName} is cut short: its pixel data is incomplete.`);
      }
      done++;
      onProgress?.({ stage: 'Reading slices', fraction: done / slices.length });
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(READS_AT_ONCE, slices.length) }, worker));
  } finally {
    failed = true;
  }
  return { grid, data };
}

async function readOrExplain(readFile: ReadFile, sourceId: string, fileName: string): Promise<Uint8Array> {
  try {
    return await readFile(sourceId);
  } catch (thrown) {
    if (thrown instanceof UserError || thrown instanceof CancelledError) throw thrown;
    throw new UserError(`The file ${fileName} could not be read.`, { cause: thrown });
  }
}
