import type { DevicePlan, ProfilePoint } from '../contract/planning.ts';
import type { Measurements } from '../contract/services/measured.ts';
import { sectionAt } from './profileSection.ts';

/**
 * The landing zone that a reader set, as the others are reported; null where none was set, where it cannot be measured,
 * and where it is one of the others.
 */
export function setLandingZone(
  plan: DevicePlan | null,
  others: Measurements['landingZones'],
): Measurements['landingZones'][number] | null {
  const distanceMm = plan?.landingZoneMm ?? null;
  if (!plan || distanceMm === null || others.some((zone) => zone.distanceMm === distanceMm)) return null;
  const section = sectionAt(plan.profile, distanceMm);
  const zone = section ? zoneOf(section) : null;
  return zone && { ...zone, distanceMm };
}

/** A section as landing zones are reported; null where no size of it is given. */
export function zoneOf(section: ProfilePoint): Measurements['landingZones'][number] | null {
  const { distanceMm, centreLpsMm, normal, areaMm2, perimeterMm, maxDiameterMm, minDiameterMm } = section;
  if (!centreLpsMm || areaMm2 === null || maxDiameterMm === null || minDiameterMm === null) return null;
  const { areaDerivedDiameterMm, perimeterDerivedDiameterMm } = section;
  return {
    distanceMm,
    centreLpsMm,
    normal,
    areaMm2,
    perimeterMm,
    maxDiameterMm,
    minDiameterMm,
    areaDerivedDiameterMm,
    perimeterDerivedDiameterMm,
    // To three decimals, as the usual zones' is.
    eccentricity: Math.round(1000 * Math.sqrt(Math.max(0, 1 - (minDiameterMm / maxDiameterMm) ** 2))) / 1000,
  };
}
