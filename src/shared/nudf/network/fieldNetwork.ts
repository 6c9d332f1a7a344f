import * as tf from '@tensorflow/tfjs-core';
import { convolutionLevel } from './convolutionLevel.ts';
import type { NetworkOps } from './networkOps.ts';
import { type NetworkParameters, parameterOf } from './networkParameters.ts';
import type { FieldNetworkSpec } from './networkSpec.ts';
import { decoderWidths, outputCount, tapOffsetNormalized } from './weightLayout.ts';

/** The dual-field network in TensorFlow.js. It owns nothing: tensors that it returns are the caller's to dispose. */
export interface FieldNetwork {
  readonly spec: FieldNetworkSpec;
  /**
   * @param image [B, D, H, W, 1], clamp(HU, ±clipHu)/clipHu, resolution³ voxels
   * @returns the levels, the image itself first
   */
  encode(image: tf.Tensor5D): tf.Tensor5D[];
  /**
   * @param pointsNormalized [B, P, 3], x, y, z in [−1, 1]
   * @returns [B, P, outputs]: signed and unsigned distance and the ways to the landmarks, in units of spec.unitMm
   */
  decode(levels: readonly tf.Tensor5D[], pointsNormalized: tf.Tensor3D): tf.Tensor3D;
}

/**
 * The field network of a spec on given weights. Source: Sørensen et al., ISBI 2022; docs/method.md says where it differs.
 * Parameters stay the caller's.
 */
export function createFieldNetwork(
  spec: FieldNetworkSpec,
  parameters: NetworkParameters,
  ops: NetworkOps,
): FieldNetwork {
  const decode = (levels: readonly tf.Tensor5D[], points: tf.Tensor3D): tf.Tensor3D => {
    const [batch, count] = points.shape;
    const widths = decoderWidths(spec);
    const layer = (index: number) =>
      [
        parameterOf<tf.Rank.R2>(parameters, `decoder.${index}.kernel`, 2),
        parameterOf<tf.Rank.R1>(parameters, `decoder.${index}.bias`, 1),
        index + 2 < widths.length,
      ] as const;
    let rows = ops.sampledDense(levels, points, tapOffsetNormalized(spec), ...layer(0));
    for (let index = 1; index + 1 < widths.length; index++) rows = ops.dense(rows, ...layer(index));
    return tf.reshape(rows, [batch, count, outputCount(spec)]);
  };
  return {
    spec,
    encode: (image) =>
      tf.tidy(() => {
        const levels = [image];
        let value = image;
        spec.levels.forEach((level, levelIndex) => {
          if (level.pool > 1) value = ops.maxPool3d(value, level.pool);
          value = convolutionLevel(
            value,
            parameters,
            ops,
            `encoder.${levelIndex}`,
            level.channels.length,
            spec.normGroups,
          );
          levels.push(value);
        });
        return levels;
      }),
    decode: (levels, points) => tf.tidy(() => decode(levels, points)),
  };
}
