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

/** U.across vectors of a row side by side, U.down rows below each other; threads beyond them rest. */
const shader = (type: string, uniforms: string): string => `
@group(0) @binding(0) var<storage, read> x: array<${type}>;
@group(0) @binding(1) var<storage, read_write> partials: array<${type}>;
${uniforms}
var<workgroup> sums: array<${type}, ${THREADS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let part = wg.x + wg.y * ${WORKGROUP_ROW}u;
  let end = min((part + 1u) * U.chunk, U.rows);
  for (var first = 0u; first < U.items; first += U.across) {
    let column = first + lid % U.across;
    var sum = ${type}();
    if (column < U.items && lid < U.across * U.down) {
      for (var row = part * U.chunk + lid / U.across; row < end; row += U.down) { sum += x[row * U.items + column]; }
    }
    sums[lid] = sum;
    workgroupBarrier();
    if (lid < U.across && column < U.items && part < U.parts) {
      for (var i = 1u; i < U.down; i++) { sum += sums[lid + i * U.across]; }
      partials[part * U.items + column] = sum;
    }
    workgroupBarrier();
  }
}`;

/** Sum over all axes but the last: […, columns] → [columns], in a fixed order. */
export function gpuColumnSum(backend: WebGPUBackend, x: tf.TensorInfo): tf.TensorInfo {
  const columns = x.shape.at(-1)!;
  const rows = tf.util.sizeFromShape(x.shape) / columns;
  const chunk = chunkOf(rows);
  const parts = Math.ceil(rows / chunk);
  const isWide = columns % 4 === 0 && columns <= 4 * THREADS;
  const type = isWide ? 'vec4f' : 'f32';
  const items = isWide ? columns / 4 : columns;
  const across = Math.min(items, THREADS);
  const result = newTensor(backend, [columns]);
  const partials = parts > 1 ? newTensor(backend, [parts, columns]) : result;
  runProgram(
    backend,
    { key: `columnSum ${type}`, code: (uniforms) => shader(type, uniforms) },
    [x, partials],
    workgroups(parts),
    { rows, items, chunk, parts, across, down: Math.floor(THREADS / across) },
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
