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
  uniformWords,
  workgroups,
} from './gpuProgram.ts';
import {
  densityShader,
  fixedToFloatShader,
  type LevelSampling,
  largestDensityShader,
  largestGradientShader,
  pointsPerGroup,
  SAMPLING_THREADS,
  sampleShader,
  scatterShader,
  TAPS,
  zeroShader,
} from './samplePyramidShaders.ts';

/** The uniforms of the shaders: δ; scale and shift from normalised coordinates to voxels. */
const places = (offset: number, { scale, shift }: LevelMapping): Uint32Array<ArrayBuffer> =>
  uniformWords(Float32Array.of(offset, 0, 0, 0, ...scale, 0, ...shift, 0));

const keyOf = (s: LevelSampling): string => Object.values(s).join(' ');
const strided = (size: number, threads: number): [number, number, number] => [
  Math.min(16384, Math.ceil(size / threads)),
  1,
  1,
];

function samplings(points: readonly number[], levels: readonly (readonly number[])[]): LevelSampling[] {
  const columns = levels.reduce((sum, shape) => sum + shape[4]! * TAPS, 0);
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
): tf.TensorInfo {
  const all = samplings(
    points.shape,
    levels.map((level) => level.shape),
  );
  const features = newTensor(backend, [points.shape[0]!, points.shape[1]!, all[0]!.columns]);
  all.forEach((s, n) => {
    runProgram(
      backend,
      { key: `sample ${keyOf(s)}`, code: () => sampleShader(s) },
      [points, levels[n]!, features],
      workgroups(Math.ceil((s.batch * s.points) / pointsPerGroup(s))),
      places(offset, mappings[n]!),
    );
  });
  return features;
}

function zeros(backend: WebGPUBackend, shape: readonly number[]): tf.TensorInfo {
  const tensor = newTensor(backend, shape);
  const size = tf.util.sizeFromShape([...shape]);
  runProgram(backend, { key: 'zero', code: () => zeroShader }, [tensor], strided(size, 256));
  return tensor;
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
  const key = keyOf(s);
  const voxels = s.batch * s.depth * s.height * s.width;
  const samples = s.batch * s.points;
  const delta = places(offset, mapping);
  const largest = zeros(backend, [2]);
  const density = zeros(backend, [voxels]);
  const gradient = zeros(backend, [s.batch, s.depth, s.height, s.width, s.channels]);
  runProgram(
    backend,
    { key: `largestGradient ${key}`, code: () => largestGradientShader(s) },
    [dy, largest],
    [Math.ceil(samples / 16), 1, 1],
  );
  runProgram(
    backend,
    { key: `density ${key}`, code: () => densityShader(s) },
    [points, density],
    workgroups(Math.ceil((samples * TAPS) / SAMPLING_THREADS)),
    delta,
  );
  runProgram(
    backend,
    { key: `largestDensity ${voxels}`, code: () => largestDensityShader(voxels) },
    [density, largest],
    strided(voxels, SAMPLING_THREADS * 8),
  );
  runProgram(
    backend,
    { key: `scatter ${key}`, code: () => scatterShader(s) },
    [points, dy, largest, gradient],
    workgroups(Math.ceil((samples * s.channels) / SAMPLING_THREADS)),
    delta,
  );
  runProgram(
    backend,
    { key: `fixedToFloat ${voxels * s.channels}`, code: () => fixedToFloatShader(voxels * s.channels) },
    [largest, gradient],
    strided(voxels * s.channels, 256),
  );
  discard(backend, largest, density);
  return gradient;
}

const SAMPLE = 'AuricleSamplePyramid';
const SAMPLE_GRADIENT = 'AuricleSamplePyramidGradient';

/** Registers the kernels with the backend 'webgpu'. */
export function registerSamplePyramid(): void {
  registerGpuKernel(SAMPLE, (inputs, { offset, mappings }, backend) => {
    const [points, ...levels] = Object.values(inputs);
    return gpuSamplePyramid(backend, points!, levels, offset as number, mappings as LevelMapping[]);
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
    gradFunc: (dyAny, saved, { offset, mappings }) => {
      const dy = dyAny as tf.Tensor;
      const [points, ...levels] = saved as tf.Tensor[];
      const all = samplings(
        points!.shape,
        levels.map((level) => level.shape),
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
  return callKernel<tf.Tensor3D>(SAMPLE, [pointsNormalized, ...levels], {
    offset: offsetNormalized,
    mappings,
  });
}
