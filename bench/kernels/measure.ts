import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { newTensor, runProgram } from '#shared/nudf/kernels/gpuProgram.ts';
import type { WebGpu } from '../../src/shared/nudf/engine/webgpuBackend.ts';

export interface Timing {
  readonly ms: number;
  readonly firstMs: number;
}

/** Mean time of an operation on the device, after a first call that compiles; results are disposed of. */
export async function measure(gpu: WebGpu, run: () => tf.TensorInfo[], budgetMs = 120): Promise<Timing> {
  const once = () => {
    for (const tensor of run()) gpu.backend.disposeData(tensor.dataId);
  };
  const settle = async () => {
    gpu.backend.endComputePassEncoder();
    gpu.backend.ensureCommandEncoderReady();
    gpu.backend.submitQueue();
    await gpu.device.queue.onSubmittedWorkDone();
  };
  const timed = async (count: number) => {
    const began = performance.now();
    for (let i = 0; i < count; i++) once();
    await settle();
    return (performance.now() - began) / count;
  };
  await settle();
  const firstMs = await timed(1);
  const second = await timed(1);
  const count = Math.max(1, Math.min(50, Math.round(budgetMs / second)));
  return { ms: count > 1 ? await timed(count) : second, firstMs };
}

export const report = (name: string, timing: Timing, flops: number, bytes: number, note = ''): void => {
  const { ms, firstMs } = timing;
  const rates = [
    flops ? `${(flops / ms / 1e9).toFixed(2).padStart(7)} TFLOP/s` : ''.padStart(15),
    bytes ? `${(bytes / ms / 1e6).toFixed(0).padStart(6)} GB/s` : ''.padStart(11),
  ];
  console.log(
    `${name.padEnd(58)} ${ms.toFixed(3).padStart(9)} ms ${rates.join(' ')}  (first ${firstMs.toFixed(0)} ms) ${note}`,
  );
};

/** The value at index i of a test tensor with this seed, in [−0.5, 0.5); the shader below gives the same. */
export function testValue(seed: number, i: number): number {
  let h = (i ^ Math.imul(seed, 0x9e3779b9)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b) >>> 0;
  return ((h ^ (h >>> 16)) & 0xffff) / 65536 - 0.5;
}

/** A tensor of testValue, made on the device. */
export function testTensor(backend: WebGPUBackend, shape: readonly number[], seed: number): tf.TensorInfo {
  const tensor = newTensor(backend, shape);
  const size = tf.util.sizeFromShape([...shape]);
  runProgram(
    backend,
    {
      key: `testTensor ${size} ${seed}`,
      code: () => `
@group(0) @binding(0) var<storage, read_write> values: array<f32>;
@compute @workgroup_size(256) fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < ${size}u; i += groups.x * 256u) {
    var h = i ^ ${Math.imul(seed, 0x9e3779b9) >>> 0}u;
    h = (h ^ (h >> 16u)) * 0x7feb352du;
    h = (h ^ (h >> 15u)) * 0x846ca68bu;
    values[i] = f32((h ^ (h >> 16u)) & 0xffffu) / 65536.0 - 0.5;
  }
}`,
    },
    [tensor],
    [Math.min(16384, Math.ceil(size / 256)), 1, 1],
  );
  return tensor;
}

/** Reads a few values of a tensor without downloading it. */
export async function readValues(
  gpu: WebGpu,
  tensor: tf.TensorInfo,
  first: number,
  count: number,
): Promise<Float32Array> {
  gpu.backend.endComputePassEncoder();
  gpu.backend.ensureCommandEncoderReady();
  gpu.backend.submitQueue();
  const source = gpu.backend.tensorMap.get(tensor.dataId).resource as GPUBuffer;
  const target = gpu.device.createBuffer({
    size: count * 4,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const encoder = gpu.device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, first * 4, target, 0, count * 4);
  gpu.device.queue.submit([encoder.finish()]);
  await target.mapAsync(GPUMapMode.READ);
  const values = new Float32Array(target.getMappedRange().slice(0));
  target.destroy();
  return values;
}

/** Largest difference, as a share of what the sum of `terms` products could round to. */
export const agreement = (actual: number, expected: number, terms: number): string => {
  const share = Math.abs(actual - expected) / Math.sqrt(terms / 144);
  return share < 1e-4 ? `ok ${share.toExponential(0)}` : `WRONG: ${actual} for ${expected}`;
};

export const dispose = (gpu: WebGpu, ...tensors: tf.TensorInfo[]): void => {
  for (const tensor of tensors) gpu.backend.disposeData(tensor.dataId);
};
