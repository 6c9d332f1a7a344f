import { angleBetweenDegrees, distance } from '../geometry/vec3.ts';
import type { ComparedMeasures } from './services/comparison.ts';

/** A number of two results and what it differs by. */
export interface MeasureDifference {
  /** As `report.json` names it: `volumeMl`, `ostium.areaMm2`, `landingZone10.maxDiameterMm`. */
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly digits: number;
  /** Null where it is withheld or cannot be had. */
  readonly first: number | null;
  readonly second: number | null;
  /** First minus second; null where one is missing. */
  readonly difference: number | null;
}

type Section = NonNullable<ComparedMeasures['ostium']>;

const WHOLE = [
  ['volumeMl', 'Volume', 'mL', 2],
  ['depthMm', 'Depth', 'mm', 1],
  ['depthToFirstBendMm', 'Depth to first bend', 'mm', 1],
  ['surfaceAreaMm2', 'Wall area', 'mm²', 0],
] as const;

const SECTION = [
  ['areaMm2', 'area', 'mm²', 0],
  ['perimeterMm', 'perimeter', 'mm', 1],
  ['maxDiameterMm', 'maximum diameter', 'mm', 1],
  ['minDiameterMm', 'minimum diameter', 'mm', 1],
  ['areaDerivedDiameterMm', 'area-derived diameter', 'mm', 1],
  ['perimeterDerivedDiameterMm', 'perimeter-derived diameter', 'mm', 1],
  ['eccentricity', 'eccentricity', '', 2],
] as const;

/** Every measure that one of two results has, and its difference. */
export function measureDifferences(first: ComparedMeasures, second: ComparedMeasures): MeasureDifference[] {
  const row = (
    key: string,
    label: string,
    unit: string,
    digits: number,
    [a, b]: readonly [number | null, number | null],
  ): MeasureDifference => ({
    key,
    label,
    unit,
    digits,
    first: a,
    second: b,
    difference: a === null || b === null ? null : a - b,
  });
  const ofSection = (key: string, label: string, a: Section | null, b: Section | null): MeasureDifference[] =>
    SECTION.map(([part, words, unit, digits]) =>
      row(`${key}.${part}`, `${label} ${words}`, unit, digits, [a?.[part] ?? null, b?.[part] ?? null]),
    );
  const zones = [...new Set([...first.landingZones, ...second.landingZones].map((zone) => zone.distanceMm))];
  const zoneAt = (measures: ComparedMeasures, distanceMm: number): Section | null =>
    measures.landingZones.find((zone) => zone.distanceMm === distanceMm) ?? null;
  return [
    ...WHOLE.map(([key, label, unit, digits]) => row(key, label, unit, digits, [first[key], second[key]])),
    ...ofSection('ostium', 'Ostium', first.ostium, second.ostium),
    ...zones.flatMap((distanceMm) =>
      ofSection(
        `landingZone${distanceMm}`,
        `Landing zone ${distanceMm} mm`,
        zoneAt(first, distanceMm),
        zoneAt(second, distanceMm),
      ),
    ),
  ].filter((one) => one.first !== null || one.second !== null);
}

/** How far apart two ostia are: of their centres, mm, and of their planes, degrees; null where one is missing. */
export function ostiumShift(
  first: ComparedMeasures,
  second: ComparedMeasures,
): { readonly centresMm: number; readonly planesDegrees: number } | null {
  const [a, b] = [first.ostium, second.ostium];
  if (a === null || b === null) return null;
  return {
    centresMm: distance(a.centreLpsMm, b.centreLpsMm),
    planesDegrees: angleBetweenDegrees(a.normal, b.normal),
  };
}
