import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LevelMapping, voxelMapping } from '../network/levelMapping.ts';
import { stockOps } from '../network/stockOps.ts';
import { columnSum } from './columnSum.ts';
import { dense, reluMask } from './dense.ts';
import {
  callKernel,
  canBindRows,
  discard,
  type MatrixRows,
  newTensor,
  onGpu,
  registerGpuKernel,
  runProgram,
  workgroups,
} from './gpuProgram.ts';
import { gpuMatMul, gpuMatMulInto } from './matMul.ts';
import {
  PROJECTED_POINTS,
  type ProjectedSampling,
  sampleProjectedShader,
  scatterProjectedShader,
} from './projectionShaders.ts';
import {
  boundGradient,
  boundsOf,
  fixedToFloat,
  placesOf,
  samplePadded,
  samplePyramid,
  zeros,
} from './samplePyramid.ts';
import { TAPS } from './samplePyramidShaders.ts';

/*
 * The decoder's first layer on samples of the levels. Being linear, it commutes with the sampling: where a level has far
 * fewer voxels than there are samples, its voxels are multiplied by the weights of each tap ("projected") and the
 * products are sampled, in place of sampling features and multiplying those. The weights of a level's channel c and tap t
 * are row c·7 + t of the kernel, so that a level's rows are a matrix [channels, 7·outputs] as they lie.
 */

/** A level is projected where it has at most one voxel for so many samples: multiplied less, sampled more widely. */
const SAMPLES_A_VOXEL = 3;

/** Zeros behind the features of the levels that are not projected, so that rows are whole vectors. */
const ALIGNMENT = 4;

/** How many of the levels, the first ones, are sampled before they are multiplied. */
function sampledLevels(levels: readonly tf.TensorInfo[], samples: number, outputs: number): number {
  if (!canBindRows(outputs)) return levels.length;
  const isProjected = ({ shape }: tf.TensorInfo): boolean =>
    shape[4]! % 4 === 0 && shape[0]! * shape[1]! * shape[2]! * shape[3]! * SAMPLES_A_VOXEL <= samples;
  let first = levels.length;
  while (first > 1 && isProjected(levels[first - 1]!)) first--;
  return first;
}

const samplingOf = (
  level: readonly number[],
  points: readonly number[],
  outputs: number,
): ProjectedSampling => {
  const [batch, depth, height, width] = level as [number, number, number, number];
  return { batch, depth, height, width, points: points[1]!, outputs };
};

/** A level's rows of the kernel as the matrix [channels, 7·outputs]. */
const asProjection = (kernel: tf.TensorInfo, firstRow: number, channels: number): MatrixRows => {
  const columns = TAPS * kernel.shape[1]!;
  return {
    matrix: { ...kernel, shape: [kernel.shape[0]! / TAPS, columns] },
    firstRow: firstRow / TAPS,
    rows: channels,
  };
};

/** A level as the matrix [voxels, channels]. */
const asMatrix = (level: tf.TensorInfo): tf.TensorInfo => {
  const channels = level.shape[4]!;
  return { ...level, shape: [tf.util.sizeFromShape(level.shape) / channels, channels] };
};

/** The first row of each projected level in the kernel. */
function firstRows(kernel: tf.TensorInfo, levels: readonly tf.TensorInfo[]): number[] {
  let row = kernel.shape[0]! - levels.reduce((sum, { shape }) => sum + shape[4]! * TAPS, 0);
  return levels.map(({ shape }) => {
    row += shape[4]! * TAPS;
    return row - shape[4]! * TAPS;
  });
}

const groupsOf = (s: ProjectedSampling): [number, number, number] =>
  workgroups(Math.ceil((s.batch * s.points) / PROJECTED_POINTS));

interface Layer {
  readonly offset: number;
  readonly mappings: readonly LevelMapping[];
  readonly relu: boolean;
}

/** The rows of the sampled levels, and those of the zeros behind the features. */
const sampledRows = (kernel: tf.TensorInfo, features: number): MatrixRows => ({
  matrix: kernel,
  firstRow: 0,
  rows: features,
});

/** features·(the kernel's first rows) + projected samples + bias, then ReLU. */
function gpuProjectedDense(
  backend: WebGPUBackend,
  features: tf.TensorInfo,
  kernel: tf.TensorInfo,
  bias: tf.TensorInfo,
  points: tf.TensorInfo,
  levels: readonly tf.TensorInfo[],
  { offset, mappings, relu }: Layer,
): tf.TensorInfo {
  const outputs = kernel.shape[1]!;
  const rows = firstRows(kernel, levels);
  const sums = newTensor(backend, [features.shape[0]!, outputs]);
  levels.forEach((level, n) => {
    const s = samplingOf(level.shape, points.shape, outputs);
    const projected = gpuMatMul(backend, asMatrix(level), asProjection(kernel, rows[n]!, level.shape[4]!));
    runProgram(
      backend,
      {
        key: `sampleProjected ${Object.values(s)} ${n === 0}`,
        code: () => sampleProjectedShader(s, n === 0),
      },
      n === 0 ? [points, projected, bias, sums] : [points, projected, sums],
      groupsOf(s),
      placesOf(offset, mappings[n]!),
    );
    discard(backend, projected);
  });
  const result = gpuMatMul(backend, features, sampledRows(kernel, features.shape[1]!), {
    added: sums,
    relu,
  });
  discard(backend, sums);
  return result;
}

/** Gradient of a projected level, [voxels, 7·outputs], from that of the layer before its ReLU. */
function gpuProjectionGradient(
  backend: WebGPUBackend,
  points: tf.TensorInfo,
  g: tf.TensorInfo,
  level: readonly number[],
  offset: number,
  mapping: LevelMapping,
): tf.TensorInfo {
  const s = samplingOf(level, points.shape, g.shape[1]!);
  const places = placesOf(offset, mapping);
  const bounds = boundsOf(backend, points, s, true, places);
  boundGradient(backend, g, bounds, 0, s.outputs);
  const gradient = zeros(backend, [s.batch * s.depth * s.height * s.width, TAPS * s.outputs]);
  runProgram(
    backend,
    { key: `scatterProjected ${Object.values(s)}`, code: () => scatterProjectedShader(s) },
    [points, g, bounds, gradient],
    groupsOf(s),
    places,
  );
  fixedToFloat(backend, bounds, gradient);
  discard(backend, bounds);
  return gradient;
}

/** Gradient of the whole kernel; `projections` are the gradients of the projected levels. */
function gpuKernelGradient(
  backend: WebGPUBackend,
  features: tf.TensorInfo,
  g: tf.TensorInfo,
  levels: readonly tf.TensorInfo[],
  projections: readonly tf.TensorInfo[],
  kernelShape: readonly number[],
): tf.TensorInfo {
  const gradient = newTensor(backend, kernelShape);
  const rows = firstRows(gradient, levels);
  // First, for it also writes the rows of the zeros behind the features, which belong to the first projected level.
  gpuMatMulInto(backend, features, g, sampledRows(gradient, features.shape[1]!), { transposeA: true });
  levels.forEach((level, n) => {
    gpuMatMulInto(
      backend,
      asMatrix(level),
      projections[n]!,
      asProjection(gradient, rows[n]!, level.shape[4]!),
      { transposeA: true },
    );
  });
  return gradient;
}

const LAYER = 'AuricleProjectedDense';
const FEATURES_GRADIENT = 'AuricleProjectedDenseFeatures';
const PROJECTION_GRADIENT = 'AuricleProjectedDenseProjection';
const KERNEL_GRADIENT = 'AuricleProjectedDenseKernel';
const LEVEL_GRADIENT = 'AuricleProjectedDenseLevel';

/** Registers the kernels with the backend 'webgpu'. */
export function registerSampledDense(): void {
  registerGpuKernel(LAYER, (inputs, attrs, backend) => {
    const [features, kernel, bias, points, ...levels] = Object.values(inputs);
    return gpuProjectedDense(backend, features!, kernel!, bias!, points!, levels, attrs as unknown as Layer);
  });
  registerGpuKernel(FEATURES_GRADIENT, ({ g, kernel }, { columns }, backend) =>
    gpuMatMul(backend, g!, sampledRows(kernel!, columns as number), { transposeB: true }),
  );
  registerGpuKernel(PROJECTION_GRADIENT, ({ points, g }, { level, offset, mapping }, backend) =>
    gpuProjectionGradient(backend, points!, g!, level as number[], offset as number, mapping as LevelMapping),
  );
  registerGpuKernel(KERNEL_GRADIENT, (inputs, { kernelShape }, backend) => {
    const [features, g, ...both] = Object.values(inputs);
    const levels = both.slice(0, both.length / 2);
    const projections = both.slice(both.length / 2);
    return gpuKernelGradient(backend, features!, g!, levels, projections, kernelShape as number[]);
  });
  registerGpuKernel(LEVEL_GRADIENT, ({ projection, kernel }, { firstRow, shape }, backend) => {
    const level = shape as number[];
    const rows = asProjection(kernel!, firstRow as number, level[4]!);
    return { ...gpuMatMul(backend, projection!, rows, { transposeB: true }), shape: level };
  });
  tf.registerGradient({
    kernelName: LAYER,
    saveAllInputs: true,
    outputsToSave: [true],
    gradFunc: (dyAny, saved, attrs) => {
      const { offset, mappings, relu } = attrs as unknown as Layer;
      const dy = dyAny as tf.Tensor;
      const y = saved.at(-1)!;
      const [features, kernel, , points, ...levels] = saved.slice(0, -1) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        ...tf.Tensor[],
      ];
      const g = relu ? reluMask(y, dy) : dy;
      const projections = levels.map(({ shape }, n) =>
        callKernel<tf.Tensor>(
          PROJECTION_GRADIENT,
          { points, g },
          { level: shape, offset, mapping: mappings[n]! },
        ),
      );
      const rows = firstRows(kernel, levels);
      const gradients = [
        () => callKernel<tf.Tensor>(FEATURES_GRADIENT, { g, kernel }, { columns: features.shape[1]! }),
        () =>
          callKernel<tf.Tensor>(KERNEL_GRADIENT, [features, g, ...levels, ...projections], {
            kernelShape: kernel.shape,
          }),
        () => columnSum(g),
        () => {
          throw new Error('The samples have no gradient with respect to their points.');
        },
        ...levels.map(
          ({ shape }, n) =>
            () =>
              callKernel<tf.Tensor>(
                LEVEL_GRADIENT,
                { projection: projections[n]!, kernel },
                { firstRow: rows[n]!, shape },
              ),
        ),
      ];
      return Object.fromEntries(gradients.map((gradient, n) => [String(n), gradient]));
    },
  });
}

/**
 * The first layer of a decoder, dense(samplePyramid(levels, …), kernel, bias, relu), differentiable on every backend (on
 * WebGPU: not with respect to the points). On WebGPU coarse levels are multiplied before they are sampled.
 * @param levels each [batch, depth, height, width, channels]
 * @param pointsNormalized [batch, P, 3], x, y, z in [−1, 1]
 * @param offsetNormalized δ
 * @param kernel [F·7, outputs]
 * @param bias [outputs]
 * @param mappings where each level lies; by default voxel v of n has its centre at (2v + 1)/n − 1
 * @returns [batch·P, outputs]
 */
export function sampledDense(
  levels: readonly tf.Tensor5D[],
  pointsNormalized: tf.Tensor3D,
  offsetNormalized: number,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  relu: boolean,
  mappings: readonly LevelMapping[] = levels.map((level) => voxelMapping(level.shape)),
): tf.Tensor2D {
  const [batch, count] = pointsNormalized.shape;
  const isOnGpu = onGpu();
  const first = isOnGpu ? sampledLevels(levels, batch * count, kernel.shape[1]) : levels.length;
  if (first === levels.length) {
    const ops = isOnGpu ? { samplePyramid, dense } : stockOps;
    const features = ops.samplePyramid(levels, pointsNormalized, offsetNormalized, mappings);
    return ops.dense(tf.reshape(features, [batch * count, -1]), kernel, bias, relu);
  }
  const features = samplePadded(
    levels.slice(0, first),
    pointsNormalized,
    offsetNormalized,
    mappings.slice(0, first),
    ALIGNMENT,
  );
  return callKernel<tf.Tensor2D>(
    LAYER,
    [
      tf.reshape(features, [batch * count, features.shape[2]]),
      kernel,
      bias,
      pointsNormalized,
      ...levels.slice(first),
    ],
    { offset: offsetNormalized, mappings: mappings.slice(first), relu },
  );
}
