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
  /** The row of the phase that the report is of; −1 where it is not known. */
  readonly ownRow: number;
  /** What phases do not give, and why: phases with the same reason in one line. */
  readonly notGiven: readonly string[];
}

/** The sizes of the table and of a registry. */
export const CYCLE_SIZES: readonly (readonly [head: string, size: PhaseSize, field: string])[] = [
  ['Volume, mL', VOLUME, 'volume_ml'],
  ['Ostium, area, mm²', OSTIUM_AREA, 'ostium_area_mm2'],
  ['Ostium, max., mm', phaseSize('ostium.maxDiameterMm'), 'ostium_max_diameter_mm'],
  ['Ostium, min., mm', phaseSize('ostium.minDiameterMm'), 'ostium_min_diameter_mm'],
  ['Ostium, P/π, mm', phaseSize('ostium.perimeterDerivedDiameterMm'), 'ostium_perimeter_derived_diameter_mm'],
  [
    `Landing zone ${CURVE_LANDING_ZONE_MM} mm, P/π, mm`,
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
  return {
    sizing: `${sizingInWords(phases)}${own === undefined ? '' : ` All other numbers of this report are those of ${own}.`}`,
    plots: phasePlots(phases),
    heads: ['Phase', ...CYCLE_SIZES.map(([head]) => head)],
    rows: phases.map((result) => [
      result.phase.label,
      ...CYCLE_SIZES.map(([, size]) => sizeIn(result, size)?.toFixed(size.digits) ?? '–'),
    ]),
    ownRow: phases.findIndex(({ phase }) => phase.label === own),
    changes: CYCLE_SIZES.flatMap(([, size]) => {
      const change = changeOf(phases, size);
      return change ? [`${size.label}: ${changeInWords(change)}`] : [];
    }),
    notGiven: notGivenLines(phases),
  };
}

function notGivenLines(phases: ReportInput['phases']): string[] {
  const lines = new Map<string, { readonly labels: string[]; readonly what: string; readonly why: string }>();
  for (const result of phases) {
    const missing = CYCLE_SIZES.flatMap(([, size]) => {
      const why = whyNoSize(result, size);
      return why ? [{ label: size.label, why: words().sentence(why) }] : [];
    });
    for (const why of new Set(missing.map((one) => one.why))) {
      const sizes = missing.filter((one) => one.why === why).map(({ label }) => label);
      const what = sizes.length === CYCLE_SIZES.length ? '' : `${sizes.join('; ')}, at `;
      const line = lines.get(what + why) ?? { labels: [], what, why };
      line.labels.push(result.phase.label);
      lines.set(what + why, line);
    }
  }
  return [...lines.values()].map(({ labels, what, why }) => `${what}${labels.join(', ')}: ${why}`);
}
