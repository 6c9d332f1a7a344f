import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LevelMapping, voxelMapping } from '../network/levelMapping.ts';
import { stockOps } from '../network/stockOps.ts';
import {
  callKernel,
  discard,
  newTensor,
  onGpu,
  registerGpuKernel,
  runProgram,
  type Uniforms,
  workgroups,
} from './gpuProgram.ts';
import {
  densityShader,
  fixedToFloatShader,
  gridUniforms,
  type LevelSampling,
  largestDensityShader,
  largestGradientShader,
  pointsPerGroup,
  SAMPLING_THREADS,
  type SampledGrid,
  sampleShader,
  scatterShader,
  TAPS,
  zeroShader,
} from './samplePyramidShaders.ts';

export const strided = (size: number, threads: number): [number, number, number] => [
  Math.min(16384, Math.ceil(size / threads)),
  1,
  1,
];

/** Columns of the features are rounded up to a multiple of `alignment`. */
function samplings(
  points: readonly number[],
  levels: readonly (readonly number[])[],
  alignment: number,
): LevelSampling[] {
  const used = levels.reduce((sum, shape) => sum + shape[4]! * TAPS, 0);
  const columns = Math.ceil(used / alignment) * alignment;
  let column = 0;
  return levels.map((shape) => {
    const [batch, depth, height, width, channels] = shape as [number, number, number, number, number];
    const sampling = { batch, depth, height, width, channels, points: points[1]!, column, columns };
    column += channels * TAPS;
    return sampling;
  });
}

/** Samples all levels: points [batch, P, 3], levels [batch, depth, height, width, channels] → [batch, P, F·7]. */
export function gpuSamplePyramid(
  backend: WebGPUBackend,
  points: tf.TensorInfo,
  levels: readonly tf.TensorInfo[],
  offset: number,
  mappings: readonly LevelMapping[] = levels.map((level) => voxelMapping(level.shape)),
  alignment = 1,
): tf.TensorInfo {
  const all = samplings(
    points.shape,
    levels.map((level) => level.shape),
    alignment,
  );
  const features = newTensor(backend, [points.shape[0]!, points.shape[1]!, all[0]!.columns]);
  all.forEach((s, n) => {
    const padding = n + 1 < all.length ? 0 : s.columns - s.column - s.channels * TAPS;
    runProgram(
      backend,
      { key: `sample ${s.channels}`, code: (uniforms) => sampleShader(s.channels, uniforms) },
      [points, levels[n]!, features],
      workgroups(Math.ceil((s.batch * s.points) / pointsPerGroup(s.channels))),
      { ...gridUniforms(s, offset, mappings[n]!), column: s.column, columns: s.columns, padding },
    );
  });
  return features;
}

/** A new tensor of zeros, for integers to be added to. */
export function zeros(backend: WebGPUBackend, shape: readonly number[]): tf.TensorInfo {
  const tensor = newTensor(backend, shape);
  const size = tf.util.sizeFromShape([...shape]);
  runProgram(backend, { key: 'zero', code: () => zeroShader }, [tensor], strided(size, 256));
  return tensor;
}

/**
 * The bounds of a sum in fixed point: the largest gradient that comes in, by `findLargest`, and the largest density of
 * samples on a voxel (on a tap of it, where `isByTap`).
 * @param uniforms of the grid
 */
export function boundsOf(
  backend: WebGPUBackend,
  points: tf.TensorInfo,
  s: SampledGrid,
  isByTap: boolean,
  uniforms: Uniforms,
): tf.TensorInfo {
  const counters = s.batch * s.depth * s.height * s.width * (isByTap ? TAPS : 1);
  const bounds = zeros(backend, [2]);
  const density = zeros(backend, [counters]);
  runProgram(
    backend,
    { key: `density ${isByTap}`, code: (declared) => densityShader(isByTap, declared) },
    [points, density],
    workgroups(Math.ceil((s.batch * s.points * TAPS) / SAMPLING_THREADS)),
    uniforms,
  );
  runProgram(
    backend,
    { key: 'largestDensity', code: largestDensityShader },
    [density, bounds],
    strided(counters, SAMPLING_THREADS * 8),
    { counters },
  );
  discard(backend, density);
  return bounds;
}

/** Takes the largest |dy| of some columns into the bounds. */
export function boundGradient(
  backend: WebGPUBackend,
  dy: tf.TensorInfo,
  bounds: tf.TensorInfo,
  column: number,
  width: number,
): void {
  const columns = dy.shape.at(-1)!;
  const rows = tf.util.sizeFromShape(dy.shape) / columns;
  runProgram(
    backend,
    { key: 'largestGradient', code: largestGradientShader },
    [dy, bounds],
    [Math.ceil(rows / 16), 1, 1],
    { rows, columns, column, width },
  );
}

/** Turns sums in fixed point into floats, in place. */
export function fixedToFloat(backend: WebGPUBackend, bounds: tf.TensorInfo, sums: tf.TensorInfo): void {
  const size = tf.util.sizeFromShape(sums.shape);
  runProgram(backend, { key: 'fixedToFloat', code: fixedToFloatShader }, [bounds, sums], strided(size, 256), {
    size,
  });
}

/** Gradient of one level from the gradient of all features. */
export function gpuSampleGradient(
  backend: WebGPUBackend,
  points: tf.TensorInfo,
  dy: tf.TensorInfo,
  s: LevelSampling,
  offset: number,
  mapping: LevelMapping = voxelMapping([s.batch, s.depth, s.height, s.width]),
): tf.TensorInfo {
  const samples = s.batch * s.points;
  const grid = gridUniforms(s, offset, mapping);
  const bounds = boundsOf(backend, points, s, false, grid);
  boundGradient(backend, dy, bounds, s.column, s.channels * TAPS);
  const gradient = zeros(backend, [s.batch, s.depth, s.height, s.width, s.channels]);
  runProgram(
    backend,
    { key: 'scatter', code: scatterShader },
    [points, dy, bounds, gradient],
    workgroups(Math.ceil((samples * s.channels) / SAMPLING_THREADS)),
    { ...grid, channels: s.channels, column: s.column, columns: s.columns },
  );
  fixedToFloat(backend, bounds, gradient);
  discard(backend, bounds);
  return gradient;
}

const SAMPLE = 'AuricleSamplePyramid';
const SAMPLE_GRADIENT = 'AuricleSamplePyramidGradient';

/** Registers the kernels with the backend 'webgpu'. */
export function registerSamplePyramid(): void {
  registerGpuKernel(SAMPLE, (inputs, { offset, mappings, alignment }, backend) => {
    const [points, ...levels] = Object.values(inputs);
    return gpuSamplePyramid(
      backend,
      points!,
      levels,
      offset as number,
      mappings as LevelMapping[],
      alignment as number,
    );
  });
  registerGpuKernel(SAMPLE_GRADIENT, ({ points, dy }, { sampling, offset, mapping }, backend) =>
    gpuSampleGradient(
      backend,
      points!,
      dy!,
      sampling as LevelSampling,
      offset as number,
      mapping as LevelMapping,
    ),
  );
  tf.registerGradient({
    kernelName: SAMPLE,
    saveAllInputs: true,
    gradFunc: (dyAny, saved, { offset, mappings, alignment }) => {
      const dy = dyAny as tf.Tensor;
      const [points, ...levels] = saved as tf.Tensor[];
      const all = samplings(
        points!.shape,
        levels.map((level) => level.shape),
        alignment as number,
      );
      const noPointGradient = () => {
        throw new Error('The feature sampling has no gradient with respect to its points.');
      };
      const gradients = all.map(
        (sampling, n) => () =>
          callKernel<tf.Tensor>(
            SAMPLE_GRADIENT,
            { points: points!, dy },
            { sampling, offset, mapping: (mappings as unknown as LevelMapping[])[n]! },
          ),
      );
      return Object.fromEntries([noPointGradient, ...gradients].map((gradient, n) => [String(n), gradient]));
    },
  });
}

/**
 * Trilinear samples of all levels at p, p − δx, p + δx, p − δy, p + δy, p − δz, p + δz; beyond the outermost voxel
 * centres the border's value holds. Differentiable with respect to the levels (on WebGPU: not to the points).
 * @param levels each [batch, depth, height, width, channels]
 * @param pointsNormalized [batch, P, 3], x, y, z in [−1, 1]
 * @param offsetNormalized δ
 * @param mappings where each level lies; by default voxel v of n has its centre at (2v + 1)/n − 1
 * @returns [batch, P, F·7], level by level, within a level c·7 + tap
 */
export function samplePyramid(
  levels: readonly tf.Tensor5D[],
  pointsNormalized: tf.Tensor3D,
  offsetNormalized: number,
  mappings: readonly LevelMapping[] = levels.map((level) => voxelMapping(level.shape)),
): tf.Tensor3D {
  if (!onGpu()) return stockOps.samplePyramid(levels, pointsNormalized, offsetNormalized, mappings);
  return samplePadded(levels, pointsNormalized, offsetNormalized, mappings, 1);
}

/** As {@link samplePyramid} on WebGPU, with zeros behind the features up to a multiple of `alignment` columns. */
export const samplePadded = (
  levels: readonly tf.Tensor5D[],
  pointsNormalized: tf.Tensor3D,
  offset: number,
  mappings: readonly LevelMapping[],
  alignment: number,
): tf.Tensor3D =>
  callKernel<tf.Tensor3D>(SAMPLE, [pointsNormalized, ...levels], { offset, mappings, alignment });
