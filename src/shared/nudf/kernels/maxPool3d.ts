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

/** What a shader's text depends on; the sizes are uniforms. */
interface Kind {
  readonly window: number;
  readonly type: 'vec4f' | 'f32';
}

interface Sizes extends Kind {
  readonly shape: readonly number[];
  /** Vectors across one voxel's channels. */
  readonly across: number;
}

function sizesOf(shape: readonly number[], window: number): Sizes {
  const channels = shape[4]!;
  const wide = channels % 4 === 0;
  return { shape, window, across: wide ? channels / 4 : channels, type: wide ? 'vec4f' : 'f32' };
}

/** Threads over `cells` windows along z, y, x, and what they read as `U`. */
function over({ shape, across }: Sizes, cells: readonly number[], pooled: readonly number[]) {
  const [depth, height, width] = shape.slice(1) as [number, number, number];
  const [cellsZ, cellsY, cellsX] = cells as [number, number, number];
  const [pooledZ, pooledY, pooledX] = pooled as [number, number, number];
  const total = shape[0]! * cellsZ * cellsY * cellsX * across;
  return {
    groups: workgroups(Math.ceil(total / THREADS)),
    uniforms: { total, across, depth, height, width, cellsZ, cellsY, cellsX, pooledZ, pooledY, pooledX },
  };
}

/** One thread per window and vector of channels. */
const overWindows = ({ window }: Kind, declarations: string, body: string): string => `
${declarations}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let n = (wg.x + wg.y * ${WORKGROUP_ROW}u) * ${THREADS}u + lid;
  if (n >= U.total) { return; }
  let lane = n % U.across;
  let cell = n / U.across;
  let row = cell / U.cellsX;
  let plane = row / U.cellsY;
  let image = plane / U.cellsZ;
  let x0 = (cell - row * U.cellsX) * ${window}u;
  let y0 = (row - plane * U.cellsY) * ${window}u;
  let z0 = (plane - image * U.cellsZ) * ${window}u;
  ${body}
}
fn at(image: u32, z: u32, y: u32, x: u32, lane: u32) -> u32 {
  return (((image * U.depth + z) * U.height + y) * U.width + x) * U.across + lane;
}`;

const loop = (window: number, body: string): string =>
  `for (var z = z0; z < z0 + ${window}u; z++) { for (var y = y0; y < y0 + ${window}u; y++) { for (var x = x0; x < x0 + ${window}u; x++) { ${body} } } }`;

const poolShader = (kind: Kind, uniforms: string): string =>
  overWindows(
    kind,
    `@group(0) @binding(0) var<storage, read> image0: array<${kind.type}>;
@group(0) @binding(1) var<storage, read_write> pooled: array<${kind.type}>;
${uniforms}`,
    `var largest = image0[at(image, z0, y0, x0, lane)];
  ${loop(kind.window, 'largest = max(largest, image0[at(image, z, y, x, lane)]);')}
  pooled[n] = largest;`,
  );

/** Passes dy to the first largest voxel of each window and writes zeros to all others, those beyond the windows too. */
function gradientShader(kind: Kind, uniforms: string): string {
  const { type, window } = kind;
  const bool = type === 'f32' ? 'bool' : 'vec4<bool>';
  return overWindows(
    kind,
    `@group(0) @binding(0) var<storage, read> image0: array<${type}>;
@group(0) @binding(1) var<storage, read> dy: array<${type}>;
@group(0) @binding(2) var<storage, read_write> dx: array<${type}>;
${uniforms}`,
    `let w = ${window}u;
  let zero = ${type}();
  if (z0 + w > U.depth || y0 + w > U.height || x0 + w > U.width) {
    ${loop(window, 'if (z < U.depth && y < U.height && x < U.width) { dx[at(image, z, y, x, lane)] = zero; }')}
    return;
  }
  var largest = image0[at(image, z0, y0, x0, lane)];
  ${loop(window, 'largest = max(largest, image0[at(image, z, y, x, lane)]);')}
  let gradient = dy[(((image * U.pooledZ + z0 / w) * U.pooledY + y0 / w) * U.pooledX + x0 / w) * U.across + lane];
  var found = ${bool}(false);
  ${loop(
    window,
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
  const { groups, uniforms } = over(s, cells, cells);
  runProgram(
    backend,
    { key: `maxPool ${s.type} ${window}`, code: (declared) => poolShader(s, declared) },
    [x, y],
    groups,
    uniforms,
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
  const { groups, uniforms } = over(s, cells, pooledSizes(x.shape, window));
  runProgram(
    backend,
    { key: `maxPoolGradient ${s.type} ${window}`, code: (declared) => gradientShader(s, declared) },
    [x, dy, dx],
    groups,
    uniforms,
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
