import { viewInWords, workingView } from '#shared/anatomy/cArmView.ts';
import { LANDING_DISTANCES_MM } from '#shared/anatomy/landingZone.ts';
import { type FillingReport, givenFilling, type SegmentationReport } from '#shared/contract/report.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { words } from '#shared/words/words.ts';

/** One line of the table: a number with its unit, or the reason why there is none. */
export interface MeasureRow {
  /** Stable, for tests and for copying: `ostium-max`, `volume` … */
  readonly id: string;
  readonly label: string;
  readonly value: string | null;
  readonly unit: string;
  /** Shown in place of a number that is withheld. */
  readonly withheld: string | null;
}

export interface MeasureGroup {
  readonly title: string;
  readonly rows: readonly MeasureRow[];
}

/** What the numbers are read from: the surface as it is now, and the report of the segmentation it came from. */
export interface MeasuredCase {
  readonly appendage: Pick<MeasuredAppendage, 'measurements' | 'warnings'>;
  readonly report: Pick<SegmentationReport, 'contrast' | 'filling'>;
  readonly isCut: boolean;
}

const CUT = 'The appendage is truncated by the scan.';
const NO_OSTIUM = 'No ostium found.';
const CANNOT = 'Not measurable on this surface.';

const row = (
  id: string,
  label: string,
  value: number | null | undefined,
  unit: string,
  digits: number,
  reason: string,
): MeasureRow => {
  const isThere = value !== null && value !== undefined;
  return {
    id,
    label,
    value: isThere ? value.toFixed(digits) : null,
    unit,
    withheld: isThere ? null : reason,
  };
};

/** The reachable C-arm view square to the ostium's axis, as operators say it: `RAO 30° / CAU 20°`; null where there is none. */
export function workingViewInWords(normalLps: Vec3): string | null {
  const view = workingView(normalLps);
  return view ? viewInWords(view) : null;
}

/** Why a number is null: its own reason, or that of what it belongs to; saved work of earlier versions has none. */
function reasonFor(
  { withheld }: MeasuredAppendage['measurements'],
  names: readonly string[],
  otherwise: string,
): string {
  const reason = names.map((name) => withheld[name]).find((known) => known !== undefined);
  return reason ? words().sentence(reason) : otherwise;
}

function landingGroup(
  measurements: MeasuredAppendage['measurements'],
  distanceMm: number,
  onShape: string,
): MeasureGroup {
  const zone = measurements.landingZones.find((known) => known.distanceMm === distanceMm);
  const name = `landingZone${distanceMm}`;
  const reason = (size: string): string => reasonFor(measurements, [`${name}.${size}`, name], onShape);
  const id = (what: string): string => `landing-${distanceMm}-${what}`;
  return {
    title: `Landing zone, ${distanceMm} mm beyond the ostium`,
    rows: (zone ? LANDING_SIZES : LANDING_SIZES.slice(0, 1)).map(([what, label, size, unit, digits]) =>
      row(id(what), label, zone?.[size], unit, digits, reason(size)),
    ),
  };
}

const SECTION_SIZES = [
  ['max', 'Maximum diameter', 'maxDiameterMm'],
  ['min', 'Minimum diameter', 'minDiameterMm'],
  ['by-area', 'Area-derived diameter', 'areaDerivedDiameterMm'],
  ['by-perimeter', 'Perimeter-derived diameter', 'perimeterDerivedDiameterMm'],
] as const;

const LANDING_SIZES = [
  ...SECTION_SIZES.map((size) => [...size, 'mm', 1] as const),
  ['area', 'Area', 'areaMm2', 'mm²', 0],
  ['perimeter', 'Perimeter', 'perimeterMm', 'mm', 1],
] as const;

/** The two compartments of an appendage that contrast does not fill; nothing of one that it fills. */
function fillingGroup(filling: FillingReport | null): readonly MeasureGroup[] {
  if (!filling) return [];
  const { uncertaintyMl, fromDepthMm, toDepthMm } = filling;
  return [
    {
      title: 'Filling, as first segmented',
      rows: [
        row('filled-volume', 'Filled part', filling.filledMl, 'mL', 1, CANNOT),
        row('filled-hu', 'Filled part, contrast', filling.filledHu, 'HU', 0, 'Nothing is filled.'),
        {
          ...row('unfilled-volume', 'Unfilled part (violet)', filling.unfilledMl, 'mL', 1, CANNOT),
          value: `${filling.unfilledMl.toFixed(1)} ± ${Math.max(0.1, uncertaintyMl).toFixed(1)}`,
        },
        row('unfilled-hu', 'Unfilled part, contrast', filling.unfilledHu, 'HU', 0, CANNOT),
        {
          ...row('unfilled-depth', 'Unfilled part, beyond the ostium', fromDepthMm, 'mm', 0, CANNOT),
          value: `${fromDepthMm.toFixed(0)} to ${toDepthMm.toFixed(0)}`,
        },
      ],
    },
  ];
}

/** All that the panel shows, in its order; each number that is null with the reason. */
export function measureGroups({ appendage, report, isCut }: MeasuredCase): readonly MeasureGroup[] {
  const { ostium, volumeMl, depthMm, depthToFirstBendMm, surfaceAreaMm2 } = appendage.measurements;
  const view = ostium && workingViewInWords(ostium.normal);
  const onShape = isCut ? CUT : ostium ? CANNOT : NO_OSTIUM;
  const whyNot = (name: string, otherwise = onShape): string =>
    reasonFor(appendage.measurements, [name], otherwise);
  return [
    {
      title: isCut ? 'Ostium (truncated scan: verify)' : 'Ostium',
      rows: [
        ...SECTION_SIZES.map(([what, label, size]) =>
          row(`ostium-${what}`, label, ostium?.[size], 'mm', 1, whyNot(size, NO_OSTIUM)),
        ),
        row(
          'ostium-eccentricity',
          'Eccentricity √(1−min²/max²)',
          ostium?.eccentricity,
          '',
          2,
          whyNot('eccentricity', NO_OSTIUM),
        ),
        row('ostium-area', 'Area', ostium?.areaMm2, 'mm²', 0, whyNot('areaMm2', NO_OSTIUM)),
        row('ostium-perimeter', 'Perimeter', ostium?.perimeterMm, 'mm', 1, whyNot('perimeterMm', NO_OSTIUM)),
      ],
    },
    ...LANDING_DISTANCES_MM.map((distanceMm) => landingGroup(appendage.measurements, distanceMm, onShape)),
    {
      title: 'Appendage',
      rows: [
        row('volume', 'Volume', volumeMl, 'mL', 1, whyNot('volumeMl')),
        row('depth', 'Depth', depthMm, 'mm', 1, whyNot('depthMm')),
        row(
          'depth-to-bend',
          'Depth to first bend',
          depthToFirstBendMm,
          'mm',
          1,
          whyNot('depthToFirstBendMm'),
        ),
        row('surface-area', 'Wall area', surfaceAreaMm2, 'mm²', 0, whyNot('surfaceAreaMm2')),
      ],
    },
    {
      title: 'Contrast',
      rows: [
        row('hu-atrium', 'Left atrium', report.contrast.atriumHu, 'HU', 0, CANNOT),
        row('hu-appendage', 'Appendage', report.contrast.appendageHu, 'HU', 0, CANNOT),
      ],
    },
    ...fillingGroup(givenFilling(report, appendage.measurements)),
    {
      title: 'Fluoroscopic projection perpendicular to the ostial axis',
      rows: [
        {
          id: 'c-arm',
          label: 'Working view',
          value: view,
          unit: '',
          withheld: view ? null : ostium ? 'None within reach of a C-arm.' : NO_OSTIUM,
        },
      ],
    },
  ];
}
