import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { GROUP_NORM_EPSILON } from '../network/networkOps.ts';
import { stockOps } from '../network/stockOps.ts';
import { callKernel, discard, newTensor, onGpu, registerGpuKernel, runProgram } from './gpuProgram.ts';
import {
  chunkMomentsShader,
  chunksOf,
  type GroupNormKind,
  type GroupNormShape,
  gradientCoefficientsShader,
  gradientSumsShader,
  inputGradientShader,
  lanesOf,
  MOST_CHANNELS,
  mergeMomentsShader,
  normalizeShader,
  uniformsOf,
} from './groupNormShaders.ts';
import { sumSplits } from './sumSplits.ts';

function shapeOf(x: tf.TensorInfo, groups: number, relu: boolean): GroupNormShape {
  const channels = x.shape.at(-1)!;
  const batch = x.shape[0]!;
  if (channels % groups || lanesOf(channels).across > MOST_CHANNELS) {
    throw new Error(`A group norm of ${groups} groups cannot take ${channels} channels.`);
  }
  return { batch, channels, groups, relu, voxels: tf.util.sizeFromShape(x.shape) / batch / channels };
}

/** What the texts of the shaders depend on, also as a part of their keys. */
function kindOf(s: GroupNormShape): { kind: GroupNormKind; key: string } {
  const { type } = lanesOf(s.channels);
  return { kind: { type, relu: s.relu }, key: `${type}${s.relu ? ' relu' : ''}` };
}

/** @returns y, and the statistics [batch, 2, channels]: mean and 1/σ of each channel's group. */
export function gpuGroupNormRelu(
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  scale: tf.TensorInfo,
  offset: tf.TensorInfo,
  groups: number,
  relu = true,
): [tf.TensorInfo, tf.TensorInfo] {
  const s = shapeOf(x, groups, relu);
  const { kind, key } = kindOf(s);
  const uniforms = uniformsOf(s);
  const overChunks = [chunksOf(s), s.batch, 1] as const;
  const moments = newTensor(backend, [s.batch, chunksOf(s), 2, s.channels]);
  runProgram(
    backend,
    { key: `gnChunks ${kind.type}`, code: (declared) => chunkMomentsShader(kind, declared) },
    [x, moments],
    overChunks,
    uniforms,
  );
  const statistics = newTensor(backend, [s.batch, 2, s.channels]);
  runProgram(
    backend,
    { key: 'gnMerge', code: (declared) => mergeMomentsShader(GROUP_NORM_EPSILON, declared) },
    [moments, statistics],
    [s.groups, s.batch, 1],
    uniforms,
  );
  discard(backend, moments);
  const y = newTensor(backend, x.shape);
  runProgram(
    backend,
    { key: `gnNormalize ${key}`, code: (declared) => normalizeShader(kind, declared) },
    [x, statistics, scale, offset, y],
    overChunks,
    uniforms,
  );
  return [y, statistics];
}

/** @returns the gradients of x, scale and offset. */
export function gpuGroupNormReluGradient(
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  statistics: tf.TensorInfo,
  scale: tf.TensorInfo,
  offset: tf.TensorInfo,
  groups: number,
  relu = true,
): [tf.TensorInfo, tf.TensorInfo, tf.TensorInfo] {
  const s = shapeOf(x, groups, relu);
  const { kind, key } = kindOf(s);
  const uniforms = uniformsOf(s);
  const overChunks = [chunksOf(s), s.batch, 1] as const;
  const partials = newTensor(backend, [chunksOf(s), s.batch, 2, s.channels]);
  runProgram(
    backend,
    { key: `gnGradientSums ${key}`, code: (declared) => gradientSumsShader(kind, declared) },
    [x, dy, statistics, scale, offset, partials],
    overChunks,
    uniforms,
  );
  const sums = newTensor(backend, [s.batch, 2, s.channels]);
  sumSplits(backend, partials, chunksOf(s), s.batch * 2 * s.channels, sums);
  const means = newTensor(backend, [s.batch, 2, s.channels]);
  const dScale = newTensor(backend, [s.channels]);
  const dOffset = newTensor(backend, [s.channels]);
  runProgram(
    backend,
    { key: 'gnGradientMeans', code: gradientCoefficientsShader },
    [sums, scale, means, dScale, dOffset],
    [Math.ceil((s.batch * s.channels) / 64), 1, 1],
    uniforms,
  );
  const dx = newTensor(backend, x.shape);
  runProgram(
    backend,
    { key: `gnInputGradient ${key}`, code: (declared) => inputGradientShader(kind, declared) },
    [x, dy, statistics, scale, offset, means, dx],
    overChunks,
    uniforms,
  );
  discard(backend, partials, sums, means);
  return [dx, dScale, dOffset];
}

const GROUP_NORM = 'AuricleGroupNormRelu';
const GROUP_NORM_GRADIENT = 'AuricleGroupNormReluGradient';

/** Registers the kernels with the backend 'webgpu'. */
export function registerGroupNorm(): void {
  registerGpuKernel(GROUP_NORM, ({ x, scale, offset }, { groups, relu }, backend) =>
    gpuGroupNormRelu(backend, x!, scale!, offset!, groups as number, relu as boolean),
  );
  registerGpuKernel(GROUP_NORM_GRADIENT, (inputs, { groups, relu }, backend) =>
    gpuGroupNormReluGradient(
      backend,
      inputs.x!,
      inputs.dy!,
      inputs.statistics!,
      inputs.scale!,
      inputs.offset!,
      groups as number,
      relu as boolean,
    ),
  );
  tf.registerGradient({
    kernelName: GROUP_NORM,
    inputsToSave: ['x', 'scale', 'offset'],
    outputsToSave: [false, true],
    gradFunc: (dys, saved, attrs) => {
      const dy = (dys as tf.Tensor[])[0]!;
      const [x, scale, offset, statistics] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const [dx, dScale, dOffset] = callKernel<tf.Tensor[]>(
        GROUP_NORM_GRADIENT,
        { x, dy, statistics, scale, offset },
        { groups: attrs.groups, relu: attrs.relu },
      );
      return { x: () => dx!, scale: () => dScale!, offset: () => dOffset! };
    },
  });
}

/**
 * ReLU(scale·(x − mean)/√(variance + 1e-5) + offset) with mean and (biased) variance over the voxels and channels of
 * each group (Wu and He 2018), differentiable on every backend.
 * @param x [batch, depth, height, width, channels]
 * @param scale [channels]
 * @param offset [channels]
 * @param groups divides the channels into consecutive, equal groups
 */
export function groupNormRelu(
  x: tf.Tensor5D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  groups: number,
): tf.Tensor5D {
  if (onGpu()) {
    const [y, statistics] = callKernel<tf.Tensor[]>(GROUP_NORM, { x, scale, offset }, { groups, relu: true });
    statistics!.dispose();
    return y as tf.Tensor5D;
  }
  return stockOps.groupNormRelu(x, scale, offset, groups);
}

/** What {@link batchNorm} gives: the normalised volume; mean and 1/√(variance + 1e-5) of each channel, [2, channels]. */
export interface BatchNormed {
  readonly y: tf.Tensor5D;
  readonly statistics: tf.Tensor2D;
}

/**
 * scale·(x − mean)/√(variance + 1e-5) + offset with mean and (biased) variance of each channel over all voxels of the
 * batch (Ioffe and Szegedy 2015; PyTorch's BatchNorm3d in training). y is differentiable on every backend.
 * @param x [batch, depth, height, width, channels]
 * @param scale [channels]
 * @param offset [channels]
 */
export function batchNorm(x: tf.Tensor5D, scale: tf.Tensor1D, offset: tf.Tensor1D): BatchNormed {
  const channels = x.shape[4];
  if (!onGpu()) {
    const { mean, variance } = tf.moments(x, [0, 1, 2, 3]);
    const inverseDeviation = tf.rsqrt(tf.add(variance, GROUP_NORM_EPSILON)) as tf.Tensor1D;
    const y = tf.add(tf.mul(tf.mul(tf.sub(x, mean), inverseDeviation), scale), offset) as tf.Tensor5D;
    return { y, statistics: tf.stack([mean, inverseDeviation]) as tf.Tensor2D };
  }
  // The batch as one image, each channel a group of its own.
  const joined = tf.reshape(x, [1, -1, 1, 1, channels]);
  const [y, statistics] = callKernel<tf.Tensor[]>(
    GROUP_NORM,
    { x: joined, scale, offset },
    { groups: channels, relu: false },
  );
  return { y: tf.reshape(y!, x.shape), statistics: tf.reshape(statistics!, [2, channels]) };
}
