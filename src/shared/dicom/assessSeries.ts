import { type Failure, failure } from '../failures/failure.ts';
import type { ImageSeries } from './imageSeries.ts';
import { seriesHints } from './seriesHints.ts';
import { orientationName } from './splitByPlane.ts';
import { largestStepMm } from './stackCorrection.ts';

/** Whether a sound stack is fit for measuring an appendage. */
export interface SeriesAssessment {
  /** Why the series must not be segmented; undefined where it may. */
  readonly refusal: Failure | undefined;
  /** Warnings that every result must carry. */
  readonly warnings: readonly Failure[];
}

/** Steps of 3 mm are the coarsest that older chest CT has; the appendage's ostium is about 20 mm wide. */
const WARN_STEP_MM = 3.05;
const WARN_COARSE_STEP_MM = 1.6;
const WARN_THICKNESS_MM = 3.05;
/** Slices that are thinner than this share of their distance leave gaps. */
const GAP_SHARE = 0.8;
export const REFUSE_STEP_MM = 6;
const WARN_COVERAGE_MM = 80;
/** Less than an appendage is deep. */
const REFUSE_COVERAGE_MM = 20;
const WARN_PIXEL_MM = 1.5;

/**
 * Plausibility of a series for the appendage from its headers alone; contrast can only be confirmed from the voxels.
 */
export function assessSeries(series: ImageSeries): SeriesAssessment {
  const { geometry } = series;
  if (geometry.kind === 'refused') return { refusal: geometry.reason, warnings: series.warnings };
  const { sizeIjk, spacingMm } = geometry.grid;
  const [pixelMm, rowMm] = spacingMm;
  const stepMm = largestStepMm(geometry);
  const coverageMm = sizeIjk[2] * spacingMm[2];
  const warnings: Failure[] = [...series.warnings];
  if (stepMm >= REFUSE_STEP_MM) {
    const refusal = failure('series.steps-too-coarse', { stepMm, limitMm: REFUSE_STEP_MM });
    return { refusal, warnings };
  }
  if (coverageMm < REFUSE_COVERAGE_MM) {
    return { refusal: failure('series.coverage-too-short', { coverageMm }), warnings };
  }
  if (stepMm > WARN_STEP_MM) {
    warnings.push(failure('series.steps-very-coarse', { stepMm }));
  } else if (stepMm > WARN_COARSE_STEP_MM) {
    warnings.push(failure('series.steps-coarse', { stepMm }));
  }
  const thicknessMm = series.slices[0]?.header.plane.sliceThicknessMm;
  if (thicknessMm !== undefined && thicknessMm < stepMm * GAP_SHARE) {
    warnings.push(failure('series.gaps-between-slices', { thicknessMm, stepMm }));
  }
  if (thicknessMm !== undefined && thicknessMm > WARN_THICKNESS_MM && stepMm <= WARN_STEP_MM) {
    warnings.push(failure('series.slices-thick', { thicknessMm }));
  }
  const widthMm = Math.max(pixelMm, rowMm);
  if (widthMm > WARN_PIXEL_MM) {
    warnings.push(failure('series.pixels-coarse', { widthMm }));
  }
  if (coverageMm < WARN_COVERAGE_MM) {
    warnings.push(failure('series.coverage-short', { coverageMm }));
  }
  const orientation = orientationName(series.slices[0]!);
  if (orientation !== 'axial') warnings.push(failure('series.not-axial', { orientation }));
  const hints = seriesHints(series);
  if (hints.contrast === 'none') warnings.push(failure('series.described-without-contrast'));
  if (hints.contrast === 'late') warnings.push(failure('series.described-late'));
  if (hints.kernel === 'sharp') warnings.push(failure('series.sharp-kernel'));
  return { refusal: undefined, warnings };
}
