import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type MatrixRows, runProgram, WORKGROUP_ROW, workgroups } from './gpuProgram.ts';

const ELEMENTS = 16;
const LANES = 16;

/**
 * result[i] = Σ over splits s of partials[s · size + i], always in the same order: the second pass of every reduction,
 * which keeps it reproducible bit for bit (no floating-point atomics anywhere). Then ReLU where asked.
 */
export function sumSplits(
  backend: WebGPUBackend,
  partials: TensorInfo,
  splits: number,
  size: number,
  result: TensorInfo | MatrixRows,
  relu = false,
): void {
  const wide = size % 4 === 0;
  const items = wide ? size / 4 : size;
  const type = wide ? 'vec4f' : 'f32';
  runProgram(
    backend,
    {
      key: `sumSplits ${type} ${relu}`,
      code: (uniforms) => `${uniforms}
@group(0) @binding(0) var<storage, read> partials: array<${type}>;
@group(0) @binding(1) var<storage, read_write> result: array<${type}>;
var<workgroup> sums: array<array<${type}, ${ELEMENTS}>, ${LANES}>;
@compute @workgroup_size(${ELEMENTS * LANES})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let element = lid % ${ELEMENTS}u;
  let lane = lid / ${ELEMENTS}u;
  let i = (wg.x + wg.y * ${WORKGROUP_ROW}u) * ${ELEMENTS}u + element;
  var sum = ${type}();
  if (i < U.items) {
    for (var s = lane; s < U.splits; s += ${LANES}u) { sum += partials[s * U.items + i]; }
  }
  sums[lane][element] = sum;
  workgroupBarrier();
  if (lane == 0u && i < U.items) {
    for (var s = 1u; s < min(${LANES}u, U.splits); s++) { sum += sums[s][element]; }
    result[i] = ${relu ? `max(sum, ${type}())` : 'sum'};
  }
}`,
    },
    [partials, result],
    workgroups(Math.ceil(items / ELEMENTS)),
    { items, splits },
  );
}
