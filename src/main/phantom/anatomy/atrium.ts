import { normalize, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Axes, Shape } from '../scene.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { rotateAbout, scatter } from './curves.ts';
import type { Field } from './shapeField.ts';
import { ellipsoid, halfSpace, rough, type ShapeBook, smoothIntersection, smoothUnion } from './shapes.ts';

/** The chamber of the left atrium without veins and appendage, and the mitral ring that it opens into. */
export interface Atrium {
  readonly chamber: Shape;
  readonly chamberField: Field;
  readonly centreLpsMm: Vec3;
  readonly mitral: MitralRing;
}

export interface MitralRing {
  readonly centreLpsMm: Vec3;
  /** Unit vector from the atrium into the left ventricle. */
  readonly axis: Vec3;
  readonly radiusMm: number;
}

/**
 * The chamber: five ellipsoids melted into each other (body, the two antra of the veins, roof, vestibule of the mitral
 * valve) with the back flattened by the spine. Every one varies by itself, so that no two atria are alike.
 * @param ringShiftMm moves the mitral ring, and with it ventricle and groove; heart axes, nominal mm
 */
export function buildAtrium(
  random: Random,
  frame: BodyFrame,
  book: ShapeBook,
  ringShiftMm: Vec3 = [0, 0, 0],
): Atrium {
  const size = frame.atriumScale * frame.heartScale;
  const axes = tilt(random, frame.heartAxes, 0.12);
  // Nominal distances inside of the atrium scale with it: undo the push of BodyFrame by staying within 20 mm.
  const at = (x: number, y: number, z: number): Vec3 => {
    const d = frame.heartDirection([x * size, y * size, z * size]);
    const o = frame.atriumCentreLpsMm;
    return [o[0] + d[0], o[1] + d[1], o[2] + d[2]];
  };
  const n = (mean: number, sd: number) => random.normal(mean, sd, 2);
  const radii = (x: number, y: number, z: number): Vec3 => [
    x * size * n(1, 0.08),
    y * size * n(1, 0.08),
    z * size * n(1, 0.08),
  ];
  const parts = [
    ellipsoid(at(0, 0, 0), radii(28.5, 18, 22.5), axes),
    ellipsoid(at(n(16, 2), n(4, 2), n(7, 2)), radii(13, 12, 16), tilt(random, frame.heartAxes, 0.25)),
    ellipsoid(at(n(-17, 2), n(4, 2), n(3, 2)), radii(13, 12.5, 18), tilt(random, frame.heartAxes, 0.25)),
    ellipsoid(at(n(12, 2), n(-8, 1.5), n(-10, 2)), radii(17, 14, 15.5), tilt(random, frame.heartAxes, 0.2)),
    ellipsoid(at(n(-1, 4), n(-5, 2), n(10, 2)), radii(19, 13, 13), tilt(random, frame.heartAxes, 0.2)),
  ];
  const back = frame.heartDirection(scatter(random, normalize([0, 1, -0.05]), 0.12));
  const flat = halfSpace(at(0, n(14.5, 1.5), 0), back);
  const smooth = smoothIntersection(
    random.uniform(4, 8) * size,
    smoothUnion(random.uniform(6, 10), ...parts),
    flat,
  );
  const chamber = book.define(
    'atriumChamber',
    rough(smooth, random.uniform(0.2, 1.2), random.uniform(14, 26), random.uint32()),
  );
  const axis = frame.heartDirection(scatter(random, normalize([0.62, -0.64, -0.42]), 0.1));
  return {
    chamber,
    chamberField: book.field(chamber),
    centreLpsMm: frame.atriumCentreLpsMm,
    mitral: {
      centreLpsMm: at(
        n(18, 1.5) + ringShiftMm[0],
        n(-17, 1.5) + ringShiftMm[1],
        n(-15, 1.5) + ringShiftMm[2],
      ),
      axis,
      radiusMm: frame.heartScale * Math.sqrt(frame.atriumScale) * random.normal(15.5, 1.5, 2),
    },
  };
}

/** Axes turned by a random small rotation (SD in radians about each of them). */
export function tilt(random: Random, axes: Axes, sd: number): Axes {
  const axis = random.direction();
  const angle = random.normal(0, sd * 1.7);
  return [
    rotateAbout(axes[0], axis, angle),
    rotateAbout(axes[1], axis, angle),
    rotateAbout(axes[2], axis, angle),
  ];
}
