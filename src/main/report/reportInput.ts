import type { SegmentationReport } from '#shared/contract/report.ts';
import type { Patient, Picture } from '#shared/contract/services/exporting.ts';
import type { Measurements } from '#shared/contract/services/measured.ts';
import type { MaskExtent } from './describedFile.ts';

/** Everything that a document says about a result. */
export interface ReportInput {
  readonly measurements: Measurements;
  /** Of the surface as it is now, after a person's changes. */
  readonly mesh: SegmentationReport['mesh'];
  /** Of the surface as it is now. */
  readonly warnings: readonly string[];
  /** Of the automatic segmentation: source, models, engine, contrast, its own warnings. */
  readonly report: SegmentationReport;
  readonly patient: Patient;
  /** What a person changed, by name, in order. */
  readonly edits: readonly string[];
  readonly review: 'not reviewed' | 'accepted' | 'rejected';
  readonly pictures: readonly Picture[];
  /** What of the scan the mask covers that is written beside the documents; null where none is. */
  readonly maskExtent: MaskExtent | null;
  readonly madeAt: Date;
}

/** What stands at the top of every document. */
export const RESEARCH_ONLY = 'Research use only. Not for clinical decisions.';

/** The warnings of the surface as it is now, then those of the automatic segmentation that it does not repeat. */
export function allWarnings({ warnings, report, edits }: ReportInput): string[] {
  const earlier = report.warnings.filter((warning) => !warnings.includes(warning));
  const prefix = edits.length > 0 ? 'Before editing: ' : '';
  return [...new Set([...warnings, ...earlier.map((warning) => prefix + warning)])];
}
