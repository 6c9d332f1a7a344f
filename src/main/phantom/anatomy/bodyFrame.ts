import { add, length, perAxis, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Axes } from '../scene.ts';
import { rotateAbout } from './curves.ts';

/**
 * Where a patient's parts lie. Nominal coordinates have their origin in the middle of the left atrium and axes along
 * L, P and S, in mm, for an atrium of 105 mL in a person of middle size.
 */
export interface BodyFrame {
  /** Nominal point of the heart → LPS mm: the heart's size and tilt, pushed apart by a large atrium. */
  heart(x: number, y: number, z: number): Vec3;
  /** Nominal direction of the heart → LPS, length kept. */
  heartDirection(direction: Vec3): Vec3;
  /** Nominal point of the thorax → LPS mm: the body's size only. */
  thorax(x: number, y: number, z: number): Vec3;
  readonly heartAxes: Axes;
  /** Cube root of the atrium's volume over 105 mL. */
  readonly atriumScale: number;
  readonly heartScale: number;
  readonly thoraxScale: number;
  readonly atriumCentreLpsMm: Vec3;
}

const DEGREE = Math.PI / 180;

/** The volume of the left atrium that nominal coordinates are for, and as drawn: mean, SD, least, mL (docs/phantom-anatomy.md). */
const NOMINAL_ATRIUM_ML = 105;
const ATRIUM_ML = { mean: 120, sd: 36, least: 50 };
/** SD of the heart's size, of the chest's over the heart's, and of the heart's tilt about L, P and S in degrees. */
const HEART_SD = 0.07;
const CHEST_SD = 0.05;
const TILT_SD_DEGREES = [7, 7, 9] as const;

/**
 * Draws a patient's size, the size of the atrium within it, the heart's tilt, and where all of it lies in the scanner.
 * @param tiltFactor on the usual SD of the heart's tilt
 */
export function drawBodyFrame(random: Random, tiltFactor = 1): BodyFrame {
  const atriumVolumeMl = Math.max(ATRIUM_ML.least, random.normal(ATRIUM_ML.mean, ATRIUM_ML.sd));
  const atriumScale = Math.cbrt(atriumVolumeMl / NOMINAL_ATRIUM_ML);
  const heartScale = random.normal(1, HEART_SD, 2.5);
  const thoraxScale = heartScale * random.normal(1, CHEST_SD, 2);
  const angles = perAxis(
    (axis) => random.normal(0, TILT_SD_DEGREES[axis] * tiltFactor, tiltFactor > 1 ? 2 : 3) * DEGREE,
  );
  const rotate = (v: Vec3): Vec3 =>
    rotateAbout(
      rotateAbout(rotateAbout(v, [1, 0, 0], angles[0]), [0, 1, 0], angles[1]),
      [0, 0, 1],
      angles[2],
    );
  const origin: Vec3 = [random.normal(10, 12), random.normal(-15, 15), random.uniform(-250, 50)];
  return {
    heart(x, y, z) {
      const r = length([x, y, z]);
      const push = 1 + ((atriumScale - 1) * 20) / Math.max(20, r);
      return add(origin, rotate(scale([x, y, z], push * heartScale)));
    },
    heartDirection: rotate,
    thorax: (x, y, z) => add(origin, scale([x, y, z], thoraxScale)),
    heartAxes: [rotate([1, 0, 0]), rotate([0, 1, 0]), rotate([0, 0, 1])],
    atriumScale,
    heartScale,
    thoraxScale,
    atriumCentreLpsMm: origin,
  };
}
