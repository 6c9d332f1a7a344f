import type { PhaseResult } from '../contract/services/phases.ts';
import type { Failure } from '../failures/failure.ts';
import { axisTicks } from '../planning/profileCurves.ts';
import {
  CURVE_LANDING_ZONE_MM,
  OSTIUM_AREA,
  type PhaseSize,
  phaseSize,
  sizeIn,
  VOLUME,
  whyNoSize,
} from './phaseSizes.ts';

/** A plot over the heart cycle. */
export interface PhasePlotKind {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly curves: readonly { readonly size: PhaseSize; readonly label: string; readonly colour: string }[];
}

/** Colours as of the sizes along the centre line (`PROFILE_PLOTS`). */
const diameterCurves = (section: string): PhasePlotKind['curves'] => [
  { size: phaseSize(`${section}.maxDiameterMm`), label: 'maximum', colour: '#d98a1e' },
  { size: phaseSize(`${section}.perimeterDerivedDiameterMm`), label: 'perimeter-derived', colour: '#7c4dff' },
  { size: phaseSize(`${section}.minDiameterMm`), label: 'minimum', colour: '#3f8fd6' },
];

export const PHASE_PLOTS: readonly PhasePlotKind[] = [
  {
    id: 'volume',
    title: 'Volume',
    unit: 'mL',
    curves: [{ size: VOLUME, label: 'volume', colour: '#d98a1e' }],
  },
  {
    id: 'area',
    title: 'Ostium, area',
    unit: 'mm²',
    curves: [{ size: OSTIUM_AREA, label: 'area', colour: '#1fa37c' }],
  },
  { id: 'ostium', title: 'Ostium, diameters', unit: 'mm', curves: diameterCurves('ostium') },
  {
    id: 'landingZone',
    title: `Landing zone at ${CURVE_LANDING_ZONE_MM} mm, diameters`,
    unit: 'mm',
    curves: diameterCurves(`landingZone${CURVE_LANDING_ZONE_MM}`),
  },
];

/** A point of a curve: the phase's place among the results, where it lies along the axis, and the value. */
export interface PhasePoint {
  readonly index: number;
  readonly x: number;
  readonly value: number;
}

/** A plot ready for drawing, whatever draws it. */
export interface PhasePlot {
  readonly kind: PhasePlotKind;
  /** The axis of the phases: from, to, where it is labelled, and its unit. */
  readonly axis: {
    readonly from: number;
    readonly to: number;
    readonly ticks: readonly number[];
    readonly title: string;
  };
  readonly valueTicks: readonly number[];
  /** Each curve as runs of neighbouring phases that give it. */
  readonly curves: readonly {
    readonly label: string;
    readonly colour: string;
    readonly runs: readonly (readonly PhasePoint[])[];
  }[];
  /** Phases in which a curve has a gap, and why. */
  readonly gaps: readonly {
    readonly index: number;
    readonly x: number;
    readonly phase: string;
    readonly reason: Failure;
  }[];
}

/** The plot of some sizes; undefined where no phase gives any. */
export function phasePlot(results: readonly PhaseResult[], kind: PhasePlotKind): PhasePlot | undefined {
  const values = kind.curves.flatMap(({ size }) => results.flatMap((result) => sizeIn(result, size) ?? []));
  if (values.length === 0) return undefined;
  return {
    kind,
    axis: phaseAxis(results),
    valueTicks: axisTicks(Math.max(...values)),
    curves: kind.curves.map(({ size, label, colour }) => ({ label, colour, runs: runsOf(results, size) })),
    gaps: results.flatMap((result, index) => {
      const reason = kind.curves.map(({ size }) => whyNoSize(result, size)).find((why) => why !== null);
      return reason ? [{ index, x: result.phase.place, phase: result.phase.label, reason }] : [];
    }),
  };
}

function runsOf(results: readonly PhaseResult[], size: PhaseSize): PhasePoint[][] {
  const runs: PhasePoint[][] = [];
  let run: PhasePoint[] = [];
  for (const [index, result] of results.entries()) {
    const value = sizeIn(result, size);
    if (value === null) {
      if (run.length > 0) runs.push(run);
      run = [];
    } else run.push({ index, x: result.phase.place, value });
  }
  return run.length > 0 ? [...runs, run] : runs;
}

const MOST_PHASE_TICKS = 10;

function phaseAxis(results: readonly PhaseResult[]): PhasePlot['axis'] {
  const places = results.map(({ phase }) => phase.place);
  const unit = results[0]?.phase.unit ?? 'place';
  const [lowest, highest] = [Math.min(...places), Math.max(...places)];
  if (unit === '%' && lowest >= 0 && highest <= 100) {
    return { from: 0, to: 100, ticks: [0, 20, 40, 60, 80, 100], title: '% of the RR interval' };
  }
  if (unit === 'place') {
    const step = Math.ceil(results.length / MOST_PHASE_TICKS);
    const ticks = places.filter((_, at) => at % step === 0);
    return { from: lowest - 0.5, to: highest + 0.5, ticks, title: 'phase' };
  }
  const ticks = axisTicks(highest);
  const from = Math.min(0, lowest);
  return {
    from,
    to: Math.max(ticks.at(-1) ?? 1, from + 1),
    ticks,
    title: unit === 'ms' ? 'ms after the R wave' : unit,
  };
}
