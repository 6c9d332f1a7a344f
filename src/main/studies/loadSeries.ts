import { assessSeries } from '#shared/dicom/assessSeries.ts';
import { type DecodedStack, seriesInStack } from '#shared/dicom/decodedStack.ts';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { fillVolume, type LoadOptions, loadVolume } from '#shared/dicom/loadVolume.ts';
import { joinRemarks } from '#shared/dicom/paddingInTissue.ts';
import { type BestSeries, pickBestSeries } from '#shared/dicom/pickBestSeries.ts';
import { resampleUneven } from '#shared/dicom/stackGeometry.ts';
import { stackRemarks } from '#shared/dicom/stackRemarks.ts';
import { scanWarnings } from '#shared/dicom/studyScan.ts';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { readFileRange } from './dicomFiles.ts';
import { createNativeReader } from './nativeReader.ts';
import { pixelCodecs } from './pixelCodecs.ts';
import type { FolderScan } from './scanDicomFolder.ts';
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
  /** What was decoded while the folder's headers were read. */
  readonly decoding?: Promise<DecodedStack> | undefined;
}

/** The series to segment, or the reason why there is none. @throws UserError */
export function requireBestSeries(
  scan: FolderScan,
  { resampleUneven: isResampled = false }: SeriesOptions = {},
): UsedSeries {
  const best = pickBestSeries(isResampled ? scan.series.map(resampleUneven) : scan.series);
  if (best.chosen !== undefined) {
    const warnings = [...assessSeries(best.chosen).warnings, ...scanWarnings(scan)];
    return { ...best, chosen: best.chosen, warnings, decoding: scan.decoding };
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
  { chosen, warnings, decoding }: Pick<UsedSeries, 'chosen' | 'warnings' | 'decoding'>,
  job: JobOptions = {},
): Promise<{ readonly volume: Volume<Int16Array>; readonly warnings: readonly Failure[] }> {
  const remarks: Failure[] = [];
  const onRemark = (remark: Failure): unknown => remarks.push(remark);
  const volume = await loadSeries(chosen, { ...job, onRemark }, decoding);
  return {
    volume,
    warnings: [...warnings, ...joinRemarks(remarks), ...stackRemarks(volume)],
  };
}

/**
 * Loads a scanned series from the file system, compressed ones in threads; see `loadVolume`.
 *
 * @param decoding what was decoded while the folder's headers were read; its memory becomes the volume's where it can
 */
export async function loadSeries(
  series: ImageSeries,
  options: LoadOptions = {},
  decoding?: Promise<DecodedStack>,
): Promise<Volume<Int16Array>> {
  const stack = await decoding;
  throwIfCancelled(options.signal);
  return (stack && volumeOfStack(series, stack, options)) ?? loadFromFiles(series, options);
}

function volumeOfStack(
  series: ImageSeries,
  stack: DecodedStack,
  { onProgress, onRemark }: LoadOptions,
): Volume<Int16Array> | undefined {
  const place = seriesInStack(series, stack);
  if (place === undefined || series.geometry.kind === 'refused') return undefined;
  const { planes, remarks, inOrder } = place;
  for (const remark of remarks) onRemark?.(remark);
  onProgress?.({ stage: 'Reading slices', fraction: 1 });
  const { grid } = series.geometry;
  const { data, voxelsPerPlane } = stack;
  if (inOrder) return { grid, data: data.subarray(inOrder.from, inOrder.to) };
  const ordered = new Int16Array(planes.length * voxelsPerPlane);
  for (const [k, plane] of planes.entries())
    ordered.set(data.subarray(plane * voxelsPerPlane, (plane + 1) * voxelsPerPlane), k * voxelsPerPlane);
  return { grid, data: ordered };
}

async function loadFromFiles(series: ImageSeries, options: LoadOptions): Promise<Volume<Int16Array>> {
  const kinds = new Set(series.slices.map(({ header }) => header.storage.kind));
  if (!kinds.has('encapsulated') && !kinds.has('deflated')) {
    const read = createNativeReader();
    return fillVolume(series, READS_AT_ONCE, options, (slice, out, outOffset) =>
      read(slice, out, outOffset, options.onRemark),
    );
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
