import type { CentreLine } from '#shared/anatomy/centreLine.ts';
import { LANDING_DISTANCES_MM, type LandingZone } from '#shared/anatomy/landingZone.ts';
import type { MeasuredSection } from '#shared/anatomy/sectionOutline.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { whyFlat, whyRagged, whyWiderThanOstium } from '#shared/planning/sectionPlausibility.ts';
import type { MeshQuality } from '../mesh/quality.ts';

/** What the numbers of a surface are taken from. */
export interface MeasuredShape {
  readonly volumeMl: number;
  /** Null where no ostium can be told from the wall. */
  readonly ostium:
    | (Omit<MeasuredSection, 'rimLpsMm'> & {
        readonly planeNormal: Vec3;
        /** Undefined where the lumen is too small. */
        readonly centreLine: CentreLine | undefined;
        readonly landingZones: readonly LandingZone[];
        readonly wallAreaMm2: number;
      })
    | null;
}

/** Within this length the line has to turn from 40° to 50° for its bend to have a place, mm. */
const GRADUAL_BEND_MM = 6;

/** Why a landing zone as a whole is not given; undefined where it is. */
export function whyNoLandingZone(
  distanceMm: number,
  zone: LandingZone | undefined,
  { measures, centreLine }: Pick<NonNullable<MeasuredShape['ostium']>, 'measures' | 'centreLine'>,
): Failure | undefined {
  if (!centreLine) return failure('measure.not-measurable');
  const { depthMm } = centreLine;
  if (depthMm <= distanceMm) return failure('measure.too-shallow', { depthMm, distanceMm });
  if (!zone) return failure('measure.section-through-ostium');
  return whyWiderThanOstium(zone.measures.areaDerivedDiameterMm, measures.areaDerivedDiameterMm);
}

/** Why there is no depth to the first bend; undefined where there is one. */
export function whyNoBend({ centreLine }: NonNullable<MeasuredShape['ostium']>): Failure | undefined {
  if (!centreLine) return failure('measure.not-measurable');
  const { depthToFirstBendMm, bendSpreadMm = 0 } = centreLine;
  if (depthToFirstBendMm === undefined) return failure('measure.no-bend');
  return bendSpreadMm > GRADUAL_BEND_MM
    ? failure('measure.bend-gradual', { overMm: bendSpreadMm })
    : undefined;
}

/** What a reader must know of a surface's numbers: what they leave out, and which are withheld as implausible. */
export function plausibilityWarnings(
  { ostium }: Pick<MeasuredShape, 'ostium'>,
  { genus, manifold, selfIntersections }: MeshQuality,
  isCut: boolean,
): Failure[] {
  const warnings: Failure[] = [];
  if (ostium) {
    const reason = whyRagged(ostium) ?? whyFlat(ostium);
    if (reason) warnings.push(failure('measure.ostium-doubtful', { reason }));
    if (ostium.longestSpurMm > 0) {
      warnings.push(failure('measure.ostium-spur', { lengthMm: ostium.longestSpurMm }));
    }
    if (!isCut) warnings.push(...lineWarnings(ostium));
  }
  if (manifold && genus > 0) warnings.push(failure('measure.handles', { handles: genus }));
  if (selfIntersections > 0) warnings.push(failure('measure.faces-pierce', { faces: selfIntersections }));
  return warnings;
}

/** What a reader must know of the numbers along the centre line. */
export function lineWarnings(ostium: NonNullable<MeasuredShape['ostium']>): Failure[] {
  const spurMm = ostium.centreLine?.tipSpurMm ?? 0;
  return [
    ...landingZoneWarnings(ostium),
    ...(spurMm > 0 ? [failure('measure.tip-spur', { lengthMm: spurMm })] : []),
  ];
}

function landingZoneWarnings(ostium: NonNullable<MeasuredShape['ostium']>): Failure[] {
  return LANDING_DISTANCES_MM.flatMap((distanceMm) => {
    const zone = ostium.landingZones.find((known) => known.distanceMm === distanceMm);
    if (!zone) return [];
    const reason = whyNoLandingZone(distanceMm, zone, ostium) ?? whyRagged(zone) ?? whyFlat(zone);
    const lengthMm = zone.longestSpurMm;
    return [
      ...(reason ? [failure('measure.landing-zone-doubtful', { distanceMm, reason })] : []),
      ...(lengthMm > 0 ? [failure('measure.landing-zone-spur', { distanceMm, lengthMm })] : []),
    ];
  });
}
