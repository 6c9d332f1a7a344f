import { polylineLength } from '#shared/anatomy/centreLine.ts';
import { landingZone } from '#shared/anatomy/landingZone.ts';
import { type MeasuredSection, measureSection } from '#shared/anatomy/sectionOutline.ts';
import type { LumenProfile } from '#shared/contract/planning.ts';
import type { OutlinePlace, ReaderOutline } from '#shared/contract/readerMarks.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { sectionAt } from '#shared/planning/profileSection.ts';
import { measureOutline, usedOutline } from '#shared/planning/readerOutline.ts';
import type { ShownPlan, ShownSection } from '../../viewer/types.ts';

/** What planning works on: a surface and its profile. */
export interface ProfiledSurface {
  readonly appendage: Pick<MeasuredAppendage, 'closed' | 'ostiumPlane' | 'rimLpsMm'>;
  readonly profile: LumenProfile;
}

/**
 * A section of the surface, by a reader's outline where there is one, with its diameters where it is measured; null beyond
 * the tip.
 */
export function outlinedSection(
  surface: ProfiledSurface,
  at: OutlinePlace,
  outlines: readonly ReaderOutline[],
): ShownSection | null {
  const known = at === 'ostium' ? ostiumSection(surface) : sectionOfLine(surface, at);
  if (!known) return null;
  const outline = usedOutline(outlines, at, known.plane);
  if (!outline) return shown(known.plane, known.measure(), false);
  return { ...shown(known.plane, measureOutline(outline), true), rimLpsMm: outline.outlineLpsMm };
}

/** A section's plane, and what measures the surface in it. */
interface SectionOfSurface {
  readonly plane: OstiumPlane;
  measure(): MeasuredSection | undefined;
}

function sectionOfLine(
  { appendage: { closed, ostiumPlane }, profile }: ProfiledSurface,
  distanceMm: number,
): SectionOfSurface | null {
  const point = sectionAt(profile, distanceMm);
  if (!point || !ostiumPlane) return null;
  const pointsLpsMm = profile.centreLineLpsMm;
  const line = { pointsLpsMm, depthMm: polylineLength(pointsLpsMm) };
  return {
    plane: { pointLpsMm: point.pointLpsMm, normal: point.normal },
    measure: () =>
      point.maxDiameterMm === null ? undefined : landingZone(closed, line, ostiumPlane, distanceMm),
  };
}

function ostiumSection({
  appendage: { ostiumPlane, rimLpsMm: rim },
}: ProfiledSurface): SectionOfSurface | null {
  if (!ostiumPlane || !rim || rim.length < 9) return null;
  const points = Array.from(
    { length: rim.length / 3 },
    (_, at): Vec3 => [rim[3 * at]!, rim[3 * at + 1]!, rim[3 * at + 2]!],
  );
  return { plane: ostiumPlane, measure: () => measureSection(points, ostiumPlane) };
}

function shown(plane: OstiumPlane, section: MeasuredSection | undefined, isCorrected: boolean): ShownSection {
  if (!section) return { plane, rimLpsMm: [], diameters: [], isCorrected };
  const { maxDiameter, minDiameter } = section.measures;
  return { plane, rimLpsMm: section.rimLpsMm, diameters: [maxDiameter, minDiameter], isCorrected };
}

/** What the viewer draws of a plan. The ostium only where a reader corrected its outline: else its rim is drawn. */
export function shownPlan(
  surface: ProfiledSurface,
  sectionMm: number | null,
  landingZoneMm: number,
  outlines: readonly ReaderOutline[],
): ShownPlan {
  const ostium = outlinedSection(surface, 'ostium', outlines);
  return {
    centreLineLpsMm: surface.profile.centreLineLpsMm,
    section: sectionMm === null ? null : outlinedSection(surface, sectionMm, outlines),
    landingZone: outlinedSection(surface, landingZoneMm, outlines),
    ostium: ostium?.isCorrected ? ostium : null,
    edited: null,
  };
}
