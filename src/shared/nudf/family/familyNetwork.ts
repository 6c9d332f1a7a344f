import * as tf from '@tensorflow/tfjs-core';
import { batchNorm, webgpuOps } from '#shared/nudf/kernels/index.ts';
import { voxelMapping } from '#shared/nudf/network/levelMapping.ts';
import type { NetworkOps } from '#shared/nudf/network/networkOps.ts';
import { type NetworkParameters, parameterOf } from '#shared/nudf/network/networkParameters.ts';
import { type FamilySpec, familyDecoderWidths, familyResolutions } from './familySpec.ts';

/** Takes mean and 1/√(variance + 1e-5) of one level's batch norm over a batch, [2, channels]. */
export type TakeStatistics = (level: number, statistics: tf.Tensor2D) => void;

/** PyTorch's default, added to the variance before its root is taken. */
const EPSILON = 1e-5;

/** A network of the family in TensorFlow.js, differentiable. It owns nothing; call it inside tf.tidy. */
export interface FamilyNetwork {
  /**
   * @param images [B, D, H, W, 1], raw HU
   * @param training takes the batch's statistics, by which the norms then go; without it they go by the running ones
   * @returns the levels, the image itself first
   */
  encode(images: tf.Tensor5D, training?: TakeStatistics): tf.Tensor5D[];
  /**
   * @param pointsNormalized [B, P, 3], x, y, z in the whole cube
   * @param firstVoxel where the levels are those of a part of the cube: its first voxel in the image, x, y, z
   * @returns [B·P, outputs] in normalised units
   */
  decode(
    levels: readonly tf.Tensor5D[],
    pointsNormalized: tf.Tensor3D,
    firstVoxel?: readonly [number, number, number],
  ): tf.Tensor2D;
}

/** @param parameters the weights by our names; variables where they are trained */
export function createFamilyNetwork(
  spec: FamilySpec,
  parameters: NetworkParameters,
  ops: NetworkOps = webgpuOps(),
): FamilyNetwork {
  const vector = (name: string): tf.Tensor1D => parameterOf<tf.Rank.R1>(parameters, name, 1);
  const wholeSizes = familyResolutions(spec);
  const widths = familyDecoderWidths(spec);
  return {
    encode(images, training) {
      const levels = [images];
      let value = images;
      spec.levels.forEach(({ pool, channels }, level) => {
        if (pool > 1) value = ops.maxPool3d(value, pool);
        channels.forEach((_, index) => {
          const prefix = `encoder.${level}.${index}`;
          const kernel = parameterOf<tf.Rank.R5>(parameters, `${prefix}.kernel`, 5);
          value = ops.conv3dSame(value, kernel, vector(`${prefix}.bias`), true);
        });
        const norm = `encoder.${level}.norm`;
        const [scale, offset] = [vector(`${norm}.scale`), vector(`${norm}.offset`)];
        if (training) {
          const { y, statistics } = batchNorm(value, scale, offset);
          training(level, statistics);
          value = y;
        } else {
          const factor = tf.mul(scale, tf.rsqrt(tf.add(vector(`${norm}.variance`), EPSILON)));
          const shift = tf.sub(offset, tf.mul(vector(`${norm}.mean`), factor));
          // As rows: TensorFlow.js' own shaders cannot broadcast a vector over five axes.
          const rows = tf.reshape(value, [-1, factor.shape[0]!]);
          value = tf.reshape(tf.add(tf.mul(rows, factor), shift), value.shape);
        }
        levels.push(value);
      });
      return levels;
    },
    decode(levels, points, firstVoxel = [0, 0, 0]) {
      const mappings = levels.map((level, index) => {
        const whole = wholeSizes[index]!;
        const pooled = spec.resolution / whole;
        const [x, y, z] = firstVoxel;
        return voxelMapping(level.shape, spec.alignCorners, [x / pooled, y / pooled, z / pooled], whole);
      });
      const layer = (index: number) =>
        [
          parameterOf<tf.Rank.R2>(parameters, `decoder.${index}.kernel`, 2),
          vector(`decoder.${index}.bias`),
          index + 2 < widths.length,
        ] as const;
      let rows = ops.sampledDense(levels, points, spec.offsetNormalized, ...layer(0), mappings);
      for (let index = 1; index + 1 < widths.length; index++) rows = ops.dense(rows, ...layer(index));
      return rows;
    },
  };
}
