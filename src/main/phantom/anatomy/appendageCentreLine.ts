import {
  addScaled,
  distance,
  dot,
  lerp,
  normalize,
  scale,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { AppendageMouth } from './appendageMouth.ts';
import type { AppendagePlan } from './appendagePlan.ts';
import { perpendicularTo, rotateAbout, scatter, spread } from './curves.ts';
import { type Field, fieldAt, gradientAt } from './shapeField.ts';

/** The structures that the appendage must stay out of, and the wall between them and it. */
export interface Surroundings {
  /** Signed distance to atrium, veins, ventricle and pulmonary trunk. */
  readonly field: Field;
  /** Signed distance to its bed: the ventricle's base and the pulmonary trunk. */
  readonly bed: Field;
  readonly wallMm: number;
  /** Where this is given, it presses against its bed: the distance of its axis, in radii, below 0.85. */
  readonly pressed?: number;
}

/** Distance of the axis from the structures that the appendage must stay out of, in radii. */
const CLEARANCE = 0.85;

/** How it turns to its bed: from which gap, by how much for each mm, at most in a step. */
const LYING = { fromMm: 2, rate: 0.03, most: 0.28 };
const PRESSED = { fromMm: 0.3, rate: 0.09, most: 0.45 };

/** Points every STEP_MM from the mouth to the tip, and the half long diameter at each, mm. */
export interface CentreLine {
  readonly points: readonly Vec3[];
  readonly radii: readonly number[];
}

export const STEP_MM = 2;

/** Walks from the mouth outward in 2 mm steps, bending as planned and turning aside for the surroundings. */
export function walkCentreLine(
  random: Random,
  mouth: AppendageMouth,
  plan: AppendagePlan,
  around: Surroundings,
): CentreLine {
  const count = Math.max(5, Math.round(plan.lengthMm / STEP_MM));
  const radii = spread(plan.radiusKnots, count + 1).map((share) => share * mouth.radiusMm);
  // Two in three bend within the flat plane, the others across it.
  const bendAxis = random.chance(0.66)
    ? scale(mouth.squash.axis, random.chance(0.5) ? 1 : -1)
    : perpendicularTo(random.direction(), mouth.axis);
  const points: Vec3[] = [mouth.pointLpsMm];
  let heading = mouth.axis;
  for (let step = 1; step <= count; step++) {
    const arc = step * STEP_MM;
    if (arc > plan.bendFromMm && arc <= plan.bendToMm + STEP_MM) {
      heading = rotateAbout(
        heading,
        bendAxis,
        (plan.bend * STEP_MM) / Math.max(STEP_MM, plan.bendToMm - plan.bendFromMm),
      );
    }
    heading = scatter(random, heading, 0.07);
    // It does not stand free in the chest: it lies on the ventricle and against the trunk, under the pericardium.
    const gap = fieldAt(around.bed, points[step - 1]!) - radii[step]! * (around.pressed ?? 1) - around.wallMm;
    const { fromMm, rate, most } = around.pressed === undefined ? LYING : PRESSED;
    if (gap > fromMm && arc > 6) {
      const turn = Math.min(most, rate * gap);
      heading = normalize(addScaled(heading, gradientAt(around.bed, points[step - 1]!), -turn));
    }
    let point = addScaled(points[step - 1]!, heading, STEP_MM);
    const apart = radii[step]! * (around.pressed ?? CLEARANCE) + around.wallMm;
    const clearance = Math.min(apart, arc * 0.6 - 1);
    const missing = clearance - fieldAt(around.field, point);
    if (missing > 0) point = addScaled(point, gradientAt(around.field, point), Math.min(missing, 1.6));
    const height = dot(subtract(point, mouth.pointLpsMm), mouth.axis);
    const needed = Math.min(arc, radii[step]! * 0.9 + 3);
    if (height < needed) point = addScaled(point, mouth.axis, Math.min(needed - height, 1.5));
    heading = normalize(lerp(heading, normalize(subtract(point, points[step - 1]!)), 0.7));
    points.push(addScaled(points[step - 1]!, normalize(subtract(point, points[step - 1]!)), STEP_MM));
  }
  return { points: smoothed(points, 3), radii };
}

/** Whether a fold comes so near to itself that no wall would fit between. */
export function touchesItself({ points, radii }: CentreLine): boolean {
  for (let a = 0; a < points.length; a++) {
    for (let b = a + 1; b < points.length; b++) {
      const reach = radii[a]! + radii[b]!;
      if ((b - a) * STEP_MM > reach * 1.35 && distance(points[a]!, points[b]!) < reach * 0.86 + 1)
        return true;
    }
  }
  return false;
}

/** Each inner point drawn to the middle of its neighbours, so that the tube has no creases; the first two stay. */
function smoothed(points: readonly Vec3[], rounds: number): Vec3[] {
  let result = [...points];
  for (let round = 0; round < rounds; round++) {
    result = result.map((point, index) =>
      index < 2 || index === result.length - 1
        ? point
        : lerp(point, lerp(result[index - 1]!, result[index + 1]!, 0.5), 0.5),
    );
  }
  return result;
}
