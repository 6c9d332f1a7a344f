import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import {
  callKernel,
  discard,
  newTensor,
  onGpu,
  registerGpuKernel,
  runProgram,
  type Uniforms,
  WORKGROUP_ROW,
  workgroups,
} from './gpuProgram.ts';
import { sumSplits } from './sumSplits.ts';

export interface ClampedLossOptions {
  /** Truths beyond this count as this. */
  readonly clamp: number;
  /** Whether predictions are clamped as well; where they are, they have no gradient. */
  readonly isPredictionClamped: boolean;
  /** What the sum is multiplied by. */
  readonly scale: number;
}

const THREADS = 256;
const PER_GROUP = THREADS * 8;

/** Difference of the prediction at `i` from its truth, as the loss sees it. */
const difference = (isPredictionClamped: boolean, uniforms: string): string => `
@group(0) @binding(0) var<storage, read> predicted: array<f32>;
@group(0) @binding(1) var<storage, read> truth: array<f32>;
${uniforms}
fn difference(i: u32) -> f32 {
  return ${isPredictionClamped ? 'min(predicted[i], U.clampAndScale.x)' : 'predicted[i]'} - min(truth[i], U.clampAndScale.x);
}`;

const uniformsOf = (size: number, { clamp, scale }: ClampedLossOptions): Uniforms => ({
  clampAndScale: Float32Array.of(clamp, scale, 0, 0),
  size,
  parts: Math.ceil(size / PER_GROUP),
});

const sumShader = (
  isPredictionClamped: boolean,
  uniforms: string,
): string => `${difference(isPredictionClamped, uniforms)}
@group(0) @binding(2) var<storage, read_write> partials: array<f32>;
var<workgroup> sums: array<f32, ${THREADS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let part = wg.x + wg.y * ${WORKGROUP_ROW}u;
  let end = min((part + 1u) * ${PER_GROUP}u, U.size);
  var sum = 0.0;
  for (var i = part * ${PER_GROUP}u + lid; i < end; i += ${THREADS}u) { sum += abs(difference(i)); }
  sums[lid] = sum * U.clampAndScale.y;
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lid < half) { sums[lid] += sums[lid + half]; }
  }
  if (lid == 0u && part < U.parts) { partials[part] = sums[0]; }
}`;

const gradientShader = (
  isPredictionClamped: boolean,
  uniforms: string,
): string => `${difference(isPredictionClamped, uniforms)}
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> gradient: array<f32>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let i = (wg.x + wg.y * ${WORKGROUP_ROW}u) * ${THREADS}u + lid;
  if (i >= U.size) { return; }
  let slope = sign(difference(i)) * dy[0] * U.clampAndScale.y;
  gradient[i] = ${isPredictionClamped ? 'select(0.0, slope, predicted[i] <= U.clampAndScale.x)' : 'slope'};
}`;

function gpuClampedLoss(
  backend: WebGPUBackend,
  predicted: tf.TensorInfo,
  truth: tf.TensorInfo,
  options: ClampedLossOptions,
): tf.TensorInfo {
  const size = tf.util.sizeFromShape(predicted.shape);
  const parts = Math.ceil(size / PER_GROUP);
  const loss = newTensor(backend, []);
  const partials = parts > 1 ? newTensor(backend, [parts]) : loss;
  runProgram(
    backend,
    {
      key: `clampedLoss ${options.isPredictionClamped}`,
      code: (uniforms) => sumShader(options.isPredictionClamped, uniforms),
    },
    [predicted, truth, partials],
    workgroups(parts),
    uniformsOf(size, options),
  );
  if (parts > 1) {
    sumSplits(backend, partials, parts, 1, loss);
    discard(backend, partials);
  }
  return loss;
}

function gpuClampedLossGradient(
  backend: WebGPUBackend,
  predicted: tf.TensorInfo,
  truth: tf.TensorInfo,
  dy: tf.TensorInfo,
  options: ClampedLossOptions,
): tf.TensorInfo {
  const size = tf.util.sizeFromShape(predicted.shape);
  const gradient = newTensor(backend, predicted.shape);
  runProgram(
    backend,
    {
      key: `clampedLossGradient ${options.isPredictionClamped}`,
      code: (uniforms) => gradientShader(options.isPredictionClamped, uniforms),
    },
    [predicted, truth, dy, gradient],
    workgroups(Math.ceil(size / THREADS)),
    uniformsOf(size, options),
  );
  return gradient;
}

const LOSS = 'AuricleClampedLoss';
const LOSS_GRADIENT = 'AuricleClampedLossGradient';

/** Registers the kernels with the backend 'webgpu'. */
export function registerClampedLoss(): void {
  registerGpuKernel(LOSS, ({ predicted, truth }, attrs, backend) =>
    gpuClampedLoss(backend, predicted!, truth!, attrs as unknown as ClampedLossOptions),
  );
  registerGpuKernel(LOSS_GRADIENT, ({ predicted, truth, dy }, attrs, backend) =>
    gpuClampedLossGradient(backend, predicted!, truth!, dy!, attrs as unknown as ClampedLossOptions),
  );
  tf.registerGradient({
    kernelName: LOSS,
    inputsToSave: ['predicted', 'truth'],
    gradFunc: (dy, saved, attrs) => {
      const [predicted, truth] = saved as [tf.Tensor, tf.Tensor];
      return {
        predicted: () =>
          callKernel<tf.Tensor>(LOSS_GRADIENT, { predicted, truth, dy: dy as tf.Tensor }, { ...attrs }),
        truth: () => {
          throw new Error('The clamped loss has no gradient with respect to the truth.');
        },
      };
    },
  });
}

/**
 * scale · Σ |prediction − min(truth, clamp)|, the prediction clamped too where asked; differentiable with respect to the
 * predictions on every backend.
 * @param predicted [N]
 * @param truth [N]
 */
export function clampedLoss(
  predicted: tf.Tensor1D,
  truth: tf.Tensor1D,
  options: ClampedLossOptions,
): tf.Scalar {
  if (onGpu()) return callKernel<tf.Scalar>(LOSS, { predicted, truth }, { ...options });
  const compared = options.isPredictionClamped ? tf.minimum(predicted, options.clamp) : predicted;
  return tf.mul(tf.sum(tf.abs(tf.sub(compared, tf.minimum(truth, options.clamp)))), options.scale);
}
