import type { CentreLine } from '#shared/anatomy/centreLine.ts';
import { LANDING_DISTANCES_MM, landingZones } from '#shared/anatomy/landingZone.ts';
import type { PlaneLps } from '#shared/anatomy/plane.ts';
import type { MeasuredSection } from '#shared/anatomy/sectionOutline.ts';
import type { MeasuredAppendage, Measurements } from '#shared/contract/services/measured.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { lineWarnings, measurementsOf } from '../meshing/index.ts';

/** Numbers and warnings in which those that follow the centre line are by the reader's. */
export type CorrectedNumbers = Pick<MeasuredAppendage, 'measurements' | 'warnings'>;

type Measured = CorrectedNumbers & { readonly closed: TriangleMesh };

/** Warnings that follow the centre line. */
const OF_THE_LINE: readonly string[] = [
  'measure.landing-zone-doubtful',
  'measure.landing-zone-spur',
  'measure.tip-spur',
];

const ofTheLine = (name: string): boolean => name.startsWith('landingZone') || name.startsWith('depth');

const others = (withheld: Measurements['withheld']): Measurements['withheld'] =>
  Object.fromEntries(Object.entries(withheld).filter(([name]) => !ofTheLine(name)));

const otherWarnings = (warnings: readonly Failure[]): Failure[] =>
  warnings.filter(({ code }) => !OF_THE_LINE.includes(code));

/** The numbers with depth and landing zones along a corrected line. */
export function correctedNumbers(
  { closed, measurements, warnings }: Measured,
  line: CentreLine,
  ostium: MeasuredSection,
  plane: PlaneLps,
): CorrectedNumbers {
  const shape = {
    // Not the line's: the surface's own are kept below.
    volumeMl: 0,
    ostium: {
      ...ostium,
      planeNormal: plane.normal,
      centreLine: line,
      landingZones: landingZones(closed, line, plane),
      wallAreaMm2: 0,
    },
  };
  const along = measurementsOf(shape, undefined);
  const { landingZones: zones, depthMm, depthToFirstBendMm, withheld } = along;
  const reasons = Object.entries(withheld).filter(([name]) => ofTheLine(name));
  return {
    measurements: {
      ...measurements,
      landingZones: zones,
      depthMm,
      depthToFirstBendMm,
      withheld: { ...others(measurements.withheld), ...Object.fromEntries(reasons) },
    },
    warnings: [failure('planning.line-corrected'), ...otherWarnings(warnings), ...lineWarnings(shape.ostium)],
  };
}

/** The numbers where the corrected line cannot be followed. */
export function withoutLine({ measurements, warnings }: CorrectedNumbers, why: Failure): CorrectedNumbers {
  const names = [
    'depthMm',
    'depthToFirstBendMm',
    ...LANDING_DISTANCES_MM.map((distanceMm) => `landingZone${distanceMm}`),
  ];
  return {
    measurements: {
      ...measurements,
      landingZones: [],
      depthMm: null,
      depthToFirstBendMm: null,
      withheld: { ...others(measurements.withheld), ...Object.fromEntries(names.map((name) => [name, why])) },
    },
    warnings: [why, ...otherWarnings(warnings)],
  };
}
