import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { loadVolume } from '#shared/dicom/loadVolume.ts';
import { type BestSeries, pickBestSeries } from '#shared/dicom/pickBestSeries.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { readFileRange } from './dicomFiles.ts';
import { pixelCodecs } from './pixelCodecs.ts';
import type { StudyScan } from './scanDicomFolder.ts';

/** The series to segment, or the reason why there is none. @throws UserError */
export function requireBestSeries(scan: StudyScan): BestSeries & { readonly chosen: ImageSeries } {
  const best = pickBestSeries(scan.series);
  if (best.chosen !== undefined) return { ...best, chosen: best.chosen };
  const [onlySeries, ...otherSeries] = best.rejected;
  if (onlySeries !== undefined) {
    const others = otherSeries.length;
    throw new UserError(failure('studies.no-usable-series', { ...onlySeries, others }));
  }
  const worst = scan.problems.find(({ kind }) => kind !== 'notImage') ?? scan.problems[0];
  if (worst === undefined) throw new UserError(failure('studies.folder-without-ct'));
  const count = scan.problems.filter(({ kind }) => kind === worst.kind).length;
  const { fileName, reason } = worst;
  throw new UserError(failure('studies.no-readable-series', { fileName, others: count - 1, reason }));
}

/** Loads a scanned series from the file system; see `loadVolume`. */
export const loadSeries = (series: ImageSeries, options: JobOptions = {}): Promise<Volume<Int16Array>> =>
  loadVolume(series, readFileRange, pixelCodecs, options);
