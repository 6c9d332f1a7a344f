import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { discard, markWritten, newTensor, onGpu, runProgram, type Uniforms } from './gpuProgram.ts';

export interface AdamWSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled weight decay (Loshchilov and Hutter 2019): weights shrink by learningRate · weightDecay a step. */
  readonly weightDecay: number;
  /** Gradients are scaled down together so that their common norm is at most this; 0 or Infinity for no limit. */
  readonly clipNorm: number;
  /** 1 in the first step. */
  readonly step: number;
}

/** One array of weights with its gradient and its two moments, all of the same shape. */
export interface AdamWItem {
  readonly variable: tf.Variable;
  readonly gradient: tf.Tensor;
  readonly firstMoment: tf.Variable;
  readonly secondMoment: tf.Variable;
  /** Whether the weight decay applies. */
  readonly decay: boolean;
}

const THREADS = 256;
const PER_GROUP = THREADS * 16;

const squaresShader = (uniforms: string): string => `${uniforms}
@group(0) @binding(0) var<storage, read> gradient: array<f32>;
@group(0) @binding(1) var<storage, read_write> partials: array<f32>;
var<workgroup> sums: array<f32, ${THREADS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  var sum = 0.0;
  let end = min((wg.x + 1u) * ${PER_GROUP}u, arrayLength(&gradient));
  for (var i = wg.x * ${PER_GROUP}u + lid; i < end; i += ${THREADS}u) { sum += gradient[i] * gradient[i]; }
  sums[lid] = sum;
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lid < half) { sums[lid] += sums[lid + half]; }
  }
  if (lid == 0u) { partials[U.offset + wg.x] = sums[0]; }
}`;

const NORM = `
@group(0) @binding(0) var<storage, read> partials: array<f32>;
@group(0) @binding(1) var<storage, read_write> norm: array<f32>;
var<workgroup> sums: array<f32, ${THREADS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) lid: u32) {
  var sum = 0.0;
  for (var i = lid; i < arrayLength(&partials); i += ${THREADS}u) { sum += partials[i]; }
  sums[lid] = sum;
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lid < half) { sums[lid] += sums[lid + half]; }
  }
  if (lid == 0u) { norm[0] = sqrt(sums[0]); }
}`;

/** U: a = [learningRate · weightDecay, beta1, beta2, epsilon], b = [learningRate, 1/(1 − β1^t), 1/(1 − β2^t), clipNorm]. */
const updateShader = (isClipped: boolean, uniforms: string): string => `${uniforms}
@group(0) @binding(0) var<storage, read_write> weights: array<f32>;
@group(0) @binding(1) var<storage, read> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> first: array<f32>;
@group(0) @binding(3) var<storage, read_write> second: array<f32>;
${isClipped ? '@group(0) @binding(4) var<storage, read> norm: array<f32>;' : ''}
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let a = U.a;
  let b = U.b;
  ${
    isClipped
      ? `// Infinite or NaN: recognised by the bits, since shaders may assume that floats are finite.
  if ((bitcast<u32>(norm[0]) & 0x7f800000u) == 0x7f800000u) { return; }
  let clip = min(1.0, b.w / (norm[0] + 1e-6));`
      : 'let clip = 1.0;'
  }
  for (var i = id.x; i < arrayLength(&weights); i += groups.x * ${THREADS}u) {
    let g = gradient[i] * clip;
    let m = a.y * first[i] + (1.0 - a.y) * g;
    let v = a.z * second[i] + (1.0 - a.z) * g * g;
    first[i] = m;
    second[i] = v;
    weights[i] = weights[i] * (1.0 - a.x) - b.x * (m * b.y) / (sqrt(v * b.z) + a.w);
  }
}`;

const limitOf = (clipNorm: number): number => (clipNorm > 0 && Number.isFinite(clipNorm) ? clipNorm : 3e38);

function gpuAdamWStep(backend: WebGPUBackend, items: readonly AdamWItem[], s: AdamWSettings): tf.TensorInfo {
  const groupsOf = (item: AdamWItem) => Math.ceil(item.variable.size / PER_GROUP);
  const partials = newTensor(backend, [items.reduce((sum, item) => sum + groupsOf(item), 0)]);
  let offset = 0;
  for (const item of items) {
    const groups = groupsOf(item);
    runProgram(
      backend,
      { key: 'adamW squares', code: squaresShader, isToldEachRun: true },
      [item.gradient, partials],
      [groups, 1, 1],
      { offset },
    );
    offset += groups;
  }
  const norm = newTensor(backend, []);
  runProgram(backend, { key: 'adamW norm', code: () => NORM }, [partials, norm], [1, 1, 1]);
  discard(backend, partials);
  gpuUpdate(backend, items, s, norm);
  return norm;
}

/** Moves the weights, clipped by the gradients' norm where there is one. */
function gpuUpdate(
  backend: WebGPUBackend,
  items: readonly AdamWItem[],
  s: AdamWSettings,
  norm?: tf.TensorInfo,
): void {
  const uniforms = (decay: boolean): Uniforms => ({
    a: Float32Array.of(decay ? s.learningRate * s.weightDecay : 0, s.beta1, s.beta2, s.epsilon),
    b: Float32Array.of(
      s.learningRate,
      1 / (1 - s.beta1 ** s.step),
      1 / (1 - s.beta2 ** s.step),
      limitOf(s.clipNorm),
    ),
  });
  const [plain, decayed] = [uniforms(false), uniforms(true)];
  const program = norm
    ? { key: 'adamW update', code: (uniforms: string) => updateShader(true, uniforms) }
    : { key: 'adam update', code: (uniforms: string) => updateShader(false, uniforms) };
  for (const { variable, gradient, firstMoment, secondMoment, decay } of items) {
    runProgram(
      backend,
      program,
      [variable, gradient, firstMoment, secondMoment, ...(norm ? [norm] : [])],
      [Math.min(4096, Math.ceil(variable.size / THREADS)), 1, 1],
      decay ? decayed : plain,
    );
    markWritten(backend, variable, firstMoment, secondMoment);
  }
}

function plainAdamWStep(items: readonly AdamWItem[], s: AdamWSettings): tf.Scalar {
  return tf.tidy(() => {
    const squares = items.map(({ gradient }) => tf.sum(tf.square(gradient)));
    const norm = tf.sqrt(tf.addN(squares)) as tf.Scalar;
    const finite = tf.isFinite(norm);
    const clip = tf.minimum(1, tf.div(limitOf(s.clipNorm), tf.add(norm, 1e-6)));
    for (const { variable, gradient, firstMoment, secondMoment, decay } of items) {
      const g = tf.mul(gradient, clip);
      const m = tf.add(tf.mul(firstMoment, s.beta1), tf.mul(g, 1 - s.beta1));
      const v = tf.add(tf.mul(secondMoment, s.beta2), tf.mul(tf.square(g), 1 - s.beta2));
      const root = tf.add(tf.sqrt(tf.div(v, 1 - s.beta2 ** s.step)), s.epsilon);
      const move = tf.mul(tf.div(tf.div(m, 1 - s.beta1 ** s.step), root), s.learningRate);
      const kept = tf.mul(variable, 1 - (decay ? s.learningRate * s.weightDecay : 0));
      for (const [target, value] of [
        [variable, tf.sub(kept, move)],
        [firstMoment, m],
        [secondMoment, v],
      ] as const) {
        target.assign(tf.where(tf.logicalAnd(finite, tf.onesLike(tf.cast(target, 'bool'))), value, target));
      }
    }
    return norm;
  });
}

/**
 * One AdamW step over all weights: gradients clipped by their common norm, moments with bias correction, decoupled
 * decay. Weights and moments are changed in place (on WebGPU their buffers themselves: tensors that share them, such
 * as clones, change too). A step whose gradient is not finite changes nothing.
 * @returns the norm of all gradients before clipping, a scalar; the caller disposes of it
 */
export function adamWStep(items: readonly AdamWItem[], settings: AdamWSettings): tf.Scalar {
  if (!onGpu()) return plainAdamWStep(items, settings);
  const norm = gpuAdamWStep(tf.backend() as WebGPUBackend, items, settings);
  return tf.engine().makeTensorFromTensorInfo(norm) as tf.Scalar;
}

/** Adam, as PyTorch has it: like {@link adamWStep}, but not clipped, nor held back where a gradient is not finite. */
export function adamStep(
  items: readonly Omit<AdamWItem, 'decay'>[],
  settings: Omit<AdamWSettings, 'weightDecay' | 'clipNorm'>,
): void {
  const all = items.map((item) => ({ ...item, decay: false }));
  const plain = { ...settings, weightDecay: 0, clipNorm: 0 };
  if (onGpu()) gpuUpdate(tf.backend() as WebGPUBackend, all, plain);
  else plainAdamWStep(all, plain).dispose();
}
