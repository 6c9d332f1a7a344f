import { polylineLength } from '#shared/anatomy/centreLine.ts';
import { landingZone } from '#shared/anatomy/landingZone.ts';
import type { LumenProfile } from '#shared/contract/planning.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { sectionAt } from '#shared/planning/profileSection.ts';
import type { ShownPlan, ShownSection } from '../../viewer/types.ts';

/** What planning works on: a surface and its profile. */
export interface ProfiledSurface {
  readonly appendage: Pick<MeasuredAppendage, 'closed' | 'ostiumPlane'>;
  readonly profile: LumenProfile;
}

/** The section of the surface at a distance, with its outline and diameters where it is measured; null beyond the tip. */
export function shownSection(
  { appendage: { closed, ostiumPlane }, profile }: ProfiledSurface,
  distanceMm: number,
): ShownSection | null {
  const point = sectionAt(profile, distanceMm);
  if (!point || !ostiumPlane) return null;
  const plane = { pointLpsMm: point.pointLpsMm, normal: point.normal };
  const pointsLpsMm = profile.centreLineLpsMm;
  const line = { pointsLpsMm, depthMm: polylineLength(pointsLpsMm) };
  const zone = point.maxDiameterMm === null ? undefined : landingZone(closed, line, ostiumPlane, distanceMm);
  if (!zone) return { plane, rimLpsMm: [], diameters: [] };
  const { maxDiameter, minDiameter } = zone.measures;
  return { plane, rimLpsMm: zone.rimLpsMm, diameters: [maxDiameter, minDiameter] };
}

/** What the viewer draws of a plan. */
export const shownPlan = (
  surface: ProfiledSurface,
  sectionMm: number | null,
  landingZoneMm: number,
): ShownPlan => ({
  centreLineLpsMm: surface.profile.centreLineLpsMm,
  section: sectionMm === null ? null : shownSection(surface, sectionMm),
  landingZone: shownSection(surface, landingZoneMm),
});
