import * as tf from '@tensorflow/tfjs-core';
import { stockOps } from '../network/stockOps.ts';
import { columnSum } from './columnSum.ts';
import {
  callKernel,
  newTensor,
  onGpu,
  registerGpuKernel,
  runProgram,
  WORKGROUP_ROW,
  workgroups,
} from './gpuProgram.ts';
import { gpuMatMul } from './matMul.ts';

const DENSE = 'AuricleDense';
const PRODUCT = 'AuricleProduct';
const MASK = 'AuricleReluMask';
const THREADS = 256;

const maskShader = (type: string, uniforms: string): string => `
@group(0) @binding(0) var<storage, read> y: array<${type}>;
@group(0) @binding(1) var<storage, read> dy: array<${type}>;
@group(0) @binding(2) var<storage, read_write> masked: array<${type}>;
${uniforms}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) wg: vec3u, @builtin(local_invocation_index) lid: u32) {
  let i = (wg.x + wg.y * ${WORKGROUP_ROW}u) * ${THREADS}u + lid;
  if (i < U.items) { masked[i] = select(${type}(), dy[i], y[i] > ${type}()); }
}`;

/** dy where y > 0, else 0: the gradient before a ReLU that gave y. Kernels of `registerDense`. */
export const reluMask = <T extends tf.Tensor>(y: T, dy: T): T => callKernel<T>(MASK, { y, dy });

/** Registers the kernels with the backend 'webgpu'. */
export function registerDense(): void {
  registerGpuKernel(DENSE, ({ rows, kernel, bias }, { relu }, backend) =>
    gpuMatMul(backend, rows!, kernel!, { added: bias, relu: relu as boolean }),
  );
  registerGpuKernel(PRODUCT, ({ a, b }, attrs, backend) =>
    gpuMatMul(backend, a!, b!, attrs as { transposeA?: boolean; transposeB?: boolean }),
  );
  registerGpuKernel(MASK, ({ y, dy }, _, backend) => {
    const size = tf.util.sizeFromShape(y!.shape);
    const masked = newTensor(backend, y!.shape);
    const [type, items] = size % 4 === 0 ? ['vec4f', size / 4] : ['f32', size];
    runProgram(
      backend,
      { key: `reluMask ${type}`, code: (uniforms) => maskShader(type, uniforms) },
      [y!, dy!, masked],
      workgroups(Math.ceil(items / THREADS)),
      { items },
    );
    return masked;
  });
  tf.registerGradient({
    kernelName: DENSE,
    inputsToSave: ['rows', 'kernel'],
    outputsToSave: [true],
    gradFunc: (dyAny, saved, { relu }) => {
      const dy = dyAny as tf.Tensor;
      const [rows, kernel, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const g = relu ? reluMask(y, dy) : dy;
      return {
        rows: () => callKernel<tf.Tensor>(PRODUCT, { a: g, b: kernel }, { transposeB: true }),
        kernel: () => callKernel<tf.Tensor>(PRODUCT, { a: rows, b: g }, { transposeA: true }),
        bias: () => columnSum(g),
      };
    },
  });
}

/**
 * rows·kernel + bias, then ReLU where asked; differentiable on every backend.
 * @param rows [N, in]
 * @param kernel [in, out]
 * @param bias [out]
 */
export function dense(rows: tf.Tensor2D, kernel: tf.Tensor2D, bias: tf.Tensor1D, relu: boolean): tf.Tensor2D {
  if (onGpu()) return callKernel<tf.Tensor2D>(DENSE, { rows, kernel, bias }, { relu });
  return stockOps.dense(rows, kernel, bias, relu);
}
