import type { SegmentationReport } from '#shared/contract/report.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { measuredWithoutOstium, report } from '#shared/contract/testing/values.ts';
import type { ReviewCase } from '../reviewCase.ts';

/** A tetrahedron without an ostium, with made-up measures. */
export const exampleAppendage = (parts: Partial<MeasuredAppendage> = {}): MeasuredAppendage => ({
  ...measuredWithoutOstium,
  warnings: [],
  ...parts,
});

export const exampleReport = (parts: Partial<SegmentationReport> = {}): SegmentationReport => ({
  ...report,
  ...parts,
});

/** A segmentation of the given crop. */
export const exampleReviewCase = (
  { crop, labels }: Pick<ReviewCase, 'crop' | 'labels'>,
  parts: Partial<ReviewCase> = {},
): ReviewCase => ({
  id: 'case-1',
  seriesInstanceUid: '1.2.3',
  patient: { name: 'A^B', id: '7', birthDate: '', sex: 'O', studyDate: '20240102', studyDescription: '' },
  isSample: false,
  crop,
  scanGrid: null,
  sourceSeries: null,
  region: { centreLpsMm: [6, 6, 6], edgeMm: 70, confidence: 0.9 },
  labels,
  original: exampleAppendage(),
  report: exampleReport(),
  isCut: false,
  unfilled: null,
  offChances: null,
  atrium: null,
  ...parts,
});
