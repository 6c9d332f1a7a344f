import type { ImageSeries } from './imageSeries.ts';
import { seriesHints } from './seriesHints.ts';
import { orientationName } from './splitSeries.ts';

/** Whether a sound stack is fit for measuring an appendage. */
export interface SeriesAssessment {
  /** A sentence where the series must not be segmented. */
  readonly refusal: string | undefined;
  /** Sentences that must travel with every result. */
  readonly warnings: readonly string[];
}

/** Steps of 3 mm are the coarsest that older chest CT has; the appendage's ostium is about 20 mm wide. */
const WARN_STEP_MM = 3.05;
const WARN_COARSE_STEP_MM = 1.6;
const REFUSE_STEP_MM = 6;
const WARN_COVERAGE_MM = 80;
/** Less than an appendage is deep. */
const REFUSE_COVERAGE_MM = 20;
const WARN_PIXEL_MM = 1.5;

/** Plausibility of a series for the appendage from its headers alone; contrast can only be confirmed from the voxels. */
export function assessSeries(series: ImageSeries): SeriesAssessment {
  const { geometry } = series;
  if (geometry.kind === 'refused') return { refusal: geometry.reason, warnings: series.warnings };
  const { sizeIjk, spacingMm } = geometry.grid;
  const [pixelMm, rowMm, stepMm] = spacingMm;
  const coverageMm = sizeIjk[2] * stepMm;
  const warnings = [...series.warnings];
  if (stepMm >= REFUSE_STEP_MM) {
    return {
      refusal: `The slices are ${stepMm.toFixed(1)} mm apart, too coarse for the appendage (less than ${REFUSE_STEP_MM} mm is needed).`,
      warnings,
    };
  }
  if (coverageMm < REFUSE_COVERAGE_MM) {
    return { refusal: `The scan covers only ${coverageMm.toFixed(0)} mm, less than an appendage.`, warnings };
  }
  if (stepMm > WARN_STEP_MM) {
    warnings.push(`The slices are ${stepMm.toFixed(1)} mm apart: expect errors of millimetres.`);
  } else if (stepMm > WARN_COARSE_STEP_MM) {
    warnings.push(`The slices are ${stepMm.toFixed(1)} mm apart, coarser than cardiac CT (0.25 to 0.75 mm).`);
  }
  const thicknessMm = series.slices[0]?.header.plane.sliceThicknessMm;
  if (thicknessMm !== undefined && thicknessMm < stepMm * 0.8) {
    warnings.push(
      `Between the slices lie gaps: they are ${thicknessMm.toFixed(2)} mm thick and ${stepMm.toFixed(2)} mm apart.`,
    );
  }
  if (thicknessMm !== undefined && thicknessMm > 3.05 && stepMm <= WARN_STEP_MM) {
    warnings.push(`The slices are ${thicknessMm.toFixed(1)} mm thick: thin walls will be blurred.`);
  }
  if (Math.max(pixelMm, rowMm) > WARN_PIXEL_MM) {
    warnings.push(`The pixels are ${Math.max(pixelMm, rowMm).toFixed(2)} mm wide, coarser than cardiac CT.`);
  }
  if (coverageMm < WARN_COVERAGE_MM) {
    warnings.push(
      `The scan covers only ${coverageMm.toFixed(0)} mm: parts of the left atrium may be cut off.`,
    );
  }
  const orientation = orientationName(series.slices[0]!);
  if (orientation !== 'axial') warnings.push(`The slices are ${orientation}, not axial.`);
  const hints = seriesHints(series);
  if (hints.contrast === 'none') warnings.push('The series is described as a scan without contrast.');
  if (hints.contrast === 'late') warnings.push('The series is described as a late or venous phase.');
  if (hints.kernel === 'sharp') warnings.push('The series was made with a sharp kernel: its noise is high.');
  return { refusal: undefined, warnings };
}
