import { addScaled, lerp, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { jitter, smoothCurve, spread } from './curves.ts';
import type { GreatVessels } from './greatVessels.ts';
import type { LeftHeart } from './leftHeart.ts';
import type { RightHeart } from './rightHeart.ts';
import { type Field, moveToLevel } from './shapeField.ts';
import { offset, type ShapeBook, tube, union } from './shapes.ts';

/** Where the coronary vessels of one heart are drawn. Each draws from `random` in turn: their order is part of the seed's meaning. */
export interface CoronarySite {
  readonly random: Random;
  readonly frame: BodyFrame;
  readonly left: LeftHeart;
  readonly vessels: GreatVessels;
  readonly right: RightHeart;
  readonly book: ShapeBook;
  /** Distance to the heart's surface, and to that of the two ventricles, mm. */
  readonly surface: Field;
  readonly ventricleSurface: Field;
  /** A nominal point of the heart, scattered, LPS mm. */
  at(x: number, y: number, z: number, sdMm?: number): Vec3;
  /** A vessel's radius in this heart, from its nominal mean and SD, mm. */
  radiusMm(mean: number, sd: number): number;
  /** A line on the surface towards the apex, for `share` of the way, bulging to one `side`. */
  apexward(from: Vec3, side: Vec3, count: number, share: number): Vec3[];
}

/** Coronary vessels thinner than this are not drawn. */
const LEAST_RADIUS_MM = 0.7;
/** Middle lines lie this far outside of the heart's surface. */
const ABOVE_SURFACE_MM = 2;
/** How far branches bulge sideways on their way to the apex. */
const BULGE_MM = 14;
/** Thickness of the pulmonary trunk's wall, and of the right ventricle's muscle. */
const TRUNK_WALL_MM = 1.2;
const RIGHT_MUSCLE_MM = 3;

export function createCoronarySite(
  random: Random,
  frame: BodyFrame,
  left: LeftHeart,
  vessels: GreatVessels,
  right: RightHeart,
  book: ShapeBook,
): CoronarySite {
  const { epicardium, apexLpsMm } = left.ventricle;
  const rightMuscle = offset(right.ventricle, RIGHT_MUSCLE_MM);
  const surface = book.field(
    union(
      epicardium,
      offset(left.blood, left.wallMm),
      offset(vessels.pulmonaryArtery, TRUNK_WALL_MM),
      rightMuscle,
    ),
  );
  const ventricleSurface = book.field(union(epicardium, rightMuscle));
  return {
    ...{ random, frame, left, vessels, right, book, surface, ventricleSurface },
    at: (x, y, z, sdMm = 2) => jitter(random, frame.heart(x, y, z), sdMm),
    radiusMm: (mean, sd) => Math.max(LEAST_RADIUS_MM, frame.heartScale * random.normal(mean, sd)),
    apexward: (from, side, count, share) =>
      Array.from({ length: count }, (_, index) => {
        const onLine = lerp(from, apexLpsMm, (share * index) / (count - 1));
        const p = addScaled(onLine, side, index === 0 ? 0 : BULGE_MM);
        const near = moveToLevel(surface, p, ABOVE_SURFACE_MM);
        return index === 0 ? near : moveToLevel(ventricleSurface, near, ABOVE_SURFACE_MM, 'both');
      }),
  };
}

/** A smooth tapering tube through a few points. */
export function artery(path: readonly Vec3[], fromMm: number, toMm: number): Shape {
  const curve = smoothCurve(path, 2);
  return tube(curve, spread([fromMm, fromMm * 0.95, (fromMm + toMm) / 2, toMm], curve.length));
}
