import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { GROUP_NORM_EPSILON } from '../network/networkOps.ts';
import { markWritten, onGpu, runProgram } from './gpuProgram.ts';

/** The statistics that a batch norm uses outside of training, [channels] each. */
export interface RunningStatistics {
  readonly mean: tf.Variable;
  readonly variance: tf.Variable;
}

/** U.factors: the batch's share and n/(n − 1), which makes the variance unbiased. */
const shader = (uniforms: string): string => `${uniforms}
@group(0) @binding(0) var<storage, read> statistics: array<f32>;
@group(0) @binding(1) var<storage, read_write> mean: array<f32>;
@group(0) @binding(2) var<storage, read_write> variance: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let channels = arrayLength(&mean);
  if (id.x >= channels) { return; }
  let inverse = statistics[channels + id.x];
  let unbiased = max(1.0 / (inverse * inverse) - ${GROUP_NORM_EPSILON}, 0.0) * U.factors.y;
  let share = U.factors.x;
  mean[id.x] = (1.0 - share) * mean[id.x] + share * statistics[id.x];
  variance[id.x] = (1.0 - share) * variance[id.x] + share * unbiased;
}`;

/**
 * running ← (1 − share)·running + share·batch, in place, with the batch's unbiased variance (PyTorch's BatchNorm3d).
 * @param statistics what {@link batchNorm} gave, [2, channels]
 * @param values how many values of each channel the batch has
 */
export function updateRunningStatistics(
  running: RunningStatistics,
  statistics: tf.Tensor2D,
  values: number,
  share: number,
): void {
  const correction = values / Math.max(values - 1, 1);
  if (onGpu()) {
    const backend = tf.backend() as WebGPUBackend;
    runProgram(
      backend,
      { key: 'runningStatistics', code: shader },
      [statistics, running.mean, running.variance],
      [Math.ceil(running.mean.size / 64), 1, 1],
      { factors: Float32Array.of(share, correction, 0, 0) },
    );
    markWritten(backend, running.mean, running.variance);
    return;
  }
  tf.tidy(() => {
    const [mean, inverse] = tf.unstack(statistics) as [tf.Tensor, tf.Tensor];
    const biased = tf.maximum(tf.sub(tf.reciprocal(tf.square(inverse)), GROUP_NORM_EPSILON), 0);
    for (const [variable, value] of [
      [running.mean, mean],
      [running.variance, tf.mul(biased, correction)],
    ] as const) {
      variable.assign(tf.add(tf.mul(variable, 1 - share), tf.mul(value, share)));
    }
  });
}
