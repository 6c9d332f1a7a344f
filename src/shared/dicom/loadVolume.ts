import { CancelledError, throwIfCancelled, UserError } from '../errors.ts';
import { type Failure, failure } from '../failures/failure.ts';
import { voxelCount } from '../geometry/gridLps.ts';
import type { JobOptions } from '../progress.ts';
import type { Volume } from '../volume/volume.ts';
import { decodeSliceInto, type OnRemark } from './decodeSlice.ts';
import { createHounsfieldTables } from './hounsfield.ts';
import type { ImageSeries, SliceFile } from './imageSeries.ts';
import type { PixelCodecs } from './pixelCodecs.ts';
import { placeSlices } from './placeSlices.ts';
import { createSliceReader, type ReadBytes } from './sliceReader.ts';

/** Files that are read while others are decoded; more only costs memory. */
const READS_AT_ONCE = 6;

export interface LoadOptions extends JobOptions {
  /** Called for every slice of which there is something to say, often the same. */
  readonly onRemark?: OnRemark;
}

/**
 * Loads a series as a volume in HU, voxels outside of the scanned field OUTSIDE_HU. Takes one Int16Array of the
 * volume's size and a few files' bytes.
 *
 * @throws UserError where the series was refused or a file has become shorter than when it was scanned
 * @throws CancelledError where `signal` fires
 */
export function loadVolume(
  series: ImageSeries,
  readBytes: ReadBytes,
  codecs: PixelCodecs,
  job: LoadOptions = {},
): Promise<Volume<Int16Array>> {
  const tableOf = createHounsfieldTables();
  const readSlice = createSliceReader(readBytes);
  return fillVolume(series, READS_AT_ONCE, job, async (slice, out, outOffset) => {
    const { stored, header } = await readSlice(slice);
    return decodeSliceInto(out, outOffset, stored, header, codecs, tableOf, job.onRemark);
  });
}

/**
 * Decodes a slice into the volume, from its voxel `outOffset` on.
 *
 * @returns the reason where it failed
 */
export type DecodeInto = (
  slice: SliceFile,
  out: Int16Array,
  outOffset: number,
) => Promise<Failure | undefined> | Failure | undefined;

/**
 * Does what {@link loadVolume} does, with slices from anywhere.
 *
 * @param slicesAtOnce asked for while others are waited for
 */
export async function fillVolume(
  series: ImageSeries,
  slicesAtOnce: number,
  { signal, onProgress }: JobOptions,
  decodeInto: DecodeInto,
): Promise<Volume<Int16Array>> {
  if (series.geometry.kind === 'refused') throw new UserError(series.geometry.reason);
  const { grid } = series.geometry;
  const { slices } = series;
  const data = new Int16Array(voxelCount(grid));
  const voxelsPerSlice = grid.sizeIjk[0] * grid.sizeIjk[1];
  const { correction } = series.geometry;
  const addSlice = placeSlices(series.geometry, data);
  /** Straight to its place, or, where slices are moved to theirs, by way of one of its own. */
  const addDecoded = async (k: number, slice: SliceFile): Promise<Failure | undefined> => {
    if (correction === undefined) return decodeInto(slice, data, k * voxelsPerSlice);
    const valuesHu = new Int16Array(correction.slices.columns * correction.slices.rows);
    const reason = await decodeInto(slice, valuesHu, 0);
    if (reason === undefined) addSlice(k, valuesHu);
    return reason;
  };
  let next = 0;
  let done = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < slices.length && !failed) {
      throwIfCancelled(signal);
      const k = next++;
      const file = slices[k]!;
      const { fileName } = file;
      const reason = await readOrExplain(() => addDecoded(k, file), fileName);
      if (reason !== undefined) throw new UserError(failure('dicom.slice-undecodable', { fileName, reason }));
      done++;
      onProgress?.({ stage: 'Reading slices', fraction: done / slices.length });
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(slicesAtOnce, slices.length) }, worker));
  } finally {
    failed = true;
  }
  return { grid, data };
}

async function readOrExplain<T>(read: () => Promise<T> | T, fileName: string): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof UserError || thrown instanceof CancelledError) throw thrown;
    throw new UserError(failure('files.unreadable', { fileName }), { cause: thrown });
  }
}
