import * as tf from '@tensorflow/tfjs-core';
import { type LevelMapping, voxelMapping } from '../network/levelMapping.ts';
import { stockOps } from '../network/stockOps.ts';
import { columnSum } from './columnSum.ts';
import { dense, reluMask } from './dense.ts';
import { callKernel, canBindRows, onGpu, registerGpuKernel } from './gpuProgram.ts';
import { gpuMatMul } from './matMul.ts';
import {
  asProjection,
  firstRows,
  gpuKernelGradient,
  gpuProjectedDense,
  gpuProjectionGradient,
  type ProjectedLayer,
  sampledRows,
} from './projectedDense.ts';
import { samplePadded, samplePyramid } from './samplePyramid.ts';

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

const LAYER = 'AuricleProjectedDense';
const FEATURES_GRADIENT = 'AuricleProjectedDenseFeatures';
const PROJECTION_GRADIENT = 'AuricleProjectedDenseProjection';
const KERNEL_GRADIENT = 'AuricleProjectedDenseKernel';
const LEVEL_GRADIENT = 'AuricleProjectedDenseLevel';

/** Registers the kernels with the backend 'webgpu'. */
export function registerSampledDense(): void {
  registerGpuKernel(LAYER, (inputs, attrs, backend) => {
    const [features, kernel, bias, points, ...levels] = Object.values(inputs);
    return gpuProjectedDense(
      backend,
      features!,
      kernel!,
      bias!,
      points!,
      levels,
      attrs as unknown as ProjectedLayer,
    );
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
      const { offset, mappings, relu } = attrs as unknown as ProjectedLayer;
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
