import type { LumenProfile } from '../contract/planning.ts';
import { type Failure, failure } from '../failures/failure.ts';
import { isMeasured, sectionAt } from './profileSection.ts';

/**
 * What a reader can do where there is no landing zone at a distance; null where there is one.
 *
 * Example: at 10 mm the perpendicular plane runs out through the ostium, at 11.5 mm it does not: a landing zone can be
 * set there.
 */
export function landingAdvice(profile: LumenProfile, distanceMm: number): Failure | null {
  if (profile.withheld) {
    const isCut = profile.withheld.code === 'measure.appendage-cut';
    return failure(isCut ? 'planning.scan-all-of-it' : 'planning.correct-the-surface');
  }
  if (isMeasured(sectionAt(profile, distanceMm))) return null;
  const nearest = profile.points
    .filter(isMeasured)
    .map((point) => point.distanceMm)
    .reduce<number | undefined>(
      (best, other) =>
        best === undefined || Math.abs(other - distanceMm) < Math.abs(best - distanceMm) ? other : best,
      undefined,
    );
  return nearest === undefined
    ? failure('planning.correct-the-surface')
    : failure('planning.landing-zone-nearest', { nearestMm: nearest });
}
