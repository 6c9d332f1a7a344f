import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import {
  callKernel,
  discard,
  newTensor,
  onGpu,
  registerGpuKernel,
  runProgram,
  WORKGROUP_ROW,
  workgroups,
} from './gpuProgram.ts';
import { sumSplits } from './sumSplits.ts';

const THREADS = 256;

/** Rows that one workgroup sums, so that a large matrix makes a few thousand workgroups. */
const chunkOf = (rows: number): number => Math.max(64, Math.ceil(rows / 2048));

function columnSumShader(rows: number, columns: number, chunk: number): string {
  const wide = columns % 4 === 0 && columns <= 4 * THREADS;
  const items = wide ? columns / 4 : columns;
  const type = wide ? 'vec4f' : 'f32';
  const across = Math.min(items, THREADS);
  const down = Math.floor(THREADS / across);
  return `
@group(0) @binding(0) var<storage, read> x: array<${type}>;
@group(0) @binding(1) var<storage, read_write> partials: array<${type}>;
var<workgroup> sums: array<${type}, ${across * down}>;
@compute @workgroup_size(${across * down})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let part = wg.x + wg.y * ${WORKGROUP_ROW}u;
  let end = min((part + 1u) * ${chunk}u, ${rows}u);
  for (var first = 0u; first < ${items}u; first += ${across}u) {
    let column = first + lid % ${across}u;
    var sum = ${type}();
    if (column < ${items}u) {
      for (var row = part * ${chunk}u + lid / ${across}u; row < end; row += ${down}u) { sum += x[row * ${items}u + column]; }
    }
    sums[lid] = sum;
    workgroupBarrier();
    if (lid < ${across}u && column < ${items}u && part < ${Math.ceil(rows / chunk)}u) {
      for (var i = 1u; i < ${down}u; i++) { sum += sums[lid + i * ${across}u]; }
      partials[part * ${items}u + column] = sum;
    }
    workgroupBarrier();
  }
}`;
}

/** Sum over all axes but the last: […, columns] → [columns], in a fixed order. */
export function gpuColumnSum(backend: WebGPUBackend, x: tf.TensorInfo): tf.TensorInfo {
  const columns = x.shape.at(-1)!;
  const rows = tf.util.sizeFromShape(x.shape) / columns;
  const chunk = chunkOf(rows);
  const parts = Math.ceil(rows / chunk);
  const result = newTensor(backend, [columns]);
  const partials = parts > 1 ? newTensor(backend, [parts, columns]) : result;
  runProgram(
    backend,
    { key: `columnSum ${rows} ${columns}`, code: () => columnSumShader(rows, columns, chunk) },
    [x, partials],
    workgroups(parts),
  );
  if (parts > 1) {
    sumSplits(backend, partials, parts, columns, result);
    discard(backend, partials);
  }
  return result;
}

const COLUMN_SUM = 'AuricleColumnSum';

/** Registers the kernel with the backend 'webgpu'. */
export function registerColumnSum(): void {
  registerGpuKernel(COLUMN_SUM, ({ x }, _, backend) => gpuColumnSum(backend, x!));
  tf.registerGradient({
    kernelName: COLUMN_SUM,
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => tf.broadcastTo(dy as tf.Tensor, x!.shape) }),
  });
}

/** Sum over all axes but the last: […, columns] → [columns]; the gradient of a bias. Differentiable on every backend. */
export function columnSum(x: tf.Tensor): tf.Tensor1D {
  if (onGpu()) return callKernel<tf.Tensor1D>(COLUMN_SUM, { x });
  const columns = x.shape.at(-1)!;
  return tf.tidy(() => tf.sum(tf.reshape(x, [-1, columns]), 0));
}
