import type { MeasuredSection } from '../anatomy/sectionOutline.ts';
import type { ProfilePoint } from '../contract/planning.ts';
import type { LumenSection } from '../contract/report.ts';
import type { Measurements } from '../contract/services/measured.ts';
import type { Failure } from '../failures/failure.ts';
import { whyFlat, whyRagged } from './sectionPlausibility.ts';

/** The sizes of a section as they are reported, mm and mm². */
export type SectionSizes = Omit<LumenSection, 'centreLpsMm' | 'normal' | 'eccentricity'>;

/** A thousandth: more would pretend a precision that nobody has. */
const round = (value: number): number => Math.round(value * 1000) / 1000;

/** The sizes of a section as they are reported; those that its outline does not support are null, with the reason. */
export function sectionSizes(section: MeasuredSection): {
  readonly sizes: SectionSizes;
  readonly withheld: Measurements['withheld'];
} {
  const { measures } = section;
  const ragged = whyRagged(section);
  const flat = ragged ? undefined : whyFlat(section);
  const why = ragged ?? flat;
  return {
    sizes: {
      areaMm2: round(measures.areaMm2),
      perimeterMm: ragged ? null : round(measures.perimeterMm),
      maxDiameterMm: round(measures.maxDiameter.lengthMm),
      minDiameterMm: round(measures.minDiameter.lengthMm),
      areaDerivedDiameterMm: flat ? null : round(measures.areaDerivedDiameterMm),
      perimeterDerivedDiameterMm: why ? null : round(measures.perimeterDerivedDiameterMm),
    },
    withheld: {
      ...(ragged ? { perimeterMm: ragged } : {}),
      ...(flat ? { areaDerivedDiameterMm: flat } : {}),
      ...(why ? { perimeterDerivedDiameterMm: why } : {}),
    },
  };
}

/** A section of which no size is given. */
export const NO_SIZES = {
  centreLpsMm: null,
  areaMm2: null,
  perimeterMm: null,
  maxDiameterMm: null,
  minDiameterMm: null,
  areaDerivedDiameterMm: null,
  perimeterDerivedDiameterMm: null,
} as const;

/**
 * A section of which no size is given because it is wider than its ostium. It keeps its sizes, for another outline of the
 * ostium may show that it is not.
 */
export function withheldAsWide(point: ProfilePoint, why: Failure): ProfilePoint {
  const { distanceMm, pointLpsMm, normal, isCorrected, widerThanOstium: _, ...sizes } = point;
  const place = { distanceMm, pointLpsMm, normal, ...(isCorrected ? { isCorrected } : {}) };
  return { ...place, ...NO_SIZES, withheld: { section: why }, widerThanOstium: sizes };
}

/** A section with its sizes, whatever its ostium is. */
export function besideAnyOstium({ widerThanOstium, ...point }: ProfilePoint): ProfilePoint {
  return { ...point, ...widerThanOstium };
}
