import type { Rank, Tensor5D } from '@tensorflow/tfjs-core';
import type { NetworkOps } from './networkOps.ts';
import { type NetworkParameters, parameterOf } from './networkParameters.ts';

/** Convolution, group norm and ReLU, `count` times, with the weights `{prefix}.0`, `{prefix}.1`, … */
export function convolutionLevel(
  volume: Tensor5D,
  parameters: NetworkParameters,
  ops: NetworkOps,
  prefix: string,
  count: number,
  normGroups: number,
): Tensor5D {
  let value = volume;
  for (let index = 0; index < count; index++) {
    const vector = (name: string) => parameterOf<Rank.R1>(parameters, `${prefix}.${index}.${name}`, 1);
    const kernel = parameterOf<Rank.R5>(parameters, `${prefix}.${index}.kernel`, 5);
    const linear = ops.conv3dSame(value, kernel, vector('bias'));
    value = ops.groupNormRelu(linear, vector('scale'), vector('offset'), normGroups);
  }
  return value;
}
