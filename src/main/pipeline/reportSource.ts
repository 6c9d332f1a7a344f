import type { SegmentationReport } from '#shared/contract/report.ts';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { roundVec } from '../meshing/rounding.ts';

export interface ReportSourceInput {
  readonly series: ImageSeries;
  readonly grid: GridLps;
  readonly otherSeries: readonly SegmentationReport['source']['otherSeries'][number][];
  readonly skippedFiles: number;
}

/** What a report says of the series that it was made from. */
export function reportSource({
  series,
  grid,
  otherSeries,
  skippedFiles,
}: ReportSourceInput): SegmentationReport['source'] {
  const { identity, labels } = series.slices[0]!.header;
  return {
    seriesInstanceUid: series.seriesInstanceUid,
    frameOfReferenceUid: identity.frameOfReferenceUid,
    seriesDescription: labels.seriesDescription,
    sizeIjk: [...grid.sizeIjk],
    spacingMm: roundVec(grid.spacingMm),
    slices: series.slices.length,
    skippedFiles,
    otherSeries: [...otherSeries],
  };
}
