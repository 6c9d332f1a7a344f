import { add, addScaled, normalize, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { jitter, smoothCurve } from './curves.ts';
import type { LeftHeart } from './leftHeart.ts';
import { PULMONARY_TRUNK_NOMINAL } from './nominalTrunk.ts';
import { type Field, fieldAt, gradientAt } from './shapeField.ts';
import { curvedTube, givingWay, type ShapeBook, smoothUnion } from './shapes.ts';
import { growTree } from './vesselTree.ts';

export interface PulmonaryArtery {
  /** Named shape of the blood in trunk, right and left branch. */
  readonly pulmonaryArtery: Shape;
  /** The trees in the lungs. */
  readonly pulmonaryBranches: readonly Shape[];
  readonly pulmonaryValveLpsMm: Vec3;
}

/** Radius of the trunk, mm: half of the diameter in docs/phantom-anatomy.md (usual, upper part). */
const TRUNK = { meanMm: 15.7, sdMm: 1.9, leastMm: 11.5, mostMm: 20 } as const;
/** Radius of the right and the left branch over the trunk's. */
const BRANCH_SHARE = [0.66, 0.85] as const;
/** Gap between trunk and appendage, mm: docs/phantom-anatomy.md (ours, after real scans). */
const TOUCHING = { share: 0.62, gapMm: [0.2, 1.6] } as const;
const APART_MM = [2, 9] as const;
/** Least radius of the vessels in the lungs, mm, and how much they lean towards their lobe at each piece. */
const LEAST_BRANCH_MM = 0.7;
const LEAN = 0.08;
/** The trees of the lungs: nominal direction, radius over that of the branch, and most vessels. */
const TREES = [
  { name: 'left lower', from: 'leftEnd', direction: [0.35, 0.35, -0.85], radius: 0.5, limit: 32 },
  { name: 'left upper', from: 'leftHilum', direction: [0.6, -0.1, 0.75], radius: 0.42, limit: 18 },
  { name: 'lingula', from: 'leftHilum', direction: [0.75, -0.6, -0.1], radius: 0.34, limit: 18 },
  { name: 'right lower', from: 'rightHilum', direction: [-0.5, 0.3, -0.8], radius: 0.5, limit: 24 },
  { name: 'right upper', from: 'rightHilum', direction: [-0.6, -0.1, 0.75], radius: 0.42, limit: 14 },
] as const;

/**
 * Trunk of 31 ± 4 mm beside the appendage, its right and left branches, and their trees. The trunk is moved so that the
 * appendage keeps a drawn gap to it: in three of five they touch across a thin wall.
 */
export function buildPulmonaryArtery(
  random: Random,
  frame: BodyFrame,
  left: LeftHeart,
  aorta: Shape,
  book: ShapeBook,
): PulmonaryArtery {
  const trunkMm =
    frame.heartScale *
    Math.min(TRUNK.mostMm, Math.max(TRUNK.leastMm, random.normal(TRUNK.meanMm, TRUNK.sdMm)));
  const at = (x: number, y: number, z: number, sd: number) => jitter(random, frame.heart(x, y, z), sd);
  const line = placeTrunk(random, frame, book.field(left.appendage.shape), trunkMm);
  const leftMm = trunkMm * random.uniform(...BRANCH_SHARE);
  const rightMm = trunkMm * random.uniform(...BRANCH_SHARE);
  const ends = { leftHilum: at(34, 18, 45, 3), leftEnd: at(45, 31, 22, 3), rightHilum: at(-40, -7, 40, 3) };
  const trunk = curvedTube(
    [line.outflow, line.valve, line.trunk, line.fork],
    [trunkMm * 0.95, trunkMm * random.uniform(0.92, 1.05), trunkMm, trunkMm * 0.9],
    2,
  );
  const leftBranch = curvedTube(
    [line.fork, at(17, -10, 52, 2), ends.leftHilum, ends.leftEnd],
    [trunkMm * 0.85, leftMm, leftMm * 0.9, leftMm * 0.68],
    2,
  );
  const rightBranch = curvedTube(
    [line.fork, at(-14, -16, 46, 2), ends.rightHilum],
    [trunkMm * 0.85, rightMm, rightMm * 0.8],
    2,
  );
  const pulmonaryBranches = TREES.flatMap(({ name, from, direction, radius, limit }) => {
    const lobeward = frame.heartDirection(normalize(direction));
    return growTree(random.fork(name), ends[from], lobeward, {
      radiusMm: (from === 'rightHilum' ? rightMm : leftMm) * radius,
      leastRadiusMm: LEAST_BRANCH_MM,
      limit,
      lean: { direction: lobeward, weight: LEAN },
    });
  });
  const outsideAtrium = givingWay(smoothUnion(4, trunk, leftBranch, rightBranch), left.blood, left.wallMm);
  return {
    pulmonaryArtery: book.define('pulmonaryArtery', givingWay(outsideAtrium, aorta, random.uniform(1, 2.5))),
    pulmonaryBranches,
    pulmonaryValveLpsMm: line.valve,
  };
}

type TrunkLine = Readonly<Record<keyof typeof PULMONARY_TRUNK_NOMINAL, Vec3>>;

/** The trunk's middle line, shifted to the drawn gap from the appendage; outflow and fork follow in part. */
function placeTrunk(random: Random, frame: BodyFrame, appendage: Field, trunkMm: number): TrunkLine {
  const near = ([x, y, z]: Vec3, sd: number): Vec3 => jitter(random, frame.heart(x, y, z), sd);
  const outflow = near(PULMONARY_TRUNK_NOMINAL.outflow, 2);
  const valve = near(PULMONARY_TRUNK_NOMINAL.valve, 2);
  const trunk = near(PULMONARY_TRUNK_NOMINAL.trunk, 3);
  const fork = near(PULMONARY_TRUNK_NOMINAL.fork, 3);
  const gapMm = random.chance(TOUCHING.share)
    ? random.uniform(...TOUCHING.gapMm)
    : random.uniform(...APART_MM);
  const shift = shiftToGap(appendage, [valve, trunk, fork], trunkMm, gapMm);
  return {
    outflow: addScaled(outflow, shift, 0.6),
    valve: addScaled(valve, shift, 1),
    trunk: addScaled(trunk, shift, 1),
    fork: addScaled(fork, shift, 0.85),
  };
}

const SHIFT_ROUNDS = 3;
const MOST_SHIFT_MM = 13;

/** The shift (at most 13 mm a round, three rounds) that brings a tube to the wanted distance from the appendage's lumen. */
function shiftToGap(lumen: Field, axis: readonly Vec3[], radiusMm: number, gapMm: number): Vec3 {
  let shift: Vec3 = [0, 0, 0];
  for (let round = 0; round < SHIFT_ROUNDS; round++) {
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
    const move = Math.max(-MOST_SHIFT_MM, Math.min(MOST_SHIFT_MM, gapMm - nearest));
    shift = add(shift, [away[0] * move, away[1] * move, away[2] * move * 0.75]);
  }
  return shift;
}
