import { LANDING_DISTANCES_MM, whyNoLandingZone } from '#shared/anatomy/landingZone.ts';
import type { ReportInput } from './reportInput.ts';

/** One number of a result, with what it means. */
export interface MeasurementRow {
  /** Stable, for programs that read the CSV. */
  readonly key: string;
  readonly label: string;
  /** Null where it is withheld or cannot be measured; a warning says why. */
  readonly value: number | null;
  readonly unit: string;
  /** Digits after the point that are shown to a reader; files for programs have three. */
  readonly digits: number;
  readonly definition: string;
}

type Ostium = NonNullable<ReportInput['measurements']['ostium']>;

const OSTIUM_ROWS: readonly (readonly [keyof Ostium & string, string, string, number, string])[] = [
  [
    'maxDiameterMm',
    'Ostium, longest diameter',
    'mm',
    1,
    'D_max: largest distance between two points of the rim, in the ostium’s plane',
  ],
  [
    'minDiameterMm',
    'Ostium, shortest diameter',
    'mm',
    1,
    'D_min: smallest distance between two parallel lines that hold the rim',
  ],
  [
    'areaDerivedDiameterMm',
    'Ostium, diameter from area',
    'mm',
    1,
    '2·√(A/π), of the circle with the same area',
  ],
  [
    'perimeterDerivedDiameterMm',
    'Ostium, diameter from perimeter',
    'mm',
    1,
    'P/π, of the circle with the same perimeter',
  ],
  ['areaMm2', 'Ostium, area', 'mm²', 0, 'A: area within the rim, projected on the ostium’s plane'],
  ['perimeterMm', 'Ostium, perimeter', 'mm', 1, 'P: length of the rim, projected on the ostium’s plane'],
  ['eccentricity', 'Ostium, eccentricity', '', 2, '√(1 − (D_min/D_max)²): 0 for a circle'],
];

const LANDING_ROWS: readonly (readonly [
  'maxDiameterMm' | 'minDiameterMm' | 'areaDerivedDiameterMm' | 'perimeterDerivedDiameterMm',
  string,
])[] = [
  ['maxDiameterMm', 'longest diameter'],
  ['minDiameterMm', 'shortest diameter'],
  ['areaDerivedDiameterMm', 'diameter from area'],
  ['perimeterDerivedDiameterMm', 'diameter from perimeter'],
];

function landingRows(
  { landingZones, depthMm }: ReportInput['measurements'],
  distanceMm: number,
): MeasurementRow[] {
  const zone = landingZones.find((known) => known.distanceMm === distanceMm);
  const definition = `Of the section square to the centre line, ${distanceMm} mm along it from the ostium’s centre`;
  const missing = !zone && depthMm !== null ? ` (${whyNoLandingZone(depthMm, distanceMm)})` : '';
  return LANDING_ROWS.map(([key, label]) => ({
    key: `landingZone${distanceMm}.${key}`,
    label: `Landing zone at ${distanceMm} mm, ${label}`,
    value: zone?.[key] ?? null,
    unit: 'mm',
    digits: 1,
    definition: `${definition}${missing}`,
  }));
}

/** The measurements in the order in which they are read: the ostium first, for it is what is sized. */
export function measurementRows({ measurements, report }: ReportInput): MeasurementRow[] {
  const { ostium, volumeMl, depthMm, depthToFirstBendMm, surfaceAreaMm2 } = measurements;
  return [
    ...OSTIUM_ROWS.map(([key, label, unit, digits, definition]): MeasurementRow => {
      const value = ostium?.[key];
      return { key, label, value: typeof value === 'number' ? value : null, unit, digits, definition };
    }),
    ...LANDING_DISTANCES_MM.flatMap((distanceMm) => landingRows(measurements, distanceMm)),
    {
      key: 'volumeMl',
      label: 'Volume',
      value: volumeMl,
      unit: 'mL',
      digits: 1,
      definition: 'Closed lumen distal to the ostium’s plane',
    },
    {
      key: 'depthMm',
      label: 'Depth',
      value: depthMm,
      unit: 'mm',
      digits: 1,
      definition: 'From the ostium’s centre to the tip, along the centre line',
    },
    {
      key: 'depthToFirstBendMm',
      label: 'Depth to the first bend',
      value: depthToFirstBendMm,
      unit: 'mm',
      digits: 1,
      definition: 'The same, to the centre line’s first bend',
    },
    {
      key: 'surfaceAreaMm2',
      label: 'Wall area',
      value: surfaceAreaMm2,
      unit: 'mm²',
      digits: 0,
      definition: 'Area of the open wall, without the ostium',
    },
    {
      key: 'appendageHu',
      label: 'Contrast, appendage',
      value: report.contrast.appendageHu,
      unit: 'HU',
      digits: 0,
      definition: 'Of the blood in the appendage, as first segmented',
    },
    {
      key: 'atriumHu',
      label: 'Contrast, left atrium',
      value: report.contrast.atriumHu,
      unit: 'HU',
      digits: 0,
      definition: 'Of the blood in the atrium beside the ostium, as first segmented',
    },
  ];
}

/** The value as a reader sees it. */
export const shownValue = ({ value, digits, unit }: MeasurementRow): string =>
  value === null ? 'not given' : `${value.toFixed(digits)}${unit ? ` ${unit}` : ''}`;
