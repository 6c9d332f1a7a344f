import { assessSeries } from './assessSeries.ts';
import type { ImageSeries } from './imageSeries.ts';
import { type SeriesHints, seriesHints } from './seriesHints.ts';
import { orientationName } from './splitSeries.ts';

export interface BestSeries {
  /** undefined where no series can be used. */
  readonly chosen: ImageSeries | undefined;
  /** What spoke for and against the chosen one. */
  readonly reasons: readonly string[];
  /** All others, best first, with why they were not taken. */
  readonly rejected: readonly { readonly description: string; readonly reason: string }[];
}

interface Candidate {
  readonly series: ImageSeries;
  readonly score: number;
  readonly reasons: readonly string[];
}

/**
 * The series that suits the appendage best: a sound CT volume, axial, thin, in arterial contrast, of the heart, with a
 * soft kernel. Depends on the series alone, not on their order.
 */
export function pickBestSeries(series: readonly ImageSeries[]): BestSeries {
  const unusable: { series: ImageSeries; reason: string }[] = [];
  const candidates: Candidate[] = [];
  for (const one of [...series].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const { refusal } = assessSeries(one);
    if (refusal === undefined) candidates.push(scored(one));
    else unusable.push({ series: one, reason: refusal });
  }
  // Stable: equal scores stay in the order of their identifiers.
  candidates.sort((a, b) => b.score - a.score);
  const [best, ...others] = candidates;
  return {
    chosen: best?.series,
    reasons: best?.reasons ?? [],
    rejected: [
      ...others.map(({ series: other, reasons }) => ({
        description: other.description,
        reason: `Another series suits the appendage better (this one: ${reasons.join(', ')}).`,
      })),
      // The largest unusable one is the likeliest to have been meant: it is named first.
      ...unusable
        .sort((a, b) => b.series.slices.length - a.series.slices.length)
        .map(({ series: one, reason }) => ({ description: one.description, reason })),
    ],
  };
}

function scored(series: ImageSeries): Candidate {
  if (series.geometry.kind === 'refused') throw new RangeError('Refused series are not scored.');
  const { sizeIjk, spacingMm } = series.geometry.grid;
  const stepMm = spacingMm[2];
  const coverageMm = sizeIjk[2] * stepMm;
  const orientation = orientationName(series.slices[0]!);
  const points: [number, string][] = [
    [stepPoints(stepMm), `slices every ${stepMm.toFixed(2)} mm`],
    [orientation === 'axial' ? 4 : 0, orientation],
    [coverageMm >= 100 ? 2 : coverageMm >= 80 ? 1 : -3, `${coverageMm.toFixed(0)} mm covered`],
    ...hintPoints(seriesHints(series)),
  ];
  // Thinner slices break ties, but never outweigh a point.
  const score = points.reduce((sum, [value]) => sum + value, 0) + 0.5 / (1 + stepMm);
  return { series, score, reasons: points.map(([, reason]) => reason).filter((reason) => reason !== '') };
}

function stepPoints(stepMm: number): number {
  if (stepMm <= 1) return 6;
  if (stepMm <= 1.5) return 5;
  if (stepMm <= 2) return 4;
  return stepMm <= 3.05 ? 2 : 0;
}

function hintPoints(hints: SeriesHints): [number, string][] {
  const contrast: Record<SeriesHints['contrast'], [number, string]> = {
    arterial: [4, 'arterial contrast by its description'],
    given: [2, 'contrast by its header'],
    unknown: [0, ''],
    late: [-3, 'a late or venous phase by its description'],
    none: [-8, 'no contrast by its description'],
  };
  const kernel: Record<SeriesHints['kernel'], [number, string]> = {
    soft: [1, 'soft kernel'],
    unknown: [0, ''],
    sharp: [-3, 'sharp kernel'],
  };
  const points = [contrast[hints.contrast], kernel[hints.kernel]];
  if (hints.cardiac) points.push([3, 'of the heart by its description']);
  if (hints.derived) points.push([-4, 'derived, not acquired']);
  const phase = hints.phasePercent;
  // The appendage is largest, and by convention measured, near the end of ventricular systole.
  if (phase !== undefined) points.push([phase >= 30 && phase <= 50 ? 1 : 0, `${phase} % of the heart cycle`]);
  return points;
}
