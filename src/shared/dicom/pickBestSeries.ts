import { type Failure, failure } from '../failures/failure.ts';
import { assessSeries } from './assessSeries.ts';
import { heartPhases } from './heartPhases.ts';
import type { ImageSeries } from './imageSeries.ts';
import { type SeriesHints, seriesHints } from './seriesHints.ts';
import { orientationName } from './splitByPlane.ts';
import { largestStepMm } from './stackCorrection.ts';

export interface BestSeries {
  /** undefined where no series can be used. */
  readonly chosen: ImageSeries | undefined;
  /** Reasons for and against the chosen one. */
  readonly points: readonly Failure[];
  /** All others, best first, with why they were not taken. */
  readonly rejected: readonly { readonly description: string; readonly reason: Failure }[];
}

/** A reason for (more than 0) or against a series, and its weight. */
type WeighedPoint = readonly [weight: number, point: Failure];

interface Candidate {
  readonly series: ImageSeries;
  readonly score: number;
  readonly points: readonly Failure[];
}

/** Phases of one heart that cover less of the largest coverage are parts of it, and not preferred for their phase. */
const WHOLE_SHARE = 0.9;
const PART_OF_HEART = 0.4;

/**
 * The series that suits the appendage best: a sound CT volume, axial, thin, in arterial contrast, of the heart, with a
 * soft kernel. Depends on the series alone, not on their order.
 */
export function pickBestSeries(series: readonly ImageSeries[]): BestSeries {
  const unusable: { series: ImageSeries; reason: Failure }[] = [];
  const usable: ImageSeries[] = [];
  for (const one of [...series].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const { refusal } = assessSeries(one);
    if (refusal === undefined) usable.push(one);
    else unusable.push({ series: one, reason: refusal });
  }
  const mostMm = largestCoverages(usable);
  const candidates = usable.map((one) => scored(one, mostMm.get(one) ?? 0));
  // Stable: equal scores stay in the order of their identifiers.
  candidates.sort((a, b) => b.score - a.score);
  const [best, ...others] = candidates;
  return {
    chosen: best?.series,
    points: best?.points ?? [],
    rejected: [
      ...others.map(({ series: other, points }) => ({
        description: other.description,
        reason: failure('series.another-suits-better', { points }),
      })),
      // The largest unusable series is probably the one that was meant: it is named first.
      ...unusable
        .sort((a, b) => b.series.slices.length - a.series.slices.length)
        .map(({ series: one, reason }) => ({ description: one.description, reason })),
    ],
  };
}

/** The largest coverage among the phases of a heart, for each of them. */
function largestCoverages(series: readonly ImageSeries[]): ReadonlyMap<ImageSeries, number> {
  const found = new Map<ImageSeries, number>();
  for (const set of heartPhases(series)) {
    const phases = set.flatMap(({ series: one, leftOut }) => [one, ...leftOut]);
    const mostMm = Math.max(...phases.filter(isOnePhase).map(coverageOf), 0);
    for (const one of phases) found.set(one, mostMm);
  }
  return found;
}

/** Whether nothing speaks for a set being of one phase below and of another above. */
const isOnePhase = ({ warnings }: ImageSeries): boolean =>
  warnings.every(({ code }) => code !== 'series.sets-change');

function coverageOf({ geometry }: ImageSeries): number {
  if (geometry.kind === 'refused') return 0;
  const { sizeIjk, spacingMm } = geometry.grid;
  return sizeIjk[2] * spacingMm[2];
}

/** @param mostMm the largest coverage among the phases of the heart, where there are several */
function scored(series: ImageSeries, mostMm: number): Candidate {
  if (series.geometry.kind === 'refused') throw new RangeError('Refused series are not scored.');
  const stepMm = largestStepMm(series.geometry);
  const coverageMm = coverageOf(series);
  const isWhole = isOnePhase(series) && coverageMm >= WHOLE_SHARE * mostMm;
  const orientation = orientationName(series.slices[0]!);
  const points: WeighedPoint[] = [
    [stepPoints(stepMm), failure('series.point-step', { stepMm })],
    [orientation === 'axial' ? 4 : 0, failure('series.point-orientation', { orientation })],
    [coverageMm >= 100 ? 2 : coverageMm >= 80 ? 1 : -3, failure('series.point-coverage', { coverageMm })],
    ...hintPoints(seriesHints(series), isWhole),
  ];
  // Thinner slices break ties, and so does more of the heart, but they never outweigh a point.
  const ties = 0.5 / (1 + stepMm) - (isWhole ? 0 : PART_OF_HEART);
  const score = points.reduce((sum, [value]) => sum + value, 0) + ties;
  return { series, score, points: points.map(([, point]) => point) };
}

function stepPoints(stepMm: number): number {
  if (stepMm <= 1) return 6;
  if (stepMm <= 1.5) return 5;
  if (stepMm <= 2) return 4;
  return stepMm <= 3.05 ? 2 : 0;
}

const CONTRAST_POINTS = { arterial: 4, given: 2, late: -3, none: -8 };
const KERNEL_POINTS = { soft: 1, sharp: -3 };

function hintPoints(
  { contrast, kernel, cardiac, derived, phasePercent }: SeriesHints,
  isWhole: boolean,
): WeighedPoint[] {
  const points: WeighedPoint[] = [];
  if (contrast !== 'unknown') {
    points.push([CONTRAST_POINTS[contrast], failure('series.point-contrast', { contrast })]);
  }
  if (kernel !== 'unknown') points.push([KERNEL_POINTS[kernel], failure('series.point-kernel', { kernel })]);
  if (cardiac) points.push([3, failure('series.point-cardiac')]);
  if (derived) points.push([-4, failure('series.point-derived')]);
  // The appendage is largest, and by convention measured, near the end of ventricular systole.
  if (phasePercent !== undefined) {
    const isUsual = phasePercent >= 30 && phasePercent <= 50;
    points.push([isUsual && isWhole ? 1 : 0, failure('series.point-phase', { percent: phasePercent })]);
  }
  return points;
}
