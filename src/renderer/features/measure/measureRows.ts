import { workingView } from '#shared/anatomy/cArmView.ts';
import { LANDING_DISTANCES_MM, whyNoLandingZone } from '#shared/anatomy/landingZone.ts';
import type { SegmentationReport } from '#shared/contract/report.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';

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
  readonly report: Pick<SegmentationReport, 'contrast'>;
  readonly isCut: boolean;
}

const CUT = 'withheld: the scan ends within the appendage';
const NO_OSTIUM = 'no ostium was found';
const CANNOT = 'cannot be measured on this surface';

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

const degrees = (value: number, positive: string, negative: string): string => {
  const rounded = Math.round(value);
  return `${rounded < 0 ? negative : positive} ${Math.abs(rounded)}°`;
};

/** The reachable C-arm view square to the ostium's axis, as operators say it: `RAO 30° / CAU 20°`; null where there is none. */
export function viewInWords(normalLps: Vec3): string | null {
  const view = workingView(normalLps);
  if (!view) return null;
  return `${degrees(view.alphaDegrees, 'LAO', 'RAO')} / ${degrees(view.betaDegrees, 'CRA', 'CAU')}`;
}

function landingGroup(
  { landingZones, depthMm }: MeasuredAppendage['measurements'],
  distanceMm: number,
  onShape: string,
): MeasureGroup {
  const zone = landingZones.find((known) => known.distanceMm === distanceMm);
  const reason = onShape === CANNOT && depthMm !== null ? whyNoLandingZone(depthMm, distanceMm) : onShape;
  const id = (what: string): string => `landing-${distanceMm}-${what}`;
  return {
    title: `Landing zone, ${distanceMm} mm beyond the ostium`,
    rows: zone
      ? [
          row(id('max'), 'Largest diameter', zone.maxDiameterMm, 'mm', 1, reason),
          row(id('min'), 'Smallest diameter', zone.minDiameterMm, 'mm', 1, reason),
          row(id('by-area'), 'Diameter from area', zone.areaDerivedDiameterMm, 'mm', 1, reason),
          row(
            id('by-perimeter'),
            'Diameter from perimeter',
            zone.perimeterDerivedDiameterMm,
            'mm',
            1,
            reason,
          ),
        ]
      : [row(id('max'), 'Largest diameter', null, 'mm', 1, reason)],
  };
}

/** All that the panel shows, in its order; each number that is null with the reason. */
export function measureGroups({ appendage, report, isCut }: MeasuredCase): readonly MeasureGroup[] {
  const { ostium, volumeMl, depthMm, depthToFirstBendMm, surfaceAreaMm2 } = appendage.measurements;
  const view = ostium && viewInWords(ostium.normal);
  const onShape = isCut ? CUT : ostium ? CANNOT : NO_OSTIUM;
  return [
    {
      title: 'Ostium',
      rows: [
        row('ostium-max', 'Largest diameter', ostium?.maxDiameterMm, 'mm', 1, NO_OSTIUM),
        row('ostium-min', 'Smallest diameter', ostium?.minDiameterMm, 'mm', 1, NO_OSTIUM),
        row('ostium-by-area', 'Diameter from area', ostium?.areaDerivedDiameterMm, 'mm', 1, NO_OSTIUM),
        row(
          'ostium-by-perimeter',
          'Diameter from perimeter',
          ostium?.perimeterDerivedDiameterMm,
          'mm',
          1,
          NO_OSTIUM,
        ),
        row('ostium-eccentricity', 'Eccentricity', ostium?.eccentricity, '', 2, NO_OSTIUM),
        row('ostium-area', 'Area', ostium?.areaMm2, 'mm²', 0, NO_OSTIUM),
        row('ostium-perimeter', 'Perimeter', ostium?.perimeterMm, 'mm', 1, NO_OSTIUM),
      ],
    },
    ...LANDING_DISTANCES_MM.map((distanceMm) => landingGroup(appendage.measurements, distanceMm, onShape)),
    {
      title: 'Appendage',
      rows: [
        row('volume', 'Volume', volumeMl, 'mL', 1, onShape),
        row('depth', 'Depth', depthMm, 'mm', 1, onShape),
        row('depth-to-bend', 'Depth to first bend', depthToFirstBendMm, 'mm', 1, onShape),
        row('surface-area', 'Wall area', surfaceAreaMm2, 'mm²', 0, onShape),
      ],
    },
    {
      title: 'Contrast',
      rows: [
        row('hu-atrium', 'Left atrium', report.contrast.atriumHu, 'HU', 0, CANNOT),
        row('hu-appendage', 'Appendage', report.contrast.appendageHu, 'HU', 0, CANNOT),
      ],
    },
    {
      title: 'C-arm, square to the axis',
      rows: [
        {
          id: 'c-arm',
          label: 'Working view',
          value: view,
          unit: '',
          withheld: view ? null : ostium ? 'none within reach of a C-arm' : NO_OSTIUM,
        },
      ],
    },
  ];
}
