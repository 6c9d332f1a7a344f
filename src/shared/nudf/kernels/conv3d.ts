import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { stockOps } from '../network/stockOps.ts';
import { columnSum } from './columnSum.ts';
import {
  type Conv3dKind,
  type Conv3dShape,
  conv3dFilterShader,
  conv3dShader,
  conv3dUniforms,
  flipFilterShader,
  voxelsOf,
} from './conv3dShaders.ts';
import {
  isSingleChannel,
  singleChannelFilterShader,
  singleChannelShader,
  singleChannelSplits,
  singleChannelUniforms,
  singleChannelUnits,
} from './conv3dSingleChannel.ts';
import { reluMask } from './dense.ts';
import { type GemmTile, gemmGroups, gemmUniforms } from './gemmShader.ts';
import { choosePlan, chooseSplit, tileName } from './gemmTiles.ts';
import {
  callKernel,
  discard,
  newTensor,
  onGpu,
  registerGpuKernel,
  runProgram,
  workgroups,
} from './gpuProgram.ts';
import { sumSplits } from './sumSplits.ts';

export type { Conv3dShape } from './conv3dShaders.ts';

function shapeOf(image: readonly number[], input: number, output: number): Conv3dShape {
  const [batch, depth, height, width] = image as [number, number, number, number];
  return { batch, depth, height, width, input, output };
}

/** A convolution's tile and the depth that one workgroup takes; `splitDepth` below the whole means a second pass. */
export interface ConvPlan {
  readonly tile: GemmTile;
  readonly splitDepth: number;
}

/**
 * 3³ "same" convolution on the GPU, recorded but not differentiable by itself.
 * @param x [batch, depth, height, width, input]
 * @param filter [3, 3, 3, input, output]
 * @param bias [output]
 * @returns [batch, depth, height, width, output], the caller's to dispose of
 */
export function gpuConv3d(
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  bias?: tf.TensorInfo,
  options: { relu?: boolean; tile?: GemmTile } = {},
): tf.TensorInfo {
  const s = shapeOf(x.shape, filter.shape[3]!, filter.shape[4]!);
  const [rows, depth] = [voxelsOf(s), 27 * s.input];
  const shader = { bias: bias !== undefined, relu: options.relu ?? false };
  const y = newTensor(backend, [...x.shape.slice(0, 4), s.output]);
  const inputs = bias ? [x, filter, bias] : [x, filter];
  if (isSingleChannel(s) && !options.tile) {
    runProgram(
      backend,
      {
        key: `conv3dSingle ${s.output} ${Object.values(shader)}`,
        code: (uniforms) => singleChannelShader(s.output, shader, uniforms),
      },
      [...inputs, y],
      workgroups(singleChannelUnits(s)),
      singleChannelUniforms(s),
    );
    return y;
  }
  const whole = (tile: GemmTile): ConvPlan => ({
    tile,
    splitDepth: Math.ceil(depth / tile.depth) * tile.depth,
  });
  const plan = options.tile ? whole(options.tile) : choosePlan(rows, s.output, depth);
  const splits = Math.ceil(depth / plan.splitDepth);
  const kind: Conv3dKind = {
    isWideInput: s.input % 4 === 0,
    isWide: s.output % 4 === 0,
    bias: shader.bias,
    // Where the depth is split, the ReLU is for the sum.
    relu: shader.relu && splits === 1,
  };
  const target = splits > 1 ? newTensor(backend, [splits, rows, s.output]) : y;
  runProgram(
    backend,
    {
      key: `conv3d ${Object.values(kind)} ${tileName(plan.tile)}`,
      code: (uniforms) => conv3dShader(kind, plan.tile, uniforms),
    },
    [...inputs, target],
    gemmGroups(rows, s.output, depth, plan.splitDepth, plan.tile),
    { ...conv3dUniforms(s), ...gemmUniforms(rows, plan.splitDepth, plan.tile) },
  );
  if (splits > 1) {
    sumSplits(backend, target, splits, rows * s.output, y, shader.relu);
    discard(backend, target);
  }
  return y;
}

/**
 * The gradient of a convolution's image: dy [batch, depth, height, width, output] → [batch, depth, height, width, input].
 */
export function gpuConv3dInputGradient(
  backend: WebGPUBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  options: { tile?: GemmTile } = {},
): tf.TensorInfo {
  const s = shapeOf(dy.shape, filter.shape[3]!, filter.shape[4]!);
  const flipped = newTensor(backend, [3, 3, 3, s.output, s.input]);
  runProgram(
    backend,
    { key: 'flipFilter', code: flipFilterShader },
    [filter, flipped],
    [Math.ceil((27 * s.input * s.output) / 64), 1, 1],
    { input: s.input, output: s.output },
  );
  const dx = gpuConv3d(backend, dy, flipped, undefined, options);
  discard(backend, flipped);
  return dx;
}

/** The gradient of a convolution's filter, [3, 3, 3, input, output], from its image x and dy. */
export function gpuConv3dFilterGradient(
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  options: { split?: ConvPlan } = {},
): tf.TensorInfo {
  const s = shapeOf(x.shape, x.shape[4]!, dy.shape[4]!);
  const [rows, depth] = [27 * s.input, voxelsOf(s)];
  const gradient = newTensor(backend, [3, 3, 3, s.input, s.output]);
  if (isSingleChannel(s) && !options.split) {
    const parts = singleChannelSplits(s);
    const partials = parts > 1 ? newTensor(backend, [parts, rows, s.output]) : gradient;
    runProgram(
      backend,
      {
        key: `conv3dSingleFilter ${s.output}`,
        code: (uniforms) => singleChannelFilterShader(s.output, uniforms),
      },
      [x, dy, partials],
      workgroups(parts),
      singleChannelUniforms(s),
    );
    if (parts > 1) {
      sumSplits(backend, partials, parts, rows * s.output, gradient);
      discard(backend, partials);
    }
    return gradient;
  }
  const { tile: t, splitDepth } = options.split ?? chooseSplit(rows, s.output, depth);
  const splits = Math.ceil(depth / splitDepth);
  const partials = splits > 1 ? newTensor(backend, [splits, rows, s.output]) : gradient;
  runProgram(
    backend,
    {
      key: `conv3dFilter ${[s.depth, s.height, s.width, s.input % 4 === 0, s.output % 4 === 0]} ${tileName(t)}`,
      code: (uniforms) => conv3dFilterShader(s, t, uniforms),
    },
    [x, dy, partials],
    gemmGroups(rows, s.output, depth, splitDepth, t),
    { rows, voxels: depth, columns: s.output, input: s.input, ...gemmUniforms(rows, splitDepth, t) },
  );
  if (splits > 1) {
    sumSplits(backend, partials, splits, rows * s.output, gradient);
    discard(backend, partials);
  }
  return gradient;
}

const isOnes = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) ? value.every((v) => v === 1) : value === 1);

/** Whether a stock convolution is one of ours: 3³, stride 1, not dilated, padded to the same size, NDHWC. */
const isOurs = (filterShape: readonly number[], attrs: Record<string, unknown>): boolean =>
  filterShape.slice(0, 3).every((n) => n === 3) &&
  isOnes(attrs.strides) &&
  isOnes(attrs.dilations) &&
  attrs.pad === 'same' &&
  (attrs.dataFormat ?? 'NDHWC') === 'NDHWC';

function override(
  kernelName: string,
  filterShape: (inputs: Record<string, tf.TensorInfo>, attrs: Record<string, unknown>) => readonly number[],
  own: (backend: WebGPUBackend, inputs: Record<string, tf.TensorInfo>) => tf.TensorInfo,
): void {
  const stock = tf.getKernel(kernelName, 'webgpu').kernelFunc;
  registerGpuKernel(kernelName, (inputs, attrs, backend) =>
    isOurs(filterShape(inputs, attrs), attrs)
      ? own(backend, inputs)
      : stock({ inputs, attrs: attrs as tf.NamedAttrMap, backend }),
  );
}

const CONV3D_BIAS = 'AuricleConv3dBias';

/** Replaces TensorFlow.js' Conv3D and its two gradients for 3³ "same" filters, and adds the one with a bias. */
export function registerConv3d(): void {
  override(
    'Conv3D',
    ({ filter }) => filter!.shape,
    (backend, { x, filter }) => gpuConv3d(backend, x!, filter!),
  );
  override(
    'Conv3DBackpropInputV2',
    ({ filter }) => filter!.shape,
    (backend, { dy, filter }) => gpuConv3dInputGradient(backend, dy!, filter!),
  );
  override(
    'Conv3DBackpropFilterV2',
    (_, attrs) => attrs.filterShape as number[],
    (backend, { x, dy }) => gpuConv3dFilterGradient(backend, x!, dy!),
  );
  registerGpuKernel(CONV3D_BIAS, ({ x, filter, bias }, { relu }, backend) =>
    gpuConv3d(backend, x!, filter!, bias!, { relu: relu as boolean }),
  );
  tf.registerGradient({
    kernelName: CONV3D_BIAS,
    inputsToSave: ['x', 'filter'],
    outputsToSave: [true],
    gradFunc: (dyAny, saved, { relu }) => {
      const [x, filter, y] = saved as [tf.Tensor5D, tf.Tensor5D, tf.Tensor5D];
      const dy = relu ? reluMask(y, dyAny as tf.Tensor5D) : (dyAny as tf.Tensor5D);
      const attrs = { strides: [1, 1, 1], pad: 'same' };
      return {
        x: () =>
          callKernel<tf.Tensor>('Conv3DBackpropInputV2', { dy, filter }, { ...attrs, inputShape: x.shape }),
        filter: () =>
          callKernel<tf.Tensor>('Conv3DBackpropFilterV2', { x, dy }, { ...attrs, filterShape: filter.shape }),
        bias: () => columnSum(dy),
      };
    },
  });
}

/**
 * 3³ convolution, stride 1, "same" (zeros outside), then ReLU where asked, differentiable on every backend.
 * @param x [batch, depth, height, width, input]
 * @param filter [3, 3, 3, input, output]
 * @param bias [output]
 */
export function conv3dSame(
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  bias?: tf.Tensor1D,
  relu = false,
): tf.Tensor5D {
  if (!bias) return relu ? tf.relu(tf.conv3d(x, filter, 1, 'same')) : tf.conv3d(x, filter, 1, 'same');
  if (onGpu()) return callKernel<tf.Tensor5D>(CONV3D_BIAS, { x, filter, bias }, { relu });
  return stockOps.conv3dSame(x, filter, bias, relu);
}
