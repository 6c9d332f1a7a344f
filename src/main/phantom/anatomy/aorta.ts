import { addScaled, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { jitter, scatter } from './curves.ts';
import type { LeftHeart } from './leftHeart.ts';
import { ball, curvedTube, givingWay, type ShapeBook, smoothUnion } from './shapes.ts';

export interface Aorta {
  /** Named shapes of the blood: root, ascending aorta and arch; descending aorta. */
  readonly aorta: Shape;
  readonly descendingAorta: Shape;
  readonly rootLpsMm: Vec3;
  /** Where the coronary arteries leave the root. */
  readonly leftMainLpsMm: Vec3;
  readonly rightCoronaryLpsMm: Vec3;
}

/** Radii, mm: half of the diameters in docs/phantom-anatomy.md (usual). */
const ANNULUS_MM = 11.5;
const ROOT_MM = [13, 16] as const;
const ASCENDING = { meanMm: 15.5, sdMm: 2, leastMm: 12 } as const;
const ARCH_END_MM = 12;
const DESCENDING = { meanMm: 12, sdMm: 1.6, leastMm: 9 } as const;
/** The three sinuses of the root: radius, height above the valve and distance from the axis, mm. */
const SINUS = { radiusMm: [8, 9.5], heightMm: 9, asideMm: 8 } as const;
/** Where the coronary arteries begin: height above the valve and distance from the axis, mm. */
const CORONARY_ORIGIN = { heightMm: 14, asideMm: 14.5 } as const;

/** Root of 26–32 mm with three sinuses, ascending aorta of 31 ± 4 mm, arch, descending aorta of 24 ± 3 mm. */
export function buildAorta(random: Random, frame: BodyFrame, left: LeftHeart, book: ShapeBook): Aorta {
  const size = frame.heartScale;
  const annulus = left.ventricle.aorticAnnulusLpsMm;
  const at = (x: number, y: number, z: number, sd: number) => jitter(random, frame.heart(x, y, z), sd);
  const rootLpsMm = at(-7, -41, 14, 1.5);
  const ascendingMm = size * Math.max(ASCENDING.leastMm, random.normal(ASCENDING.meanMm, ASCENDING.sdMm));
  const tubular = at(-17, -41, 28, 2);
  const arch = at(-14, -14, 84, 4);
  const ascending = curvedTube(
    [annulus, rootLpsMm, tubular, at(-27, -37, 48, 2.5), at(-25, -25, 70, 3), arch, at(6, 12, 78, 4)],
    [
      size * ANNULUS_MM,
      size * random.uniform(...ROOT_MM),
      ...[0.96, 1, 1, 0.85].map((share) => ascendingMm * share),
      size * ARCH_END_MM,
    ],
    2,
  );
  const up = normalize(subtract(tubular, annulus));
  /** A point beside the axis of the root. */
  const beside = (heightMm: number, direction: Vec3, asideMm: number): Vec3 =>
    addScaled(addScaled(annulus, up, heightMm * size), direction, asideMm * size);
  const sinuses = [0, 1, 2].map((index) => {
    const angle = (index * 2 * Math.PI) / 3 + 0.4 + random.normal(0, 0.15);
    const side = frame.heartDirection([Math.cos(angle), Math.sin(angle), 0.2]);
    return ball(beside(SINUS.heightMm, side, SINUS.asideMm), size * random.uniform(...SINUS.radiusMm));
  });
  const descending = descendingAorta(random, frame);
  const toLeft = frame.heartDirection(scatter(random, normalize([0.8, -0.25, 0.1]), 0.12));
  const toRight = frame.heartDirection(scatter(random, normalize([-0.45, -0.85, 0.1]), 0.12));
  return {
    aorta: book.define(
      'aorta',
      givingWay(smoothUnion(4, ascending, ...sinuses), left.blood, left.wallMm + 0.4),
    ),
    descendingAorta: book.define('descendingAorta', givingWay(descending, left.blood, left.wallMm + 1)),
    rootLpsMm,
    leftMainLpsMm: beside(CORONARY_ORIGIN.heightMm, toLeft, CORONARY_ORIGIN.asideMm),
    rightCoronaryLpsMm: beside(CORONARY_ORIGIN.heightMm, toRight, CORONARY_ORIGIN.asideMm),
  };
}

/** From the end of the arch down beside the spine, a little thinner on the way. */
function descendingAorta(random: Random, frame: BodyFrame): Shape {
  const radiusMm =
    frame.heartScale * Math.max(DESCENDING.leastMm, random.normal(DESCENDING.meanMm, DESCENDING.sdMm));
  const dx = random.normal(0, 3);
  const low = frame.thorax(random.normal(0, 6), 34, -110);
  return curvedTube(
    [
      jitter(random, frame.heart(6, 12, 78), 4),
      frame.thorax(12 + dx, 30, 50),
      frame.thorax(10 + dx, 33, 10),
      frame.thorax(6 + dx, 35, -40),
      low,
    ],
    [radiusMm * 1.05, radiusMm, radiusMm, radiusMm * 0.95, radiusMm * 0.9],
    2,
  );
}
