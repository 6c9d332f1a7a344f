import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import {
  callKernel,
  newTensor,
  onGpu,
  registerGpuKernel,
  runProgram,
  WORKGROUP_ROW,
  workgroups,
} from './gpuProgram.ts';

const THREADS = 256;

interface Sizes {
  readonly shape: readonly number[];
  readonly window: number;
  /** Vectors across one voxel's channels. */
  readonly across: number;
  readonly type: string;
}

function sizesOf(shape: readonly number[], window: number): Sizes {
  const channels = shape[4]!;
  const wide = channels % 4 === 0;
  return { shape, window, across: wide ? channels / 4 : channels, type: wide ? 'vec4f' : 'f32' };
}

/** One thread per window and vector of channels; `cells` windows along z, y, x. */
const overWindows = (s: Sizes, cells: readonly number[], declarations: string, body: string): string => `
${declarations}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let n = (wg.x + wg.y * ${WORKGROUP_ROW}u) * ${THREADS}u + lid;
  if (n >= ${s.shape[0]! * cells[0]! * cells[1]! * cells[2]! * s.across}u) { return; }
  let lane = n % ${s.across}u;
  let cell = n / ${s.across}u;
  let x0 = (cell % ${cells[2]}u) * ${s.window}u;
  let y0 = ((cell / ${cells[2]}u) % ${cells[1]}u) * ${s.window}u;
  let z0 = ((cell / ${cells[1]! * cells[2]!}u) % ${cells[0]}u) * ${s.window}u;
  let image = cell / ${cells[0]! * cells[1]! * cells[2]!}u;
  ${body}
}
fn at(image: u32, z: u32, y: u32, x: u32, lane: u32) -> u32 {
  return (((image * ${s.shape[1]}u + z) * ${s.shape[2]}u + y) * ${s.shape[3]}u + x) * ${s.across}u + lane;
}`;

const loop = (window: number, body: string): string =>
  `for (var z = z0; z < z0 + ${window}u; z++) { for (var y = y0; y < y0 + ${window}u; y++) { for (var x = x0; x < x0 + ${window}u; x++) { ${body} } } }`;

function poolShader(s: Sizes, cells: readonly number[]): string {
  return overWindows(
    s,
    cells,
    `@group(0) @binding(0) var<storage, read> image0: array<${s.type}>;
@group(0) @binding(1) var<storage, read_write> pooled: array<${s.type}>;`,
    `var largest = image0[at(image, z0, y0, x0, lane)];
  ${loop(s.window, 'largest = max(largest, image0[at(image, z, y, x, lane)]);')}
  pooled[n] = largest;`,
  );
}

/** Passes dy to the first largest voxel of each window and writes zeros to all others, those beyond the windows too. */
function gradientShader(s: Sizes, pooled: readonly number[], cells: readonly number[]): string {
  const bool = s.type === 'f32' ? 'bool' : 'vec4<bool>';
  return overWindows(
    s,
    cells,
    `@group(0) @binding(0) var<storage, read> image0: array<${s.type}>;
@group(0) @binding(1) var<storage, read> dy: array<${s.type}>;
@group(0) @binding(2) var<storage, read_write> dx: array<${s.type}>;`,
    `let w = ${s.window}u;
  let zero = ${s.type}();
  if (z0 + w > ${s.shape[1]}u || y0 + w > ${s.shape[2]}u || x0 + w > ${s.shape[3]}u) {
    ${loop(s.window, `if (z < ${s.shape[1]}u && y < ${s.shape[2]}u && x < ${s.shape[3]}u) { dx[at(image, z, y, x, lane)] = zero; }`)}
    return;
  }
  var largest = image0[at(image, z0, y0, x0, lane)];
  ${loop(s.window, 'largest = max(largest, image0[at(image, z, y, x, lane)]);')}
  let gradient = dy[(((image * ${pooled[0]}u + z0 / w) * ${pooled[1]}u + y0 / w) * ${pooled[2]}u + x0 / w) * ${s.across}u + lane];
  var found = ${bool}(false);
  ${loop(
    s.window,
    `let i = at(image, z, y, x, lane);
    let here = (image0[i] == largest) & !found;
    dx[i] = select(zero, gradient, here);
    found = found | here;`,
  )}`,
  );
}

const pooledSizes = (shape: readonly number[], window: number) =>
  shape.slice(1, 4).map((n) => Math.floor(n / window));

/** Largest value of each whole window³: [batch, depth, height, width, channels] → sizes ⌊n/window⌋. */
export function gpuMaxPool3d(backend: WebGPUBackend, x: tf.TensorInfo, window: number): tf.TensorInfo {
  const s = sizesOf(x.shape, window);
  const cells = pooledSizes(x.shape, window);
  const y = newTensor(backend, [x.shape[0]!, ...cells, x.shape[4]!]);
  runProgram(
    backend,
    { key: `maxPool ${x.shape} ${window}`, code: () => poolShader(s, cells) },
    [x, y],
    workgroups(Math.ceil((x.shape[0]! * cells[0]! * cells[1]! * cells[2]! * s.across) / THREADS)),
  );
  return y;
}

/** The gradient of x, of its shape, from the gradient dy of the pooled volume. */
export function gpuMaxPool3dGradient(
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  window: number,
): tf.TensorInfo {
  const s = sizesOf(x.shape, window);
  const cells = x.shape.slice(1, 4).map((n) => Math.ceil(n / window));
  const dx = newTensor(backend, x.shape);
  runProgram(
    backend,
    {
      key: `maxPoolGradient ${x.shape} ${window}`,
      code: () => gradientShader(s, pooledSizes(x.shape, window), cells),
    },
    [x, dy, dx],
    workgroups(Math.ceil((x.shape[0]! * cells[0]! * cells[1]! * cells[2]! * s.across) / THREADS)),
  );
  return dx;
}

const MAX_POOL = 'AuricleMaxPool3d';
const MAX_POOL_GRADIENT = 'AuricleMaxPool3dGradient';

/** Registers the kernels with the backend 'webgpu'. */
export function registerMaxPool3d(): void {
  registerGpuKernel(MAX_POOL, ({ x }, { window }, backend) => gpuMaxPool3d(backend, x!, window as number));
  registerGpuKernel(MAX_POOL_GRADIENT, ({ x, dy }, { window }, backend) =>
    gpuMaxPool3dGradient(backend, x!, dy!, window as number),
  );
  tf.registerGradient({
    kernelName: MAX_POOL,
    inputsToSave: ['x'],
    gradFunc: (dy, saved, { window }) => {
      const x = saved[0]!;
      return {
        x: () => callKernel<tf.Tensor>(MAX_POOL_GRADIENT, { x, dy: dy as tf.Tensor }, { window }),
      };
    },
  });
}

/**
 * Largest value of each window³, stride as the window; voxels beyond the last whole window are left out. Among equal
 * values the first takes the gradient. [batch, depth, height, width, channels], differentiable on every backend.
 */
export function maxPool3d(x: tf.Tensor5D, window: number): tf.Tensor5D {
  if (window === 1) return tf.clone(x);
  if (onGpu()) return callKernel<tf.Tensor5D>(MAX_POOL, { x }, { window });
  return tf.maxPool3d(x, window, window, 'valid');
}
