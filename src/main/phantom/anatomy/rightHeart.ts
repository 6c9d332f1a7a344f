import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import { tilt } from './atrium.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { jitter } from './curves.ts';
import type { GreatVessels } from './greatVessels.ts';
import type { LeftHeart } from './leftHeart.ts';
import { curvedTube, ellipsoid, givingWay, rough, type ShapeBook, smoothUnion, union } from './shapes.ts';

export interface RightHeart {
  /** Named shapes of the blood. */
  readonly ventricle: Shape;
  readonly atrium: Shape;
}

/** Right ventricle wrapped round the septum, with its outflow to the pulmonary valve; right atrium with its appendage. */
export function buildRightHeart(
  random: Random,
  frame: BodyFrame,
  left: LeftHeart,
  vessels: GreatVessels,
  book: ShapeBook,
): RightHeart {
  const size = frame.heartScale;
  const at = (x: number, y: number, z: number, sd = 2): Vec3 => jitter(random, frame.heart(x, y, z), sd);
  const r = (x: number, y: number, z: number): Vec3 => [
    size * x * random.normal(1, 0.08, 2),
    size * y * random.normal(1, 0.08, 2),
    size * z * random.normal(1, 0.08, 2),
  ];
  const ventricleParts = smoothUnion(
    7,
    ellipsoid(at(8, -68, -24, 3), r(36, 21, 30), tilt(random, frame.heartAxes, 0.2)),
    ellipsoid(at(34, -78, -40, 3), r(26, 15, 18), tilt(random, frame.heartAxes, 0.2)),
    ellipsoid(at(-16, -60, -26, 3), r(20, 19, 24), tilt(random, frame.heartAxes, 0.2)),
    curvedTube(
      [at(4, -72, -12), at(10, -68, 6), vessels.pulmonaryValveLpsMm],
      [size * 19, size * 17, size * 15],
      2,
    ),
  );
  const aorticWall = union(vessels.aorta);
  const ventricle = book.define(
    'rightVentricle',
    givingWay(
      givingWay(
        givingWay(
          rough(ventricleParts, random.uniform(0.5, 2.2), random.uniform(6, 11), random.uint32()),
          left.ventricle.epicardium,
          0.2,
        ),
        aorticWall,
        2.5,
      ),
      left.blood,
      left.wallMm + 1,
    ),
  );
  const atriumParts = smoothUnion(
    7,
    ellipsoid(at(-41, -41, -14, 3), r(19, 23, 29), tilt(random, frame.heartAxes, 0.2)),
    ellipsoid(at(-34, -62, 10, 3), r(10, 12, 15), tilt(random, frame.heartAxes, 0.3)),
    ellipsoid(at(-30, -52, -24, 2), r(16, 14, 16), tilt(random, frame.heartAxes, 0.2)),
  );
  const atrium = book.define(
    'rightAtrium',
    givingWay(
      givingWay(
        givingWay(
          rough(atriumParts, random.uniform(0.2, 1.2), 9, random.uint32()),
          left.blood,
          left.wallMm + 0.8,
        ),
        aorticWall,
        2.2,
      ),
      left.ventricle.epicardium,
      1,
    ),
  );
  return { ventricle, atrium };
}
