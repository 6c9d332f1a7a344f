import { assessSeries } from '#shared/dicom/assessSeries.ts';
import { decodeNativeInto, type OnRemark } from '#shared/dicom/decodeSlice.ts';
import { createHounsfieldTables } from '#shared/dicom/hounsfield.ts';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { type DecodeInto, fillVolume, type LoadOptions, loadVolume } from '#shared/dicom/loadVolume.ts';
import { joinRemarks } from '#shared/dicom/paddingInTissue.ts';
import { type BestSeries, pickBestSeries } from '#shared/dicom/pickBestSeries.ts';
import { storedRange } from '#shared/dicom/sliceHeader.ts';
import { resampleUneven } from '#shared/dicom/stackGeometry.ts';
import { stackRemarks } from '#shared/dicom/stackRemarks.ts';
import { scanWarnings } from '#shared/dicom/studyScan.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { readFileInto, readFileRange, readFileRangeNow } from './dicomFiles.ts';
import { createDiskAccess } from './diskAccess.ts';
import { pixelCodecs } from './pixelCodecs.ts';
import type { StudyScan } from './scanDicomFolder.ts';
import { sliceThreads } from './sliceThreads.ts';

export interface SeriesOptions {
  /** Whether unevenly spaced slices are resampled; else they are refused. */
  readonly resampleUneven?: boolean;
}

/** The series of a folder that is used. */
export interface UsedSeries extends BestSeries {
  readonly chosen: ImageSeries;
  /** What every result of it must carry: what was left out, joined or could not be read, and what may be wrong with it. */
  readonly warnings: readonly Failure[];
}

/** The series to segment, or the reason why there is none. @throws UserError */
export function requireBestSeries(
  scan: StudyScan,
  { resampleUneven: isResampled = false }: SeriesOptions = {},
): UsedSeries {
  const best = pickBestSeries(isResampled ? scan.series.map(resampleUneven) : scan.series);
  if (best.chosen !== undefined) {
    const warnings = [...assessSeries(best.chosen).warnings, ...scanWarnings(scan)];
    return { ...best, chosen: best.chosen, warnings };
  }
  const [onlySeries, ...otherSeries] = best.rejected;
  if (onlySeries !== undefined) {
    const others = otherSeries.length;
    const resampled = isResampled ? undefined : pickBestSeries(scan.series.map(resampleUneven)).chosen;
    throw new UserError(
      failure('studies.no-usable-series', {
        ...onlySeries,
        others,
        resampled: resampled?.description ?? '',
      }),
    );
  }
  const worst = scan.problems.find(({ kind }) => kind !== 'notImage') ?? scan.problems[0];
  if (worst === undefined) throw new UserError(failure('studies.folder-without-ct'));
  const count = scan.problems.filter(({ kind }) => kind === worst.kind).length;
  const { fileName, reason } = worst;
  throw new UserError(failure('studies.no-readable-series', { fileName, others: count - 1, reason }));
}

/** Loads the series that is used; what its values give reason to say is added to its warnings. */
export async function loadUsedSeries(
  { chosen, warnings }: Pick<UsedSeries, 'chosen' | 'warnings'>,
  job: JobOptions = {},
): Promise<{ readonly volume: Volume<Int16Array>; readonly warnings: readonly Failure[] }> {
  const remarks: Failure[] = [];
  const volume = await loadSeries(chosen, { ...job, onRemark: (remark) => remarks.push(remark) });
  return {
    volume,
    warnings: [...warnings, ...joinRemarks(remarks), ...stackRemarks(volume)],
  };
}

/** Loads a scanned series from the file system, compressed ones in threads; see `loadVolume`. */
export async function loadSeries(
  series: ImageSeries,
  options: LoadOptions = {},
): Promise<Volume<Int16Array>> {
  const kinds = new Set(series.slices.map(({ header }) => header.storage.kind));
  if (!kinds.has('encapsulated') && !kinds.has('deflated')) {
    return fillVolume(series, READS_AT_ONCE, options, createNativeReader(options.onRemark));
  }
  const threads = kinds.has('deflated') ? undefined : sliceThreads(series.slices.length);
  if (threads === undefined) return loadVolume(series, readFileRange, pixelCodecs, options);
  try {
    return await fillVolume(series, threads.width, options, async (slice, out, outOffset) => {
      const decoded = await threads.decode(slice, options.signal);
      if (decoded.kind === 'failed') return decoded.reason;
      for (const remark of decoded.remarks) options.onRemark?.(remark);
      out.set(decoded.valuesHu, outOffset);
      return undefined;
    });
  } finally {
    await threads.free();
  }
}

/** Slices that are read in other threads while this one makes HU of those that have come. */
const READS_AT_ONCE = 4;

/** Reads natively stored slices to their place, where they become HU. */
function createNativeReader(onRemark: OnRemark | undefined): DecodeInto {
  const disk = createDiskAccess();
  const tableOf = createHounsfieldTables();
  return async ({ sourceId, header }, out, outOffset) => {
    const { from, to } = storedRange(header);
    const { rows, columns } = header.plane;
    const place = new Uint8Array(out.buffer, out.byteOffset + 2 * outOffset, 2 * rows * columns);
    await disk.pause();
    const isInPlace = to !== undefined && to - from === place.length;
    const stored = await disk.call<Uint8Array | Promise<Uint8Array>>(
      () => (isInPlace ? readFileInto(sourceId, from, place) : readFileRangeNow(sourceId, from, to)),
      () => readFileRange(sourceId, from, to),
    );
    return decodeNativeInto(out, outOffset, stored, header, tableOf, onRemark);
  };
}
