import type { LumenProfile } from '#shared/contract/planning.ts';
import { distance, type Vec3 } from '#shared/geometry/vec3.ts';
import type { MarkedPoint } from '../../viewer/types.ts';
import type { PlanningState } from './planningState.ts';

/** The landing zone's handle among the points that the viewer draws. */
export const ZONE_HANDLE = 'landingZone';

/** The landing zone's handle: where its section meets the centre line; none where no zone is shown. */
export function zoneHandle({ shown }: Pick<PlanningState, 'shown'>): MarkedPoint[] {
  const plane = shown?.landingZone?.plane;
  return plane ? [{ id: ZONE_HANDLE, pointLpsMm: plane.pointLpsMm, label: '', kind: 'zone', plane }] : [];
}

/** How far along the centre line the place lies that is nearest to a point, mm; undefined where there is no line. */
export function alongLineMm({ points }: LumenProfile, pointLpsMm: Vec3): number | undefined {
  let nearest: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const place of points) {
    const away = distance(place.pointLpsMm, pointLpsMm);
    if (away >= least) continue;
    least = away;
    nearest = place.distanceMm;
  }
  return nearest;
}
