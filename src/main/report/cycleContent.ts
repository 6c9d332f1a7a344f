import { changeInWords, changeOf, sizingInWords } from '#shared/phases/phaseCycle.ts';
import {
  CURVE_LANDING_ZONE_MM,
  OSTIUM_AREA,
  type PhaseSize,
  phaseSize,
  sizeIn,
  VOLUME,
  whyNoSize,
} from '#shared/phases/phaseSizes.ts';
import { words } from '#shared/words/words.ts';
import { phasePlots } from './phasePlotSvg.ts';
import type { ReportInput } from './reportInput.ts';
import type { Plot } from './svgParts.ts';

/** The sizes over the heart cycle, as a report shows them. */
export interface CycleContent {
  /** Which phase is to be sized in, and of which phase the report's numbers are. */
  readonly sizing: string;
  readonly plots: readonly Plot[];
  /** A row for each phase, below the heads of the columns; "–" where a number is not given. */
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How volume, ostium and landing zone change. */
  readonly changes: readonly string[];
  /** What a phase does not give, and why. */
  readonly notGiven: readonly string[];
}

/** The sizes of the table and of a registry. */
export const CYCLE_SIZES: readonly (readonly [head: string, size: PhaseSize, field: string])[] = [
  ['Volume, mL', VOLUME, 'volume_ml'],
  ['Ostium, area, mm²', OSTIUM_AREA, 'ostium_area_mm2'],
  ['maximum, mm', phaseSize('ostium.maxDiameterMm'), 'ostium_max_diameter_mm'],
  ['minimum, mm', phaseSize('ostium.minDiameterMm'), 'ostium_min_diameter_mm'],
  ['P/π, mm', phaseSize('ostium.perimeterDerivedDiameterMm'), 'ostium_perimeter_derived_diameter_mm'],
  [
    `Landing zone at ${CURVE_LANDING_ZONE_MM} mm, P/π, mm`,
    phaseSize(`landingZone${CURVE_LANDING_ZONE_MM}.perimeterDerivedDiameterMm`),
    `landing_zone_${CURVE_LANDING_ZONE_MM}_perimeter_derived_diameter_mm`,
  ],
];

/** Null where fewer than two phases are known. */
export function cycleContent({
  phases,
  report,
}: Pick<ReportInput, 'phases' | 'report'>): CycleContent | null {
  if (phases.length < 2) return null;
  const own = report.source.heartPhase?.label;
  const { sentence } = words();
  return {
    sizing: `${sizingInWords(phases)}${own === undefined ? '' : ` All other numbers of this report are those of ${own}.`}`,
    plots: phasePlots(phases),
    heads: ['Phase', ...CYCLE_SIZES.map(([head]) => head)],
    rows: phases.map((result) => [
      result.phase.label,
      ...CYCLE_SIZES.map(([, size]) => sizeIn(result, size)?.toFixed(size.digits) ?? '–'),
    ]),
    changes: CYCLE_SIZES.flatMap(([, size]) => {
      const change = changeOf(phases, size);
      return change ? [`${size.label}: ${changeInWords(change)}`] : [];
    }),
    notGiven: phases.flatMap((result) => {
      const why = CYCLE_SIZES.flatMap(([, size]) => whyNoSize(result, size) ?? []).map(sentence);
      return [...new Set(why)].map((reason) => `${result.phase.label}: ${reason}`);
    }),
  };
}
