import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import { tilt } from './atrium.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { jitter } from './curves.ts';
import type { GreatVessels } from './greatVessels.ts';
import type { LeftHeart } from './leftHeart.ts';
import { besideSeptum as besideLeft, type Septum } from './septum.ts';
import { curvedTube, ellipsoid, givingWay, rough, type ShapeBook, smoothUnion, union } from './shapes.ts';

export interface RightHeart {
  /** Named shapes of the blood. */
  readonly ventricle: Shape;
  readonly atrium: Shape;
  /** Where it lies against the left atrium; undefined where the two keep apart. */
  readonly septum?: Septum | undefined;
}

/** Right ventricle wrapped round the septum, with its outflow to the pulmonary valve; right atrium with its appendage. */
export function buildRightHeart(
  random: Random,
  frame: BodyFrame,
  left: LeftHeart,
  vessels: GreatVessels,
  book: ShapeBook,
  septum?: Septum,
): RightHeart {
  const bulge = bulgeOf(random, frame);
  const aorticWall = union(vessels.aorta);
  const ventricleParts = ventricleShape(random, frame, vessels, bulge);
  const roughVentricle = rough(
    ventricleParts,
    random.uniform(0.5, 2.2),
    random.uniform(6, 11),
    random.uint32(),
  );
  const besideSeptum = givingWay(roughVentricle, left.ventricle.epicardium, 0.2);
  const ventricle = book.define(
    'rightVentricle',
    givingWay(givingWay(besideSeptum, aorticWall, 2.5), left.blood, left.wallMm + 1),
  );
  const atriumParts = atriumShape(bulge, septum);
  const roughAtrium = rough(atriumParts, random.uniform(0.2, 1.2), 9, random.uint32());
  const besideLeftAtrium = septum
    ? besideLeft(roughAtrium, left, septum)
    : givingWay(roughAtrium, left.blood, left.wallMm + 0.8);
  const atrium = book.define(
    'rightAtrium',
    givingWay(givingWay(besideLeftAtrium, aorticWall, 2.2), left.ventricle.epicardium, 1),
  );
  return { ventricle, atrium, septum };
}

type Bulge = ReturnType<typeof bulgeOf>;

/** Ellipsoids of about the given place, radii and tilt, mm of a heart of average size. */
const bulgeOf =
  (random: Random, frame: BodyFrame) =>
  (place: Vec3, radii: Vec3, scatterMm = 3, tilted = 0.2): Shape => {
    const centre = jitter(random, frame.heart(...place), scatterMm);
    // Each number is drawn in this order.
    const [x, y, z] = radii.map((radius) => frame.heartScale * radius * random.normal(1, 0.08, 2));
    return ellipsoid(centre, [x!, y!, z!], tilt(random, frame.heartAxes, tilted));
  };

function ventricleShape(random: Random, frame: BodyFrame, vessels: GreatVessels, bulge: Bulge): Shape {
  const size = frame.heartScale;
  const at = (x: number, y: number, z: number): Vec3 => jitter(random, frame.heart(x, y, z), 2);
  return smoothUnion(
    7,
    bulge([8, -68, -24], [36, 21, 30]),
    bulge([34, -78, -40], [26, 15, 18]),
    bulge([-16, -60, -26], [20, 19, 24]),
    curvedTube(
      [at(4, -72, -12), at(10, -68, 6), vessels.pulmonaryValveLpsMm],
      [size * 19, size * 17, size * 15],
      2,
    ),
  );
}

const atriumShape = (bulge: Bulge, septum: Septum | undefined): Shape =>
  smoothUnion(
    7,
    bulge([-41, -41, -14], [19, 23, 29]),
    bulge([-34, -62, 10], [10, 12, 15], 3, 0.3),
    bulge([-30, -52, -24], [16, 14, 16], 2),
    ...(septum ? [septum.bulge] : []),
  );
