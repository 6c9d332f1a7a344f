import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { type Failure, failure, includesFailure } from '#shared/failures/failure.ts';
import { type GridLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';

type Measurements = MeasuredAppendage['measurements'];

/** A rim this near the outermost voxels' middles may go on beyond them, in voxels. */
const MARGIN_VOXELS = 0.5;

const SIZES = [
  'maxDiameterMm',
  'minDiameterMm',
  'areaDerivedDiameterMm',
  'perimeterDerivedDiameterMm',
  'areaMm2',
  'perimeterMm',
  'eccentricity',
] as const;

/** Whether the ostium's rim reaches the edge of the scan, so that its sizes are those of a part. */
export function isOstiumCut({ rimLpsMm }: Pick<MeasuredAppendage, 'rimLpsMm'>, scan: GridLps): boolean {
  if (!rimLpsMm) return false;
  for (let at = 0; at < rimLpsMm.length; at += 3) {
    const point: Vec3 = [rimLpsMm[at]!, rimLpsMm[at + 1]!, rimLpsMm[at + 2]!];
    const isWithin = lpsToIjk(scan, point).every(
      (index, axis) => index > MARGIN_VOXELS && index < scan.sizeIjk[axis]! - 1 - MARGIN_VOXELS,
    );
    if (!isWithin) return true;
  }
  return false;
}

/** The surface without the sizes of an ostium that the scan cuts, and of what is measured from it, each with the reason. */
export function withholdCutOstium(appendage: MeasuredAppendage, scan: GridLps): MeasuredAppendage {
  if (!isOstiumCut(appendage, scan)) return appendage;
  return {
    ...appendage,
    measurements: withoutOstium(appendage.measurements),
    warnings: withCut(appendage.warnings),
  };
}

const CUT = failure('measure.ostium-cut');

const withCut = (warnings: readonly Failure[]): Failure[] =>
  includesFailure(warnings, CUT) ? [...warnings] : [CUT, ...warnings];

function withoutOstium(measurements: Measurements): Measurements {
  const zones = measurements.landingZones.map(({ distanceMm }) => `landingZone${distanceMm}`);
  return {
    ...measurements,
    ostium: null,
    landingZones: [],
    volumeMl: null,
    depthMm: null,
    depthToFirstBendMm: null,
    withheld: {
      ...measurements.withheld,
      ...Object.fromEntries(
        [...SIZES, ...zones, 'volumeMl', 'depthMm', 'depthToFirstBendMm'].map((name) => [name, CUT]),
      ),
    },
  };
}
