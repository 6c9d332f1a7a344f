import type { SegmentationReport } from '../contract/report.ts';
import type { FoundSurroundings } from '../contract/services/segmentation.ts';
import { type Failure, failure, includesFailure } from '../failures/failure.ts';
import { resultNotice } from '../modelTraining.ts';

/**
 * The application shows a surface before a network has looked for what surrounds it. Until then a warning of the report says
 * so: whatever is made of the report meanwhile, a file or saved work, tells that distances are missing, and work that was
 * closed before is looked at again when it is opened.
 */
const AWAITED = failure('planning.surroundings-awaited');

type Warned = Pick<SegmentationReport, 'warnings'>;

export const awaitsSurroundings = ({ warnings }: Warned): boolean => includesFailure(warnings, AWAITED);

export const awaitingSurroundings = (report: SegmentationReport): SegmentationReport => ({
  ...report,
  warnings: [...report.warnings, AWAITED],
});

/** The warnings without that one: where the page says itself that the network is at it, and of phases, which have sizes only. */
export const withoutAwaited = (warnings: readonly Failure[]): Failure[] =>
  warnings.filter(({ code }) => code !== AWAITED.code);

/** The report with what the network found. */
export function withSurroundings(
  report: SegmentationReport,
  { surroundings, model, seconds }: Pick<FoundSurroundings, 'surroundings' | 'model' | 'seconds'>,
): SegmentationReport {
  const models = [...report.models, model];
  return {
    ...report,
    notice: resultNotice(models),
    surroundings,
    models,
    secondsPerStage: { ...report.secondsPerStage, surroundings: seconds },
    warnings: withoutAwaited(report.warnings),
  };
}
