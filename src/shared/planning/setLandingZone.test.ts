import { expect, it } from 'vitest';
import type { DevicePlan } from '../contract/planning.ts';
import { lumenProfile, measured } from '../contract/testing/values.ts';
import { sectionAt } from './profileSection.ts';
import { setLandingZone } from './setLandingZone.ts';

it('is the section at the reader’s distance, unless it is one of the usual ones or cannot be measured', () => {
  const { landingZones } = measured.measurements;
  const plan = (landingZoneMm: number | null): DevicePlan => ({
    profile: lumenProfile,
    landingZoneMm,
    devices: [],
    virtualDevice: null,
    ostiumDistances: [],
  });
  const section = sectionAt(lumenProfile, 14)!;
  const zone = setLandingZone(plan(14), landingZones)!;
  expect(zone).toMatchObject({
    distanceMm: 14,
    centreLpsMm: section.centreLpsMm,
    maxDiameterMm: section.maxDiameterMm,
    areaMm2: section.areaMm2,
  });
  // √(1 − (14.4 / 18.8)²) = 0.64287…, written as the usual zones' is.
  expect(zone.eccentricity).toBe(0.643);
  for (const distanceMm of [null, 10, 12, 3, 60])
    expect(setLandingZone(plan(distanceMm), landingZones)).toBeNull();
  expect(setLandingZone(null, landingZones)).toBeNull();
});
