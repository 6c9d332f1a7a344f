import type { LumenProfile, ProfilePoint } from '../contract/planning.ts';

/** Distance of a profile's sections, mm; the depth of a landing zone is chosen in these steps. */
export const PROFILE_STEP_MM = 0.5;

/** The distance of the nearest section that a profile can have, mm; never negative. */
export const toProfileStep = (distanceMm: number): number =>
  Math.max(0, Math.round(distanceMm / PROFILE_STEP_MM) * PROFILE_STEP_MM);

/** The section of a profile at a distance from the ostium; undefined beyond the tip and where there is no profile. */
export const sectionAt = ({ points }: LumenProfile, distanceMm: number): ProfilePoint | undefined =>
  points.find((point) => Math.abs(point.distanceMm - distanceMm) <= PROFILE_STEP_MM / 2);

/** Whether a section's size is given. */
export const isMeasured = (point: ProfilePoint | undefined): boolean =>
  point !== undefined && point.maxDiameterMm !== null;
