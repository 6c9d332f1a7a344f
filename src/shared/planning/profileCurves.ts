import type { LumenProfile, ProfilePoint } from '../contract/planning.ts';

/** The sizes of a section, as a profile names them. */
export type ProfileSize = Exclude<
  keyof ProfilePoint,
  'distanceMm' | 'pointLpsMm' | 'centreLpsMm' | 'normal' | 'withheld' | 'isCorrected' | 'widerThanOstium'
>;

/** A plot of a profile: what is drawn over the distance from the ostium. */
export interface ProfilePlotKind {
  readonly id: 'diameters' | 'area' | 'perimeter';
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
  readonly curves: readonly { readonly size: ProfileSize; readonly label: string; readonly colour: string }[];
}

/** Colours that stay apart without red and green, on a dark and on a light ground (after Okabe and Ito). */
export const PROFILE_PLOTS: readonly ProfilePlotKind[] = [
  {
    id: 'diameters',
    title: 'Diameters',
    unit: 'mm',
    digits: 1,
    curves: [
      { size: 'maxDiameterMm', label: 'maximum', colour: '#d98a1e' },
      { size: 'perimeterDerivedDiameterMm', label: 'perimeter-derived', colour: '#7c4dff' },
      { size: 'areaDerivedDiameterMm', label: 'area-derived', colour: '#1fa37c' },
      { size: 'minDiameterMm', label: 'minimum', colour: '#3f8fd6' },
    ],
  },
  {
    id: 'area',
    title: 'Area',
    unit: 'mm²',
    digits: 0,
    curves: [{ size: 'areaMm2', label: 'area', colour: '#1fa37c' }],
  },
  {
    id: 'perimeter',
    title: 'Perimeter',
    unit: 'mm',
    digits: 1,
    curves: [{ size: 'perimeterMm', label: 'perimeter', colour: '#7c4dff' }],
  },
];

/** A curve as runs of points without gaps; where the size is withheld, a run ends. */
export function curveRuns(
  { points }: Pick<LumenProfile, 'points'>,
  size: ProfileSize,
): (readonly [distanceMm: number, value: number])[][] {
  const runs: (readonly [number, number])[][] = [];
  let run: (readonly [number, number])[] = [];
  for (const point of points) {
    const value = point[size];
    if (value === null) {
      if (run.length > 0) runs.push(run);
      run = [];
    } else run.push([point.distanceMm, value]);
  }
  return run.length > 0 ? [...runs, run] : runs;
}

/** The end of an axis on which there is nothing above 0: every size is withheld. */
const EMPTY_AXIS = 10;

/** Where axes of a plot are labelled: round steps from 0, at most `most` of them, the last one at or above the largest value. */
export function axisTicks(largest: number, most = 5): readonly number[] {
  const end = largest > 0 ? largest : EMPTY_AXIS;
  const rough = end / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  return Array.from({ length: Math.ceil(end / step - 1e-9) + 1 }, (_, at) => at * step);
}

/** The largest value that a plot shows. */
export const largestOf = (profile: Pick<LumenProfile, 'points'>, { curves }: ProfilePlotKind): number =>
  Math.max(0, ...profile.points.flatMap((point) => curves.map(({ size }) => point[size] ?? 0)));
