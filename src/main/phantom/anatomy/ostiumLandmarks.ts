import {
  addScaled,
  cross,
  distance,
  dot,
  lerp,
  normalize,
  scale,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import type { AppendageMouth } from './appendageMouth.ts';
import type { Atrium } from './atrium.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { perpendicularTo, rotateAbout } from './curves.ts';
import { type Field, fieldAt, gradientAt } from './shapeField.ts';

/** Where rays towards the crest begin, inside of the atrium, how far they go and their step, mm. */
const CREST_RAY = { fromMm: -7, toMm: 26, stepMm: 0.4 } as const;

/**
 * The crest of the ridge: between the mouths of appendage and vein, the place where the blood reaches least far out.
 * Undefined where nothing parts the two.
 * @param blood all blood of atrium, veins and appendage, before the appendage's wall is carved out of it
 */
export function ridgeCrest(
  blood: Field,
  atrium: Atrium,
  mouth: AppendageMouth,
  veinLpsMm: Vec3,
): Vec3 | undefined {
  const out = gradientAt(atrium.chamberField, lerp(mouth.siteLpsMm, veinLpsMm, 0.5), 3);
  let crest: Vec3 | undefined;
  let lowest: number = CREST_RAY.toMm;
  for (let share = 0.2; share <= 0.9; share += 0.025) {
    const base = lerp(mouth.siteLpsMm, veinLpsMm, share);
    let height: number = CREST_RAY.fromMm;
    while (height < lowest && fieldAt(blood, addScaled(base, out, height)) < 0) height += CREST_RAY.stepMm;
    if (height >= lowest || height === CREST_RAY.fromMm) continue;
    let [inside, outside] = [height - CREST_RAY.stepMm, height];
    for (let round = 0; round < 6; round++) {
      const middle = (inside + outside) / 2;
      if (fieldAt(blood, addScaled(base, out, middle)) < 0) inside = middle;
      else outside = middle;
    }
    lowest = outside;
    crest = addScaled(base, out, outside);
  }
  return crest;
}

/** The coronary fork in nominal coordinates, and the groove as seen from the mitral ring's middle. */
export const CORONARY_FORK_NOMINAL = [19, -41, 11] as const;
export const GROOVE = { points: 10, fromAngle: 0.35, stepAngle: 0.31, outsideRingMm: 4 } as const;

/** The least angle between ridge and circumflex as seen from the mouth. */
const OPPOSITE = Math.cos((105 * Math.PI) / 180);

/**
 * Where the circumflex artery would pass the mouth by itself: of its nominal course from the coronary fork round the
 * mitral ring the point that is nearest to the mouth and across from the ridge.
 */
export function grooveUnder(frame: BodyFrame, atrium: Atrium, mouth: AppendageMouth, ridge: Vec3): Vec3 {
  const { centreLpsMm: centre, axis, radiusMm } = atrium.mitral;
  const fork = frame.heart(...CORONARY_FORK_NOMINAL);
  const start = perpendicularTo(subtract(fork, centre), axis);
  const turned = normalize(cross(axis, start));
  const across = dot(turned, subtract(mouth.pointLpsMm, centre)) < 0 ? scale(turned, -1) : turned;
  const reach = radiusMm + GROOVE.outsideRingMm;
  const ring = Array.from({ length: 4 * GROOVE.points }, (_, index) => {
    const angle = GROOVE.fromAngle + (index * GROOVE.stepAngle) / 4;
    return addScaled(addScaled(centre, start, Math.cos(angle) * reach), across, Math.sin(angle) * reach);
  });
  const course = [fork, lerp(fork, ring[0]!, 0.33), lerp(fork, ring[0]!, 0.67), ...ring];
  const toRidge = perpendicularTo(subtract(ridge, mouth.pointLpsMm), mouth.axis);
  const opposite = course.filter(
    (point) => dot(perpendicularTo(subtract(point, mouth.pointLpsMm), mouth.axis), toRidge) < OPPOSITE,
  );
  const near = (point: Vec3): number => distance(point, mouth.pointLpsMm);
  return (opposite.length > 0 ? opposite : course).reduce((best, other) =>
    near(other) < near(best) ? other : best,
  );
}

/** What the circumflex artery must stay clear of. */
export interface CircumflexRoom {
  readonly blood: Field;
  readonly ventricleCavity: Field;
  /** From its middle line to the blood of the atrium or appendage, mm. */
  readonly apartMm: number;
}

/** Heights over the groove's own at which the artery is tried, mm; and how far its height may be from the ridge's. */
const HEIGHTS_MM = [0, 1.5, -1.5, 3, -3, 4.5, 6, 7.5] as const;
const FROM_RIDGE_MM = { least: -5, most: 6 } as const;
/** How far beyond the mouth's rim the artery may run, mm, and how much heart muscle is left under it. */
const MOST_BEYOND_MM = 15;
const MUSCLE_MM = 2;
/** Where no height will do, the artery passes this far round the mouth, radians. */
const ROUND = [0, 0.3, -0.3, 0.6, -0.6] as const;

/**
 * Places for the circumflex artery under the mouth, nearest to the groove first: outside of the blood, at about the
 * ridge's height along the mouth's axis.
 */
export function circumflexPlaces(
  mouth: AppendageMouth,
  ridge: Vec3,
  groove: Vec3,
  { blood, ventricleCavity, apartMm }: CircumflexRoom,
): Vec3[] {
  const height = (point: Vec3): number => dot(subtract(point, mouth.pointLpsMm), mouth.axis);
  const down = perpendicularTo(subtract(groove, mouth.pointLpsMm), mouth.axis);
  const ridgeMm = height(ridge);
  const level = Math.min(
    ridgeMm + FROM_RIDGE_MM.most,
    Math.max(ridgeMm + FROM_RIDGE_MM.least, height(groove)),
  );
  const places: Vec3[] = [];
  for (const angle of ROUND) {
    const away = rotateAbout(down, mouth.axis, angle);
    for (const shift of HEIGHTS_MM) {
      const from = addScaled(mouth.pointLpsMm, mouth.axis, level + shift);
      for (let reach = 3; reach < mouth.radiusMm + MOST_BEYOND_MM; reach += 0.5) {
        const place = addScaled(from, away, reach);
        if (fieldAt(blood, place) < apartMm) continue;
        if (fieldAt(ventricleCavity, place) >= MUSCLE_MM) places.push(place);
        break;
      }
    }
    if (places.length > 0) break;
  }
  return places;
}

/** The plane through ridge and circumflex that is otherwise as square to the appendage's axis as it can be. */
export function planeThrough(
  ridge: Vec3,
  circumflex: Vec3,
  mouth: AppendageMouth,
): { readonly pointLpsMm: Vec3; readonly normal: Vec3 } {
  const across = normalize(subtract(circumflex, ridge));
  const normal = normalize(addScaled(mouth.axis, across, -dot(mouth.axis, across)));
  const lift = dot(subtract(ridge, mouth.pointLpsMm), normal);
  return { pointLpsMm: addScaled(mouth.pointLpsMm, normal, lift), normal };
}
