import type { Failure } from '../failures/failure.ts';
import type { Measurements } from './services/measured.ts';

/** All numbers of a surface, by the names that tables give them. */
const NAMES: readonly string[] = [
  'maxDiameterMm',
  'minDiameterMm',
  'areaDerivedDiameterMm',
  'perimeterDerivedDiameterMm',
  'areaMm2',
  'perimeterMm',
  'eccentricity',
  'landingZone10',
  'landingZone12',
  'volumeMl',
  'depthMm',
  'depthToFirstBendMm',
  'surfaceAreaMm2',
];

/** Measurements of which no number is given, all for one reason; as they are where there is none. */
export function withholdAll(measurements: Measurements, reason: Failure | null | undefined): Measurements {
  if (!reason) return measurements;
  return {
    ostium: null,
    landingZones: [],
    volumeMl: null,
    depthMm: null,
    depthToFirstBendMm: null,
    surfaceAreaMm2: null,
    withheld: Object.fromEntries(NAMES.map((name) => [name, reason])),
  };
}
