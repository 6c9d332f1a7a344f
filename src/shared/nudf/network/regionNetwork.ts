import * as tf from '@tensorflow/tfjs-core';
import { convolutionLevel } from './convolutionLevel.ts';
import type { NetworkOps } from './networkOps.ts';
import { type NetworkParameters, parameterOf } from './networkParameters.ts';
import type { VolumeNetworkSpec } from './networkSpec.ts';
import { voxelOutputs } from './weightLayout.ts';

/** A U-Net of voxels in TensorFlow.js: the region's, or that of the surroundings. It owns nothing: the tensor that it returns is the caller's to dispose. */
export interface RegionNetwork {
  readonly spec: VolumeNetworkSpec;
  /** @param image [B, D, H, W, 1], clamp(HU, ±clipHu)/clipHu; @returns [B, D, H, W, outputs]: logits, or distances in units of reachMm */
  logits(image: tf.Tensor5D): tf.Tensor5D;
}

/**
 * Each voxel becomes 2³ of its value. Axis by axis as a concatenation of two copies of rank 4, which every backend has
 * with its gradient.
 */
function upsampleNearest(volume: tf.Tensor5D): tf.Tensor5D {
  const [batch, depth, height, width, channels] = volume.shape;
  const twice = (value: tf.Tensor, before: number, rest: number): tf.Tensor => {
    const spread = tf.reshape(value, [before, 1, rest]);
    return tf.concat([spread, spread], 1);
  };
  const inWidth = twice(volume, batch * depth * height * width, channels);
  const inHeight = twice(inWidth, batch * depth * height, 2 * width * channels);
  const inDepth = twice(inHeight, batch * depth, 4 * height * width * channels);
  return tf.reshape(inDepth, [batch, 2 * depth, 2 * height, 2 * width, channels]);
}

/** Concatenation along the channels, as matrices. */
function concatChannels(first: tf.Tensor5D, second: tf.Tensor5D): tf.Tensor5D {
  const [batch, depth, height, width, a] = first.shape;
  const b = second.shape[4];
  const rows = tf.concat([tf.reshape(first, [-1, a]), tf.reshape(second, [-1, b])], 1);
  return tf.reshape(rows, [batch, depth, height, width, a + b]);
}

/** The network of a spec on given weights. Parameters stay the caller's. */
export function createRegionNetwork(
  spec: VolumeNetworkSpec,
  parameters: NetworkParameters,
  ops: NetworkOps,
): RegionNetwork {
  const level = (volume: tf.Tensor5D, prefix: string): tf.Tensor5D =>
    convolutionLevel(volume, parameters, ops, prefix, 2, spec.normGroups);
  const logits = (image: tf.Tensor5D): tf.Tensor5D => {
    const skips: tf.Tensor5D[] = [];
    let value = image;
    for (let index = 0; index < spec.channels.length; index++) {
      if (index > 0) value = ops.maxPool3d(value, 2);
      value = level(value, `down.${index}`);
      skips.push(value);
    }
    for (let index = spec.channels.length - 2; index >= 0; index--) {
      value = level(concatChannels(skips[index]!, upsampleNearest(value)), `up.${index}`);
    }
    const channels = spec.channels[0]!;
    // A 1³ convolution is a dense layer on every voxel.
    const kernel = parameterOf<tf.Rank.R5>(parameters, 'head.kernel', 5);
    const bias = parameterOf<tf.Rank.R1>(parameters, 'head.bias', 1);
    const rows = tf.reshape(value, [-1, channels]) as tf.Tensor2D;
    const outputs = voxelOutputs(spec);
    const out = ops.dense(rows, tf.reshape(kernel, [channels, outputs]), bias, false);
    const [batch, depth, height, width] = image.shape;
    return tf.reshape(out, [batch, depth, height, width, outputs]);
  };
  return { spec, logits: (image) => tf.tidy(() => logits(image)) };
}
