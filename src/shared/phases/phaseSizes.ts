import type { Measurements } from '../contract/services/measured.ts';
import type { PhaseResult } from '../contract/services/phases.ts';
import { type Failure, failure } from '../failures/failure.ts';

/** A size of the appendage that changes over the heart cycle. */
export interface PhaseSize {
  /** As tables and CSV name it. */
  readonly key: string;
  readonly label: string;
  readonly unit: 'mL' | 'mm' | 'mm²';
  readonly digits: number;
  readonly of: (measurements: Measurements) => number | null;
  /** The names under which `withheld` may hold its reason, the most exact first. */
  readonly reasons: readonly string[];
}

/** The landing zone whose curve is drawn, mm beyond the ostium. */
export const CURVE_LANDING_ZONE_MM = 10;

const DIAMETERS = [
  ['maxDiameterMm', 'maximum diameter'],
  ['minDiameterMm', 'minimum diameter'],
  ['areaDerivedDiameterMm', 'area-derived diameter'],
  ['perimeterDerivedDiameterMm', 'perimeter-derived diameter'],
] as const;

const ostiumSize = (
  key: 'areaMm2' | 'perimeterMm' | (typeof DIAMETERS)[number][0],
  label: string,
  unit: 'mm' | 'mm²',
): PhaseSize => ({
  key: `ostium.${key}`,
  label: `Ostium, ${label}`,
  unit,
  digits: unit === 'mm²' ? 0 : 1,
  of: ({ ostium }) => ostium?.[key] ?? null,
  reasons: [key, 'areaMm2'],
});

const zoneSize = (distanceMm: number, [key, label]: (typeof DIAMETERS)[number]): PhaseSize => ({
  key: `landingZone${distanceMm}.${key}`,
  label: `Landing zone at ${distanceMm} mm, ${label}`,
  unit: 'mm',
  digits: 1,
  of: ({ landingZones }) => landingZones.find((zone) => zone.distanceMm === distanceMm)?.[key] ?? null,
  reasons: [`landingZone${distanceMm}.${key}`, `landingZone${distanceMm}`],
});

export const VOLUME: PhaseSize = {
  key: 'volumeMl',
  label: 'Volume',
  unit: 'mL',
  digits: 1,
  of: ({ volumeMl }) => volumeMl,
  reasons: ['volumeMl'],
};

export const OSTIUM_AREA = ostiumSize('areaMm2', 'area', 'mm²');

/** All of them, in the order of tables. */
export const PHASE_SIZES: readonly PhaseSize[] = [
  VOLUME,
  OSTIUM_AREA,
  ostiumSize('perimeterMm', 'perimeter', 'mm'),
  ...DIAMETERS.map(([key, label]) => ostiumSize(key, label, 'mm')),
  ...[CURVE_LANDING_ZONE_MM, 12].flatMap((mm) => DIAMETERS.map((diameter) => zoneSize(mm, diameter))),
  {
    key: 'depthMm',
    label: 'Depth',
    unit: 'mm',
    digits: 1,
    of: ({ depthMm }) => depthMm,
    reasons: ['depthMm'],
  },
];

export const phaseSize = (key: string): PhaseSize => {
  const found = PHASE_SIZES.find((size) => size.key === key);
  if (found === undefined) throw new RangeError(`No size is called ${key}.`);
  return found;
};

/** The size in a phase; null where it is not given. */
export const sizeIn = ({ measurements }: PhaseResult, size: PhaseSize): number | null =>
  measurements && size.of(measurements);

/** Why a phase does not give a size; null where it does. */
export function whyNoSize(result: PhaseResult, size: PhaseSize): Failure | null {
  if (sizeIn(result, size) !== null) return null;
  if (result.refusal) return result.refusal;
  const withheld = result.measurements?.withheld ?? {};
  const known = size.reasons.map((name) => withheld[name]).find((reason) => reason !== undefined);
  return known ?? failure('measure.not-measurable');
}
