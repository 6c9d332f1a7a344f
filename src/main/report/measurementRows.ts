import { LANDING_DISTANCES_MM } from '#shared/anatomy/landingZone.ts';
import type { LumenProfile } from '#shared/contract/planning.ts';
import { type FillingReport, givenFilling } from '#shared/contract/report.ts';
import { failure } from '#shared/failures/failure.ts';
import { sectionAt } from '#shared/planning/profileSection.ts';
import { words } from '#shared/words/words.ts';
import { type OstiumBeyond, ostiumBeyond } from './ostiumBeyond.ts';
import type { ReportInput } from './reportInput.ts';

/** One number of a result, with what it means. */
export interface MeasurementRow {
  /** Stable, for programs that read the CSV. */
  readonly key: string;
  readonly label: string;
  /** Null where it is withheld or cannot be measured. */
  readonly value: number | null;
  readonly unit: string;
  /** Digits after the point that are shown to a reader; files for programs have three. */
  readonly digits: number;
  readonly definition: string;
  /** Why the value is null, as a part of a sentence; '' where it is there or nothing more is known. */
  readonly withheld: string;
}

type Ostium = NonNullable<ReportInput['measurements']['ostium']>;

const OSTIUM_ROWS: readonly (readonly [keyof Ostium & string, string, string, number, string])[] = [
  [
    'maxDiameterMm',
    'Ostium, maximum diameter',
    'mm',
    1,
    'D_max: largest distance between two points of the rim, in the ostium’s plane',
  ],
  [
    'minDiameterMm',
    'Ostium, minimum diameter',
    'mm',
    1,
    'D_min: smallest distance between two parallel lines that enclose the rim (minimum Feret diameter)',
  ],
  [
    'areaDerivedDiameterMm',
    'Ostium, area-derived diameter',
    'mm',
    1,
    '2·√(A/π): diameter of the circle of equal area',
  ],
  [
    'perimeterDerivedDiameterMm',
    'Ostium, perimeter-derived diameter',
    'mm',
    1,
    'P/π: diameter of the circle of equal perimeter',
  ],
  ['areaMm2', 'Ostium, area', 'mm²', 0, 'A: area within the rim, projected on the ostium’s plane'],
  [
    'perimeterMm',
    'Ostium, perimeter',
    'mm',
    1,
    'P: length of the rim, projected on the ostium’s plane and smoothed over 1 mm',
  ],
  ['eccentricity', 'Ostium, eccentricity', '', 2, '√(1 − (D_min/D_max)²): 0 for a circle'],
];

const LANDING_ROWS = [
  ['maxDiameterMm', 'maximum diameter', 'mm', 1],
  ['minDiameterMm', 'minimum diameter', 'mm', 1],
  ['areaDerivedDiameterMm', 'area-derived diameter', 'mm', 1],
  ['perimeterDerivedDiameterMm', 'perimeter-derived diameter', 'mm', 1],
  ['areaMm2', 'area', 'mm²', 0],
  ['perimeterMm', 'perimeter', 'mm', 1],
] as const;

/** Why a number is null: its own reason, or that of what it belongs to. */
function withheldReason({ withheld }: ReportInput['measurements'], ...names: readonly string[]): string {
  const reason = names.map((name) => withheld[name]).find((known) => known !== undefined);
  return reason ? words().clause(reason) : '';
}

function landingRows(measurements: ReportInput['measurements'], distanceMm: number): MeasurementRow[] {
  const zone = measurements.landingZones.find((known) => known.distanceMm === distanceMm);
  const name = `landingZone${distanceMm}`;
  return LANDING_ROWS.map(([key, label, unit, digits]) => {
    const value = zone?.[key] ?? null;
    return {
      key: `${name}.${key}`,
      label: `Landing zone at ${distanceMm} mm, ${label}`,
      value,
      unit,
      digits,
      definition: `Of the section perpendicular to the centre line, ${distanceMm} mm along it from the ostium’s centre`,
      withheld: value === null ? withheldReason(measurements, `${name}.${key}`, name) : '',
    };
  });
}

/** The landing zone that a reader set, among the sections along the centre line. */
function setLandingRows(profile: LumenProfile, distanceMm: number): MeasurementRow[] {
  const section = sectionAt(profile, distanceMm);
  const beyond = failure('measure.too-shallow', {
    depthMm: profile.points.at(-1)?.distanceMm ?? 0,
    distanceMm,
  });
  return LANDING_ROWS.map(([key, label, unit, digits]) => {
    const value = section?.[key] ?? null;
    const why = section ? (section.withheld[key] ?? section.withheld.section) : (profile.withheld ?? beyond);
    return {
      key: `landingZoneSet.${key}`,
      label: `Landing zone at ${distanceMm} mm, set by the reader, ${label}`,
      value,
      unit,
      digits,
      definition: `Of the section perpendicular to the centre line, ${distanceMm} mm along it from the ostium’s centre`,
      withheld: value === null && why ? words().clause(why) : '',
    };
  });
}

const LANDMARK_ROWS = [
  ['apartMm', 'Left upper ridge to circumflex artery', 'Between the landmarks that the reader set'],
  [
    'ridgeFromPlaneMm',
    'Left upper ridge, from the ostium’s plane',
    'The reader’s landmark; distal positive, 0 where the plane goes through it',
  ],
  [
    'circumflexFromPlaneMm',
    'Circumflex artery, from the ostium’s plane',
    'The reader’s landmark; distal positive, 0 where the plane goes through it',
  ],
] as const;

/** The landmarks that a reader set, as far as there are any. */
const landmarkRows = (landmarks: ReportInput['landmarks']): Omit<MeasurementRow, 'withheld'>[] =>
  LANDMARK_ROWS.flatMap(([key, label, definition]) => {
    const value = landmarks[key];
    return value === null
      ? []
      : [
          {
            key: `landmarks.${key}`,
            label,
            value: withoutMinusZero(value),
            unit: 'mm',
            digits: 1,
            definition,
          },
        ];
  });

/** A height of −0.00001 mm reads as 0.0, not as −0.0. */
const withoutMinusZero = (value: number): number => Math.round(1000 * value) / 1000 + 0;

/** The two compartments of an appendage that contrast does not fill; none of one that it fills. */
function fillingRows(filling: FillingReport | null): Omit<MeasurementRow, 'withheld'>[] {
  if (!filling) return [];
  const row = (
    key: keyof typeof filling,
    label: string,
    unit: string,
    definition: string,
  ): Omit<MeasurementRow, 'withheld'> => ({
    key: `filling.${key}`,
    label,
    value: filling[key],
    unit,
    digits: unit === 'HU' ? 0 : 1,
    definition: `${definition}, as first segmented`,
  });
  return [
    row('filledMl', 'Filled part, volume', 'mL', 'What contrast fills of the closed lumen'),
    row('unfilledMl', 'Unfilled part, volume', 'mL', 'What contrast does not fill: thrombus or slow flow'),
    row(
      'uncertaintyMl',
      'Unfilled part, uncertainty',
      'mL',
      'How far noise moves the border of the two parts',
    ),
    row('filledHu', 'Filled part, contrast', 'HU', 'Median away from the wall'),
    row('unfilledHu', 'Unfilled part, contrast', 'HU', 'Median away from the wall'),
    row(
      'fromDepthMm',
      'Unfilled part, from',
      'mm',
      'Where it begins along the centre line, from the ostium’s centre',
    ),
    row('toDepthMm', 'Unfilled part, to', 'mm', 'Where it ends along the centre line'),
  ];
}

/** Where a reader moved the ostium beyond the one that was found. */
const beyondRows = (beyond: OstiumBeyond | null): Omit<MeasurementRow, 'withheld'>[] =>
  beyond === null
    ? []
    : [
        {
          key: 'ostiumBeyondFoundMm',
          label: 'Ostium, beyond the one that was found',
          value: beyond.mm,
          unit: 'mm',
          digits: 1,
          definition:
            'Moved by the reader towards the atrium: from the middle of the ostium that was found, perpendicular to the plane',
        },
        {
          key: 'ostiumOnNoWallPercent',
          label: 'Ostium, outline on no wall',
          value: 100 * beyond.openShare,
          unit: '%',
          digits: 0,
          definition:
            'Share of the outline that lies in the open atrium, where a funnel of 45° from the ostium that was found bounds it',
        },
      ];

/** The measurements in the order in which they are read: the ostium first, for it is what is sized. */
export function measurementRows(input: ReportInput): MeasurementRow[] {
  const { measurements, report, plan, landmarks, warnings } = input;
  const { ostium, volumeMl, depthMm, depthToFirstBendMm, surfaceAreaMm2 } = measurements;
  const rows: Omit<MeasurementRow, 'withheld'>[] = [
    ...OSTIUM_ROWS.map(([key, label, unit, digits, definition]) => {
      const value = ostium?.[key];
      return { key, label, value: typeof value === 'number' ? value : null, unit, digits, definition };
    }),
    ...beyondRows(ostiumBeyond(warnings)),
    ...landmarkRows(landmarks),
    ...LANDING_DISTANCES_MM.flatMap((distanceMm) => landingRows(measurements, distanceMm)),
    ...(plan?.landingZoneMm ? setLandingRows(plan.profile, plan.landingZoneMm) : []),
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
      label: 'Depth to first bend',
      value: depthToFirstBendMm,
      unit: 'mm',
      digits: 1,
      definition: 'The same, to the centre line’s first bend of more than 45°',
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
  rows.push(...fillingRows(givenFilling(report, measurements)));
  return rows.map((row) => ({
    withheld: row.value === null ? withheldReason(measurements, row.key) : '',
    ...row,
  }));
}

/** The value as a reader sees it. */
export const shownValue = ({ value, digits, unit, withheld }: MeasurementRow): string =>
  value === null
    ? `withheld${withheld ? `: ${withheld}` : ''}`
    : `${value.toFixed(digits)}${unit ? ` ${unit}` : ''}`;
