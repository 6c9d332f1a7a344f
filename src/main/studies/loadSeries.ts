import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import { loadVolume } from '#shared/dicom/loadVolume.ts';
import { type BestSeries, pickBestSeries } from '#shared/dicom/pickBestSeries.ts';
import { asClause } from '#shared/dicom/sentences.ts';
import { UserError } from '#shared/errors.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { readFileRange } from './dicomFiles.ts';
import { pixelCodecs } from './pixelCodecs.ts';
import type { StudyScan } from './scanDicomFolder.ts';

/** The series to segment, or one sentence about why there is none. */
export function requireBestSeries(scan: StudyScan): BestSeries & { readonly chosen: ImageSeries } {
  const best = pickBestSeries(scan.series);
  if (best.chosen !== undefined) return { ...best, chosen: best.chosen };
  const [onlySeries, ...otherSeries] = best.rejected;
  if (onlySeries !== undefined) {
    const more = otherSeries.length > 0 ? ` (and ${otherSeries.length} more)` : '';
    throw new UserError(
      `The series "${onlySeries.description}"${more} cannot be used: ${asClause(onlySeries.reason)}`,
    );
  }
  const worst = scan.problems.find(({ kind }) => kind !== 'notImage') ?? scan.problems[0];
  if (worst === undefined) throw new UserError('The folder holds no CT series.');
  const count = scan.problems.filter(({ kind }) => kind === worst.kind).length;
  const others = count > 1 ? ` and ${count - 1} more` : '';
  throw new UserError(
    `The folder holds no CT series that can be read; ${worst.fileName}${others}: ${asClause(worst.reason)}`,
  );
}

/** Loads a scanned series from the file system; see `loadVolume`. */
export const loadSeries = (series: ImageSeries, options: JobOptions = {}): Promise<Volume<Int16Array>> =>
  loadVolume(series, readFileRange, pixelCodecs, options);
