import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import type { LevelMapping } from '../network/levelMapping.ts';
import { discard, type MatrixRows, newTensor, runProgram, workgroups } from './gpuProgram.ts';
import { gpuMatMul, gpuMatMulInto } from './matMul.ts';
import {
  PROJECTED_POINTS,
  type ProjectedSampling,
  sampleProjectedShader,
  scatterProjectedShader,
} from './projectionShaders.ts';
import { boundGradient, boundsOf, fixedToFloat, zeros } from './samplePyramid.ts';
import { gridUniforms, TAPS } from './samplePyramidShaders.ts';

/*
 * The decoder's first layer on samples of the levels. Being linear, it commutes with the sampling: where a level has far
 * fewer voxels than there are samples, its voxels are multiplied by the weights of each tap ("projected") and the
 * products are sampled, in place of sampling features and multiplying those. The weights of a level's channel c and tap t
 * are row c·7 + t of the kernel, so that a level's rows are a matrix [channels, 7·outputs] as they lie.
 */

const samplingOf = (
  level: readonly number[],
  points: readonly number[],
  outputs: number,
): ProjectedSampling => {
  const [batch, depth, height, width] = level as [number, number, number, number];
  return { batch, depth, height, width, points: points[1]!, outputs };
};

/** A level's rows of the kernel as the matrix [channels, 7·outputs]. */
export const asProjection = (kernel: tf.TensorInfo, firstRow: number, channels: number): MatrixRows => {
  const columns = TAPS * kernel.shape[1]!;
  return {
    matrix: { ...kernel, shape: [kernel.shape[0]! / TAPS, columns] },
    firstRow: firstRow / TAPS,
    rows: channels,
  };
};

/** A level as the matrix [voxels, channels]. */
const asMatrix = (level: tf.TensorInfo): tf.TensorInfo => {
  const channels = level.shape[4]!;
  return { ...level, shape: [tf.util.sizeFromShape(level.shape) / channels, channels] };
};

/** The first row of each projected level in the kernel. */
export function firstRows(kernel: tf.TensorInfo, levels: readonly tf.TensorInfo[]): number[] {
  let row = kernel.shape[0]! - levels.reduce((sum, { shape }) => sum + shape[4]! * TAPS, 0);
  return levels.map(({ shape }) => {
    row += shape[4]! * TAPS;
    return row - shape[4]! * TAPS;
  });
}

const groupsOf = (s: ProjectedSampling): [number, number, number] =>
  workgroups(Math.ceil((s.batch * s.points) / PROJECTED_POINTS));

/** What the layer is called with beside its tensors. */
export interface ProjectedLayer {
  readonly offset: number;
  readonly mappings: readonly LevelMapping[];
  readonly relu: boolean;
}

/** The rows of the sampled levels, and those of the zeros behind the features. */
export const sampledRows = (kernel: tf.TensorInfo, features: number): MatrixRows => ({
  matrix: kernel,
  firstRow: 0,
  rows: features,
});

/** features·(the kernel's first rows) + projected samples + bias, then ReLU. */
export function gpuProjectedDense(
  backend: WebGPUBackend,
  features: tf.TensorInfo,
  kernel: tf.TensorInfo,
  bias: tf.TensorInfo,
  points: tf.TensorInfo,
  levels: readonly tf.TensorInfo[],
  { offset, mappings, relu }: ProjectedLayer,
): tf.TensorInfo {
  const outputs = kernel.shape[1]!;
  const rows = firstRows(kernel, levels);
  const sums = newTensor(backend, [features.shape[0]!, outputs]);
  levels.forEach((level, n) => {
    const s = samplingOf(level.shape, points.shape, outputs);
    const projected = gpuMatMul(backend, asMatrix(level), asProjection(kernel, rows[n]!, level.shape[4]!));
    runProgram(
      backend,
      {
        key: `sampleProjected ${outputs} ${n === 0}`,
        code: (uniforms) => sampleProjectedShader(outputs, n === 0, uniforms),
      },
      n === 0 ? [points, projected, bias, sums] : [points, projected, sums],
      groupsOf(s),
      gridUniforms(s, offset, mappings[n]!),
    );
    discard(backend, projected);
  });
  const result = gpuMatMul(backend, features, sampledRows(kernel, features.shape[1]!), {
    added: sums,
    relu,
  });
  discard(backend, sums);
  return result;
}

/** Gradient of a projected level, [voxels, 7·outputs], from that of the layer before its ReLU. */
export function gpuProjectionGradient(
  backend: WebGPUBackend,
  points: tf.TensorInfo,
  g: tf.TensorInfo,
  level: readonly number[],
  offset: number,
  mapping: LevelMapping,
): tf.TensorInfo {
  const s = samplingOf(level, points.shape, g.shape[1]!);
  const grid = gridUniforms(s, offset, mapping);
  const bounds = boundsOf(backend, points, s, true, grid);
  boundGradient(backend, g, bounds, 0, s.outputs);
  const gradient = zeros(backend, [s.batch * s.depth * s.height * s.width, TAPS * s.outputs]);
  runProgram(
    backend,
    {
      key: `scatterProjected ${s.outputs}`,
      code: (uniforms) => scatterProjectedShader(s.outputs, uniforms),
    },
    [points, g, bounds, gradient],
    groupsOf(s),
    grid,
  );
  fixedToFloat(backend, bounds, gradient);
  discard(backend, bounds);
  return gradient;
}

/** Gradient of the whole kernel; `projections` are the gradients of the projected levels. */
export function gpuKernelGradient(
  backend: WebGPUBackend,
  features: tf.TensorInfo,
  g: tf.TensorInfo,
  levels: readonly tf.TensorInfo[],
  projections: readonly tf.TensorInfo[],
  kernelShape: readonly number[],
): tf.TensorInfo {
  const gradient = newTensor(backend, kernelShape);
  const rows = firstRows(gradient, levels);
  // First, for it also writes the rows of the zeros behind the features, which belong to the first projected level.
  gpuMatMulInto(backend, features, g, sampledRows(gradient, features.shape[1]!), { transposeA: true });
  levels.forEach((level, n) => {
    gpuMatMulInto(
      backend,
      asMatrix(level),
      projections[n]!,
      asProjection(gradient, rows[n]!, level.shape[4]!),
      { transposeA: true },
    );
  });
  return gradient;
}
