import type { FamilySpec } from '#shared/nudf/family/familySpec.ts';
import type { EpochTrainer } from '../epochs/epochTrainer.ts';
import { moveImage, type RigidMotion } from '../epochs/rigidMotion.ts';

/** A part of the cube that is trained on by itself, to bound the memory. */
export interface ImageCrop {
  /** Voxels along an edge; a multiple of all pooling together. */
  readonly size: number;
  /** Its first voxel in the whole image, x, y, z; multiples of all pooling together. */
  readonly firstVoxel: readonly [number, number, number];
}

/** Voxels of an image, as prepared folders hold them. */
export type ImageHu = Int16Array | Float32Array;

/** The examples of one step. */
export interface FamilyBatch {
  readonly items: number;
  /**
   * Each item's image: size³ raw HU, [z, y, x]; size is the crop's where there is one. A case's whole image is the same
   * array each time, so that a device may keep its copy.
   */
  readonly imagesHu: readonly ImageHu[];
  /** Points of each item. */
  readonly points: number;
  /** items · points · 3: x, y, z in the whole cube's coordinates. */
  readonly pointsNormalized: Float32Array;
  /** items · points: unsigned distances in normalised units. */
  readonly distances: Float32Array;
  readonly crop?: ImageCrop | undefined;
  /** How each image is still to be moved, with its noise; its points are where the moved image shows them. */
  readonly motions?: readonly RigidMotion[] | undefined;
}

/** The images of a step, of any network on prepared cases. */
export type ImageBatch = Pick<FamilyBatch, 'items' | 'imagesHu' | 'motions' | 'crop'>;

/** The images of a batch one after the other, moved where that is still to be done. */
export function movedImages({ imagesHu, items, motions }: ImageBatch): Float32Array {
  const voxels = imagesHu[0]!.length;
  const size = Math.round(Math.cbrt(voxels));
  const moved = new Float32Array(items * voxels);
  imagesHu.forEach((image, item) => {
    const into = moved.subarray(item * voxels, (item + 1) * voxels);
    if (motions) moveImage(image, size, motions[item]!, into);
    else into.set(image);
  });
  return moved;
}

/**
 * What is minimised, summed over an item's points and averaged over the items. `clamped` is the paper's
 * Σ|min(prediction, c) − min(truth, c)|, which gives no gradient where the prediction exceeds c; `target-clamped` is
 * Σ|prediction − min(truth, c)|.
 */
export type FamilyLoss = 'clamped' | 'target-clamped';
export const FAMILY_LOSSES: readonly FamilyLoss[] = ['clamped', 'target-clamped'];

/** c: 3.5 mm in units of 35 mm. */
export const CLAMP_DISTANCE = 0.1;

export interface FamilyTrainerOptions {
  readonly loss: FamilyLoss;
  /** Keeps the encoder as it is, its running statistics included, and trains the decoder alone. */
  readonly freezeEncoder: boolean;
}

/** Trains one network of the family on one device, by the running statistics where it validates. */
export interface FamilyTrainer extends EpochTrainer<FamilyBatch> {
  readonly spec: FamilySpec;
}

/** Adam as PyTorch has it by default. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
/** The share of a batch's statistics in the running ones, PyTorch's default. */
export const BATCH_NORM_MOMENTUM = 0.1;

/** Whether a weight is a running statistic, which no gradient reaches. */
export const isRunningStatistic = (name: string): boolean => /\.norm\.(mean|variance)$/.test(name);

/** Whether a weight is changed by the optimiser. */
export const isTrained = (name: string, { freezeEncoder }: FamilyTrainerOptions): boolean =>
  !isRunningStatistic(name) && !(freezeEncoder && name.startsWith('encoder.'));
