import { add, addScaled, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { jitter, scatter, smoothCurve } from './curves.ts';
import type { LeftHeart } from './leftHeart.ts';
import { PULMONARY_TRUNK_NOMINAL } from './nominalTrunk.ts';
import { type Field, fieldAt, gradientAt } from './shapeField.ts';
import { ball, curvedTube, givingWay, type ShapeBook, smoothUnion } from './shapes.ts';
import { growTree } from './vesselTree.ts';

export interface GreatVessels {
  /** Named shapes of the blood in them. */
  readonly aorta: Shape;
  readonly descendingAorta: Shape;
  readonly pulmonaryArtery: Shape;
  readonly superiorVenaCava: Shape;
  readonly inferiorVenaCava: Shape;
  /** In the lungs. */
  readonly pulmonaryBranches: readonly Shape[];
  readonly superiorVenaCavaLpsMm: Vec3;
  readonly rootLpsMm: Vec3;
  readonly pulmonaryValveLpsMm: Vec3;
  readonly leftMainLpsMm: Vec3;
  readonly rightCoronaryLpsMm: Vec3;
}

export function buildGreatVessels(
  random: Random,
  frame: BodyFrame,
  left: LeftHeart,
  book: ShapeBook,
): GreatVessels {
  const size = frame.heartScale;
  const aortic = buildAorta(random.fork('aorta'), frame, left, book);
  const pulmonary = buildPulmonaryArtery(random.fork('pulmonary'), frame, left, aortic.aorta, book);
  const cava = random.fork('cava');
  const at = (x: number, y: number, z: number, sd: number) => jitter(cava, frame.heart(x, y, z), sd);
  const superiorVenaCavaLpsMm = at(-37, -28, 22, 2.5);
  const superior = curvedTube(
    [at(-36, -34, 4, 2), superiorVenaCavaLpsMm, at(-36, -24, 50, 3), at(-34, -28, 90, 5)],
    [size * 9, size * cava.uniform(7, 11), size * cava.uniform(7, 10), size * 9],
    2,
    { axis: frame.heartDirection([0.6, 0.8, 0]), factor: cava.uniform(0.65, 1) },
  );
  const inferior = curvedTube(
    [at(-33, -28, -28, 3), at(-32, -16, -52, 3), frame.thorax(-30, 5, -100)],
    [size * 12, size * cava.uniform(9, 13), size * 12],
    2,
  );
  return {
    ...aortic,
    ...pulmonary,
    superiorVenaCavaLpsMm,
    superiorVenaCava: book.define(
      'superiorVenaCava',
      givingWay(givingWay(superior, left.blood, left.wallMm), aortic.aorta, 1.5),
    ),
    inferiorVenaCava: book.define('inferiorVenaCava', givingWay(inferior, left.blood, left.wallMm)),
  };
}

/** Root of 30–38 mm with three sinuses, ascending 27–40 mm, arch, descending 22–30 mm. */
function buildAorta(random: Random, frame: BodyFrame, left: LeftHeart, book: ShapeBook) {
  const size = frame.heartScale;
  const annulus = left.ventricle.aorticAnnulusLpsMm;
  const at = (x: number, y: number, z: number, sd: number) => jitter(random, frame.heart(x, y, z), sd);
  const rootLpsMm = at(-7, -41, 14, 1.5);
  const ascendingMm = size * Math.max(12, random.normal(15.5, 2));
  const tubular = at(-17, -41, 28, 2);
  const arch = at(-14, -14, 84, 4);
  const ascending = curvedTube(
    [annulus, rootLpsMm, tubular, at(-27, -37, 48, 2.5), at(-25, -25, 70, 3), arch, at(6, 12, 78, 4)],
    [
      size * 11.5,
      size * random.uniform(13, 16),
      ascendingMm * 0.96,
      ascendingMm,
      ascendingMm,
      ascendingMm * 0.85,
      size * 12,
    ],
    2,
  );
  const up = normalize(subtract(tubular, annulus));
  const sinuses = [0, 1, 2].map((index) => {
    const angle = (index * 2 * Math.PI) / 3 + 0.4 + random.normal(0, 0.15);
    const side = frame.heartDirection([Math.cos(angle), Math.sin(angle), 0.2]);
    return ball(addScaled(addScaled(annulus, up, 9 * size), side, 8 * size), size * random.uniform(8, 9.5));
  });
  const descendingMm = size * Math.max(9, random.normal(12, 1.6));
  const dx = random.normal(0, 3);
  const low = frame.thorax(random.normal(0, 6), 34, -110);
  const descending = curvedTube(
    [
      at(6, 12, 78, 4),
      frame.thorax(12 + dx, 30, 50),
      frame.thorax(10 + dx, 33, 10),
      frame.thorax(6 + dx, 35, -40),
      low,
    ],
    [descendingMm * 1.05, descendingMm, descendingMm, descendingMm * 0.95, descendingMm * 0.9],
    2,
  );
  const toLeft = frame.heartDirection(scatter(random, normalize([0.8, -0.25, 0.1]), 0.12));
  const toRight = frame.heartDirection(scatter(random, normalize([-0.45, -0.85, 0.1]), 0.12));
  return {
    aorta: book.define(
      'aorta',
      givingWay(smoothUnion(4, ascending, ...sinuses), left.blood, left.wallMm + 0.4),
    ),
    descendingAorta: book.define('descendingAorta', givingWay(descending, left.blood, left.wallMm + 1)),
    rootLpsMm,
    leftMainLpsMm: addScaled(addScaled(annulus, up, 14 * size), toLeft, 14.5 * size),
    rightCoronaryLpsMm: addScaled(addScaled(annulus, up, 14 * size), toRight, 14.5 * size),
  };
}

/**
 * Trunk of 24–36 mm beside the appendage, its right and left branches, and their trees. The trunk is moved so that the
 * appendage keeps a drawn gap to it: in three of five they touch across a thin wall.
 */
function buildPulmonaryArtery(
  random: Random,
  frame: BodyFrame,
  left: LeftHeart,
  aorta: Shape,
  book: ShapeBook,
) {
  const size = frame.heartScale;
  const trunkMm = size * Math.min(20, Math.max(11.5, random.normal(15.7, 1.9)));
  const at = (x: number, y: number, z: number, sd: number) => jitter(random, frame.heart(x, y, z), sd);
  const points = {
    outflow: at(...PULMONARY_TRUNK_NOMINAL.outflow, 2),
    valve: at(...PULMONARY_TRUNK_NOMINAL.valve, 2),
    trunk: at(...PULMONARY_TRUNK_NOMINAL.trunk, 3),
    fork: at(...PULMONARY_TRUNK_NOMINAL.fork, 3),
  };
  const gap = random.chance(0.62) ? random.uniform(0.2, 1.6) : random.uniform(2, 9);
  const shift = shiftToGap(
    book.field(left.appendage.shape),
    [points.valve, points.trunk, points.fork],
    trunkMm,
    gap,
  );
  const moved = {
    outflow: addScaled(points.outflow, shift, 0.6),
    valve: addScaled(points.valve, shift, 1),
    trunk: addScaled(points.trunk, shift, 1),
    fork: addScaled(points.fork, shift, 0.85),
  };
  const leftMm = trunkMm * random.uniform(0.66, 0.85);
  const rightMm = trunkMm * random.uniform(0.66, 0.85);
  const leftHilum = at(34, 18, 45, 3);
  const leftEnd = at(45, 31, 22, 3);
  const rightHilum = at(-40, -7, 40, 3);
  const trunk = curvedTube(
    [moved.outflow, moved.valve, moved.trunk, moved.fork],
    [trunkMm * 0.95, trunkMm * random.uniform(0.92, 1.05), trunkMm, trunkMm * 0.9],
    2,
  );
  const leftBranch = curvedTube(
    [moved.fork, at(17, -10, 52, 2), leftHilum, leftEnd],
    [trunkMm * 0.85, leftMm, leftMm * 0.9, leftMm * 0.68],
    2,
  );
  const rightBranch = curvedTube(
    [moved.fork, at(-14, -16, 46, 2), rightHilum],
    [trunkMm * 0.85, rightMm, rightMm * 0.8],
    2,
  );
  const tree = (name: string, start: Vec3, direction: Vec3, radius: number, limit: number) =>
    growTree(random.fork(name), start, frame.heartDirection(normalize(direction)), {
      radiusMm: radius,
      leastRadiusMm: 0.7,
      limit,
      lean: { direction: frame.heartDirection(normalize(direction)), weight: 0.08 },
    });
  const pulmonaryBranches = [
    ...tree('left lower', leftEnd, [0.35, 0.35, -0.85], leftMm * 0.5, 32),
    ...tree('left upper', leftHilum, [0.6, -0.1, 0.75], leftMm * 0.42, 18),
    ...tree('lingula', leftHilum, [0.75, -0.6, -0.1], leftMm * 0.34, 18),
    ...tree('right lower', rightHilum, [-0.5, 0.3, -0.8], rightMm * 0.5, 24),
    ...tree('right upper', rightHilum, [-0.6, -0.1, 0.75], rightMm * 0.42, 14),
  ];
  return {
    pulmonaryArtery: book.define(
      'pulmonaryArtery',
      givingWay(
        givingWay(smoothUnion(4, trunk, leftBranch, rightBranch), left.blood, left.wallMm),
        aorta,
        random.uniform(1, 2.5),
      ),
    ),
    pulmonaryBranches,
    pulmonaryValveLpsMm: moved.valve,
  };
}

/** The shift (at most 13 mm a round, three rounds) that brings a tube to the wanted distance from the appendage's lumen. */
function shiftToGap(lumen: Field, axis: readonly Vec3[], radiusMm: number, gapMm: number): Vec3 {
  let shift: Vec3 = [0, 0, 0];
  for (let round = 0; round < 3; round++) {
    let nearest = Number.POSITIVE_INFINITY;
    let at: Vec3 = axis[0]!;
    for (const point of smoothCurve(axis, 4).map((p) => add(p, shift))) {
      const gap = fieldAt(lumen, point) - radiusMm;
      if (gap < nearest) {
        nearest = gap;
        at = point;
      }
    }
    const away = gradientAt(lumen, at, 1);
    const move = Math.max(-13, Math.min(13, gapMm - nearest));
    shift = add(shift, [away[0] * move, away[1] * move, away[2] * move * 0.75]);
  }
  return shift;
}
