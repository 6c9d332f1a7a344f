import * as tf from '@tensorflow/tfjs-core';
import type { SurroundingName } from '#shared/anatomy/surroundings.ts';
import { columnSum } from '#shared/nudf/kernels/index.ts';
import type { FieldRecipe, RegionRecipe } from './recipe.ts';

/** Mean smooth L1: x²/(2β) below β, |x| − β/2 above. */
function smoothL1(difference: tf.Tensor, beta: number): tf.Scalar {
  const magnitude = tf.abs(difference);
  const quadratic = tf.minimum(magnitude, beta);
  // q²/(2β) + |x| − q is both branches in one.
  const value = tf.add(tf.mul(tf.square(quadratic), 1 / (2 * beta)), tf.sub(magnitude, quadratic));
  return tf.mean(value);
}

/** Mean cross-entropy of logits with labels in [0, 1]: softplus(z) − label·z, stable for any z. */
function crossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  return tf.mean(tf.sub(stableSoftplus(logits), tf.mul(labels, logits)));
}

/** log(1 + eᶻ) = max(z, 0) + log(1 + e^−|z|) */
function stableSoftplus(z: tf.Tensor): tf.Tensor {
  return tf.add(tf.relu(z), tf.log1p(tf.exp(tf.neg(tf.abs(z)))));
}

export interface FieldLoss {
  readonly total: tf.Scalar;
  readonly signed: tf.Scalar;
  readonly unsigned: tf.Scalar;
  readonly sign: tf.Scalar;
}

/** The columns of the two fields in a decoder's outputs [N, outputs]. */
export const fieldColumns = (outputs: tf.Tensor2D): tf.Tensor2D => tf.slice(outputs, [0, 0], [-1, 2]);

/** Distance from a landmark at which a point counts e⁻¹ as much as one on it, mm. */
const LANDMARK_REACH_MM = 12;

/**
 * Mean smooth L1 of the ways to the landmarks, by points near them.
 * @param outputs [N, 2 + 3·L] in network units
 * @param wayMm [N, L, 3] from each point to each landmark, mm
 */
export function landmarkLoss(
  outputs: tf.Tensor2D,
  wayMm: tf.Tensor3D,
  unitMm: number,
  beta: number,
): tf.Scalar {
  const target = tf.mul(wayMm, 1 / unitMm);
  const predicted = tf.reshape(tf.slice(outputs, [0, 2], [-1, 3 * wayMm.shape[1]]), wayMm.shape);
  const nearness = tf.exp(tf.mul(tf.sum(tf.square(wayMm), 2, true), -1 / LANDMARK_REACH_MM ** 2));
  const magnitude = tf.abs(tf.sub(predicted, target));
  const quadratic = tf.minimum(magnitude, beta);
  const value = tf.add(tf.mul(tf.square(quadratic), 1 / (2 * beta)), tf.sub(magnitude, quadratic));
  return tf.div(tf.sum(tf.mul(value, nearness)), tf.add(tf.mul(tf.sum(nearness), 3), 1e-3)) as tf.Scalar;
}

/**
 * The loss of the two fields. The targets are clamped to one unit, never the predictions: a lobe that the network
 * misses altogether keeps its gradient.
 * @param predicted [N, 2] in network units: signed, unsigned.
 * @param targetMm [N, 2] in mm.
 */
export function fieldLoss(
  predicted: tf.Tensor2D,
  targetMm: tf.Tensor2D,
  unitMm: number,
  weights: FieldRecipe['loss'],
): FieldLoss {
  const [predictedSigned, predictedUnsigned] = tf.split(predicted, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  const [signedMm, unsignedMm] = tf.split(targetMm, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  const targetSigned = tf.clipByValue(tf.mul(signedMm, 1 / unitMm), -1, 1);
  const targetUnsigned = tf.clipByValue(tf.mul(unsignedMm, 1 / unitMm), 0, 1);
  const inside = tf.cast(tf.less(signedMm, 0), 'float32');
  const signed = smoothL1(tf.sub(predictedSigned, targetSigned), weights.beta);
  const unsigned = smoothL1(tf.sub(predictedUnsigned, targetUnsigned), weights.beta);
  const sign = crossEntropy(tf.mul(predictedSigned, -weights.sharpness), inside);
  const total = tf.addN([
    tf.mul(signed, weights.signedWeight),
    tf.mul(unsigned, weights.unsignedWeight),
    tf.mul(sign, weights.signWeight),
  ]) as tf.Scalar;
  return { total, signed, unsigned, sign };
}

export interface RegionLoss {
  readonly total: tf.Scalar;
  readonly crossEntropy: tf.Scalar;
  readonly dice: tf.Scalar;
}

/**
 * Cross-entropy plus soft Dice.
 * @param logits, occupancy [B, D, H, W, 1]; occupancy is the share of each voxel that the appendage fills.
 */
export function regionLoss(
  logits: tf.Tensor5D,
  occupancy: tf.Tensor5D,
  weights: RegionRecipe['loss'],
): RegionLoss {
  const entropy = crossEntropy(logits, occupancy);
  const probability = tf.sigmoid(logits);
  const axes = [1, 2, 3, 4];
  const overlap = tf.sum(tf.mul(probability, occupancy), axes);
  const total = tf.add(tf.sum(probability, axes), tf.sum(occupancy, axes));
  // The added one keeps an empty block from dividing by zero.
  const dice = tf.sub(1, tf.mean(tf.div(tf.add(tf.mul(overlap, 2), 1), tf.add(total, 1)))) as tf.Scalar;
  return {
    total: tf.add(tf.mul(entropy, weights.crossEntropyWeight), tf.mul(dice, weights.diceWeight)) as tf.Scalar,
    crossEntropy: entropy,
    dice,
  };
}

/**
 * Smooth L1 of the distances to each structure, voxels near it counting most, and the mean over the structures as total.
 * @param predicted, target [N, structures] in units of the network's reach; targets beyond one count as one
 * @param inside [N, 1]: 1 in the scan, 0 outside, where nothing is to be learned
 */
export function surroundingsLoss(
  predicted: tf.Tensor2D,
  target: tf.Tensor2D,
  inside: tf.Tensor2D,
  structures: readonly SurroundingName[],
  { beta, near, farWeight }: { readonly beta: number; readonly near: number; readonly farWeight: number },
): { readonly total: tf.Scalar; readonly [structure: string]: tf.Scalar } {
  const clamped = tf.clipByValue(target, -1, 1);
  const weight = tf.mul(tf.add(tf.exp(tf.mul(tf.square(clamped), -1 / near ** 2)), farWeight), inside);
  const magnitude = tf.abs(tf.sub(predicted, clamped));
  const quadratic = tf.minimum(magnitude, beta);
  const value = tf.add(tf.mul(tf.square(quadratic), 1 / (2 * beta)), tf.sub(magnitude, quadratic));
  // One row of means, one for each structure; a block without a voxel in the scan counts nothing.
  // Not `tf.sum` along the rows: on WebGPU it transposes, which fails from 2²⁰ rows on, four cubes of 64³.
  const means = tf.div(columnSum(tf.mul(value, weight)), tf.add(columnSum(weight), 1e-3)) as tf.Tensor1D;
  const named = structures.map((name, index) => [name, tf.reshape(tf.slice(means, [index], [1]), [])]);
  return { total: tf.mean(means) as tf.Scalar, ...Object.fromEntries(named) };
}
