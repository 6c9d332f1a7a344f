import { expect, it } from 'vitest';
import { lumenProfile } from '#shared/contract/testing/values.ts';

import { alongLineMm, ZONE_HANDLE, zoneHandle } from './zoneHandle.ts';

const [first] = lumenProfile.points;
/** A line that turns back: up along z, then down beside it. */
const places: [number, number, number][] = [
  [0, 0, 0],
  [0, 0, 5],
  [0, 4, 5],
  [0, 4, 1],
];
const profile = {
  ...lumenProfile,
  points: places.map((pointLpsMm, at) => ({ ...first!, pointLpsMm, distanceMm: 5 * at })),
};

it('a point lies where the line is nearest to it', () => {
  expect(alongLineMm(profile, [9, 0, 4])).toBe(5);
  expect(alongLineMm(profile, [-3, 3, 0])).toBe(15);
  expect(alongLineMm({ ...profile, points: [] }, [0, 0, 0])).toBeUndefined();
});

it('the landing zone has its handle on the centre line, while one is shown', () => {
  const plane = { pointLpsMm: [0, 0, 5] as const, normal: [0, 0, 1] as const };
  const landingZone = { plane, rimLpsMm: [], diameters: [], isCorrected: false };
  const shown = { centreLineLpsMm: [], section: null, landingZone, ostium: null, edited: null };
  expect(zoneHandle({ shown })).toEqual([
    { id: ZONE_HANDLE, pointLpsMm: [0, 0, 5], label: '', kind: 'zone', plane },
  ]);
  expect(zoneHandle({ shown: { ...shown, landingZone: null } })).toEqual([]);
  expect(zoneHandle({ shown: null })).toEqual([]);
});
