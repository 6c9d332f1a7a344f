import { measureOstium, type OstiumMeasures } from '#shared/anatomy/ostiumMeasures.ts';
import { fitPlane } from '#shared/anatomy/plane.ts';
import { addScaled, angleBetweenDegrees, distance, dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';

export interface RimMetrics {
  /** Mean distance between the two closed curves, both directions, by length, mm. */
  readonly meanDistanceMm: number;
  readonly maxDistanceMm: number;
  /** Predicted minus true, mm. */
  readonly areaDiameterErrorMm: number;
  readonly perimeterDiameterErrorMm: number;
  readonly maxDiameterErrorMm: number;
  readonly minDiameterErrorMm: number;
  /** Predicted over true area. */
  readonly areaRatio: number;
  /** Angle between the two rims' planes, degrees. */
  readonly planeAngleDegrees: number;
}

/** Compares two rims: closed loops of LPS points, the last joining the first. */
export function evaluateRims(predicted: readonly Vec3[], truth: readonly Vec3[]): RimMetrics {
  const forward = directedDistances(predicted, truth);
  const backward = directedDistances(truth, predicted);
  const [planeP, planeT] = [fitPlane(predicted.flat()), fitPlane(truth.flat())];
  const [p, t]: OstiumMeasures[] = [measureOstium(predicted, planeP), measureOstium(truth, planeT)];
  const angleDegrees = angleBetweenDegrees(planeP.normal, planeT.normal);
  return {
    meanDistanceMm: (forward.integral + backward.integral) / (forward.length + backward.length),
    maxDistanceMm: Math.max(forward.maximum, backward.maximum),
    areaDiameterErrorMm: p!.areaDerivedDiameterMm - t!.areaDerivedDiameterMm,
    perimeterDiameterErrorMm: p!.perimeterDerivedDiameterMm - t!.perimeterDerivedDiameterMm,
    maxDiameterErrorMm: p!.maxDiameter.lengthMm - t!.maxDiameter.lengthMm,
    minDiameterErrorMm: p!.minDiameter.lengthMm - t!.minDiameter.lengthMm,
    areaRatio: p!.areaMm2 / t!.areaMm2,
    // A plane's two sides are the same plane.
    planeAngleDegrees: Math.min(angleDegrees, 180 - angleDegrees),
  };
}

/** Distances from a loop's segment middles to another loop, weighted by the segments' lengths. */
function directedDistances(
  from: readonly Vec3[],
  to: readonly Vec3[],
): { integral: number; length: number; maximum: number } {
  let [integral, length, maximum] = [0, 0, 0];
  from.forEach((start, index) => {
    const end = from[(index + 1) % from.length]!;
    const span = distance(start, end);
    const parts = Math.max(1, Math.ceil(span / 0.25));
    for (let part = 0; part < parts; part++) {
      const point = addScaled(start, subtract(end, start), (part + 0.5) / parts);
      const gap = distanceToLoop(point, to);
      integral += (gap * span) / parts;
      maximum = Math.max(maximum, gap);
    }
    length += span;
  });
  return { integral, length, maximum };
}

/** Distance from a point to a closed polygon's nearest segment, mm. */
export function distanceToLoop(point: Vec3, loop: readonly Vec3[]): number {
  let best = Infinity;
  loop.forEach((start, index) => {
    const side = subtract(loop[(index + 1) % loop.length]!, start);
    const squared = dot(side, side);
    const t = squared > 0 ? Math.min(1, Math.max(0, dot(subtract(point, start), side) / squared)) : 0;
    best = Math.min(best, distance(point, addScaled(start, side, t)));
  });
  return best;
}
