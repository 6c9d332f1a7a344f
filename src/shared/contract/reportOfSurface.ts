import { distinctFailures, type Failure, includesFailure } from '../failures/failure.ts';
import type { SegmentationReport } from './report.ts';
import type { MeasuredAppendage } from './services/measured.ts';

/** A case as it came from the network. */
interface FirstSegmented {
  readonly report: SegmentationReport;
  readonly original: MeasuredAppendage;
}

/** The report with the numbers and warnings of the surface as it is now in place of the network's own. */
export function reportOfSurface(
  { report, original }: FirstSegmented,
  appendage: MeasuredAppendage,
): SegmentationReport {
  if (appendage === original) return report;
  // Warnings that are not about the surface (the series, the contrast, a cut) apply to every later surface.
  const lasting = report.warnings.filter((warning) => !includesFailure(original.warnings, warning));
  return {
    ...report,
    ...appendage.measurements,
    mesh: appendage.mesh,
    // Devices and profile are those of the first surface: none are better than stale ones.
    planning: null,
    warnings: distinctFailures([...lasting, ...appendage.warnings]),
  };
}

/** Warnings about the network's own surface that the edited surface does not have; they may no longer apply. */
export const warningsBeforeEditing = (
  { original }: Pick<FirstSegmented, 'original'>,
  appendage: MeasuredAppendage,
): Failure[] => original.warnings.filter((warning) => !includesFailure(appendage.warnings, warning));
