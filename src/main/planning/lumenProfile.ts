import { type CentreLine, centreLine } from '#shared/anatomy/centreLine.ts';
import { correctedLine, describeCorrected, outsideLumen } from '#shared/anatomy/correctedLine.ts';
import { type LandingZone, landingZone, sectionPlane } from '#shared/anatomy/landingZone.ts';
import { type MeasuredSection, measureSection } from '#shared/anatomy/sectionOutline.ts';
import { alongCurveMm } from '#shared/anatomy/throughPoints.ts';
import type { LumenProfile, ProfilePoint } from '#shared/contract/planning.ts';
import { NO_MARKS, type ReaderMarks } from '#shared/contract/readerMarks.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { throwIfCancelled } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { PROFILE_STEP_MM } from '#shared/planning/profileSection.ts';
import { NO_SIZES, sectionSizes, withheldAsWide } from '#shared/planning/sectionSizes.ts';
import { roundVec, whyNoLandingZone } from '../meshing/index.ts';
import { type CorrectedNumbers, correctedNumbers, withoutLine } from './correctedNumbers.ts';

/** A surface with its ostium; `measurements` say what its numbers are withheld for. */
export type ProfiledSurface = Pick<MeasuredAppendage, 'ostiumPlane' | 'rimLpsMm'> & {
  readonly closed: TriangleMesh;
  readonly measurements: Pick<MeasuredAppendage['measurements'], 'depthMm' | 'withheld'>;
};

/**
 * The sections of the lumen perpendicular to its centre line, from the ostium to the tip, half a millimetre apart, each
 * measured and withheld as a landing zone is. Where the depth is withheld (the scan cuts the appendage, say) there is no
 * profile, and the reason is that of the depth.
 * @throws CancelledError
 */
export const lumenProfile = (surface: ProfiledSurface, signal?: AbortSignal): LumenProfile =>
  profileAlong(surface, NO_MARKS, signal).profile;

/** Sizes along a centre line that a reader may have corrected, and the numbers that follow it. */
export interface MeasuredAlongLine {
  readonly profile: LumenProfile;
  /** Null where nothing was corrected: the surface's own numbers hold. */
  readonly corrected: CorrectedNumbers | null;
}

/**
 * The profile by what a reader corrected, with depth and landing zones that follow it. Where the corrected line leaves
 * the lumen they are withheld, and the reason says where.
 */
export function measureAlongLine(
  surface: ProfiledSurface & Pick<MeasuredAppendage, 'measurements' | 'warnings'>,
  marks: ReaderMarks,
  signal?: AbortSignal,
): MeasuredAlongLine {
  const { profile, line, ostium, leaves } = profileAlong(surface, marks, signal);
  if (leaves) return { profile, corrected: withoutLine(surface, leaves) };
  if (!line || !ostium || !profile.computedLineLpsMm || !surface.ostiumPlane)
    return { profile, corrected: null };
  return { profile, corrected: correctedNumbers(surface, line, ostium, surface.ostiumPlane) };
}

export interface AlongLine {
  readonly profile: LumenProfile;
  readonly line?: CentreLine;
  readonly ostium?: MeasuredSection;
  /** Where the corrected line leaves the lumen. */
  readonly leaves?: Failure;
}

/** @param knownLine the computed line, where it is known already */
export function profileAlong(
  surface: ProfiledSurface,
  marks: ReaderMarks,
  signal?: AbortSignal,
  knownLine?: CentreLine,
): AlongLine {
  const { closed, ostiumPlane, rimLpsMm, measurements } = surface;
  const none = (withheld: Failure): AlongLine => ({
    profile: { centreLineLpsMm: [], computedLineLpsMm: null, points: [], withheld },
  });
  const { depthMm: whyNoDepth } = measurements.withheld;
  if (!ostiumPlane || !rimLpsMm) return none(whyNoDepth ?? failure('measure.no-ostium'));
  if (measurements.depthMm === null) return none(whyNoDepth ?? failure('measure.not-measurable'));
  const measured = surfaceLine(surface, knownLine);
  if (!measured) return none(failure('measure.not-measurable'));
  const { line: computed, ostium } = measured;
  const correction = correctedLine(computed.pointsLpsMm, marks.centreLine, ostiumPlane);
  const line = describeCorrected(computed, correction);
  const lines = {
    centreLineLpsMm: line.pointsLpsMm.map(roundVec),
    computedLineLpsMm: correction.isCorrected ? computed.pointsLpsMm.map(roundVec) : null,
  };
  const outside = outsideLumen(closed, correction);
  if (outside) {
    const distanceMm = alongCurveMm(correction.pointsLpsMm, outside);
    const leaves = failure('planning.line-leaves-lumen', { distanceMm });
    return { profile: { ...lines, points: [], withheld: leaves }, leaves };
  }
  const points: ProfilePoint[] = [];
  for (let step = 0; step * PROFILE_STEP_MM < line.depthMm; step++) {
    throwIfCancelled(signal);
    const distanceMm = step * PROFILE_STEP_MM;
    const zone = landingZone(closed, line, ostiumPlane, distanceMm);
    points.push(profilePoint(distanceMm, zone, ostium, line));
  }
  return { profile: { ...lines, points, withheld: null }, line, ostium };
}

/** The centre line of a surface, and its ostium's section; undefined without an ostium and where the lumen holds no line. */
export function surfaceLine(
  { closed, ostiumPlane, rimLpsMm }: Pick<ProfiledSurface, 'closed' | 'ostiumPlane' | 'rimLpsMm'>,
  knownLine?: CentreLine,
): { readonly line: CentreLine; readonly ostium: MeasuredSection } | undefined {
  if (!ostiumPlane || !rimLpsMm) return undefined;
  const ostium = measureSection(pointsOf(rimLpsMm), ostiumPlane);
  const line = knownLine ?? centreLine(closed, ostium.measures.centreLpsMm, ostiumPlane);
  return line && { line, ostium };
}

function profilePoint(
  distanceMm: number,
  zone: LandingZone | undefined,
  ostium: MeasuredSection,
  line: CentreLine,
): ProfilePoint {
  const { pointLpsMm, normal } = zone?.plane ?? sectionPlane(line, distanceMm);
  const place = { distanceMm, pointLpsMm: roundVec(pointLpsMm), normal: unitVec(normal) };
  const why = whyNoLandingZone(distanceMm, zone, { measures: ostium.measures, centreLine: line });
  const isWide = why?.code === 'measure.section-wider-than-ostium';
  if (!zone || (why && !isWide)) return { ...place, ...NO_SIZES, withheld: why ? { section: why } : {} };
  const { sizes, withheld } = sectionSizes(zone);
  const point = { ...place, centreLpsMm: roundVec(zone.measures.centreLpsMm), ...sizes, withheld };
  return why ? withheldAsWide(point, why) : point;
}

/** More digits than of sizes: 30 mm away a thousandth would be 0.03 mm. */
const unitVec = ([x, y, z]: Vec3): [number, number, number] => {
  const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
  return [rounded(x), rounded(y), rounded(z)];
};

const pointsOf = (flat: Float32Array): Vec3[] =>
  Array.from(
    { length: flat.length / 3 },
    (_, at): Vec3 => [flat[3 * at]!, flat[3 * at + 1]!, flat[3 * at + 2]!],
  );
