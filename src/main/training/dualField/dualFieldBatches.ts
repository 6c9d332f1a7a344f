import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { Random } from '#shared/random/random.ts';
import type { PlannedBatch } from '../epochs/epochBatches.ts';
import {
  type Augmentation,
  drawMotion,
  movePoint,
  NO_MOTION,
  type RigidMotion,
} from '../epochs/rigidMotion.ts';
import type { ImageHu } from '../family/familyTrainer.ts';
import type { DualFieldCase, DualFieldSource } from './dualFieldCases.ts';

/** The examples of one step. */
export interface DualFieldBatch {
  readonly items: number;
  /** Each item's resolution³ raw HU, [z, y, x]. */
  readonly imagesHu: readonly ImageHu[];
  /** Points of each item. */
  readonly points: number;
  /** items · points · 3: x, y, z where the moved image shows them. */
  readonly pointsNormalized: Float32Array;
  /** items · points · 2: signed, unsigned. */
  readonly distancesMm: Float32Array;
  /** How each image is still to be moved, with its noise. */
  readonly motions: readonly RigidMotion[] | undefined;
}

/** A point that a motion takes out of the image is drawn again, this often. */
const TRIES = 64;

type Points = Pick<DualFieldBatch, 'points' | 'pointsNormalized' | 'distancesMm'>;

/** Draws the points of one example and moves them with its image; a rigid motion keeps distances. */
function drawPoints(
  { pointsNormalized, distancesMm }: DualFieldCase,
  motion: RigidMotion,
  random: Random,
  item: number,
  into: Points,
): void {
  const end = (item + 1) * into.points;
  for (let to = item * into.points; to < end; to++) {
    for (let tries = 0; tries < TRIES; tries++) {
      const from = random.integer(0, distancesMm.length / 2 - 1);
      movePoint(motion, pointsNormalized, 3 * from, into.pointsNormalized, 3 * to);
      into.distancesMm[2 * to] = distancesMm[2 * from]!;
      into.distancesMm[2 * to + 1] = distancesMm[2 * from + 1]!;
      const [x, y, z] = into.pointsNormalized.subarray(3 * to, 3 * to + 3);
      if (Math.max(Math.abs(x!), Math.abs(y!), Math.abs(z!)) <= 1) break;
    }
  }
}

/** Reads the cases of a step and draws its examples; in validation nothing is moved. */
export async function dualFieldBatch(
  spec: FieldNetworkSpec,
  read: DualFieldSource,
  { points, augmentation }: { readonly points: number; readonly augmentation: Augmentation | undefined },
  { names, random, isTraining }: PlannedBatch,
): Promise<DualFieldBatch> {
  const items = names.length;
  const imagesHu: ImageHu[] = [];
  const into: Points = {
    points,
    pointsNormalized: new Float32Array(items * points * 3),
    distancesMm: new Float32Array(items * points * 2),
  };
  const isMoved = isTraining && augmentation !== undefined;
  const motions: RigidMotion[] = [];
  const cases = await Promise.all(names.map((name) => read(name)));
  for (const [item, found] of cases.entries()) {
    const motion = isMoved ? drawMotion(augmentation, spec.edgeMm, random.fork(`motion ${item}`)) : NO_MOTION;
    motions.push(motion);
    imagesHu.push(found.imageHu);
    drawPoints(found, motion, random.fork(`points ${item}`), item, into);
  }
  return { items, imagesHu, ...into, motions: isMoved ? motions : undefined };
}
