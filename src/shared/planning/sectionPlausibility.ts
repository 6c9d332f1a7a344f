import type { MeasuredSection } from '../anatomy/sectionOutline.ts';
import { type Failure, failure } from '../failures/failure.ts';

/*
 * Which numbers a surface supports. A sizing parameter that is wrong without a word is worse than none: a perimeter that
 * runs in and out along a ragged rim, a section that the next lobe is part of. The limits are wide: sections of
 * appendages are ovals and beans, whose perimeter is at most a few percent longer than that of their convex hull.
 */

/** A perimeter longer than the convex hull's by more than this share follows raggedness, not the lumen. */
const MOST_PERIMETER_EXCESS = 0.08;
/** P/π is at most D_max for a convex outline; rounding and slight hollows apart. */
const MOST_OVER_MAX_DIAMETER = 0.01;
/** An ellipse three times as long as wide: P/π exceeds the diameter from its area by 23 %. */
const FLAT_SHARE = 1.25;
/** By diameters from the area. */
const WIDER_THAN_OSTIUM = 1.25;
export type SizedSection = Pick<MeasuredSection, 'measures' | 'rawPerimeterMm'>;

/** Why a section's perimeter says nothing; undefined where it does. */
export function whyRagged({ measures, rawPerimeterMm }: SizedSection): Failure | undefined {
  const excess = rawPerimeterMm / measures.convexPerimeterMm - 1;
  const mostMm = measures.maxDiameter.lengthMm * (1 + MOST_OVER_MAX_DIAMETER);
  if (excess <= MOST_PERIMETER_EXCESS && measures.perimeterDerivedDiameterMm <= mostMm) return undefined;
  return failure('measure.outline-ragged', { excessPercent: Math.max(1, Math.round(100 * excess)) });
}

/** Why no circle stands for a section; undefined where one does. */
export function whyFlat({ measures }: SizedSection): Failure | undefined {
  const isFlat = measures.perimeterDerivedDiameterMm > FLAT_SHARE * measures.areaDerivedDiameterMm;
  return isFlat ? failure('measure.section-flat', { timesAsLong: measures.eccentricityIndex }) : undefined;
}

/** Why a section is no landing zone beside its ostium, both by their area-derived diameters; undefined where it is. */
export const whyWiderThanOstium = (sectionMm: number, ostiumMm: number): Failure | undefined =>
  sectionMm > WIDER_THAN_OSTIUM * ostiumMm
    ? failure('measure.section-wider-than-ostium', { sectionMm, ostiumMm })
    : undefined;
