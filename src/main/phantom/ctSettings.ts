import type { GridLps } from '#shared/geometry/gridLps.ts';
import { perAxis, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { type AxisKernel, type CtKernels, ctKernels } from './ctKernels.ts';
import { HIGHEST_HU, LOWEST_HU, type VoxelBox } from './renderCt.ts';
import type { PhantomScene } from './scene.ts';
import { type SampleBox, type ScenePlan, sampleBox, substepsOf } from './scenePlan.ts';

/** One box of a scan's grid as the passes of ctShaders.ts see it. Sizes count samples or voxels along i, j, k. */
export interface CtBox {
  readonly scene: PhantomScene;
  readonly grid: GridLps;
  readonly box: VoxelBox;
  readonly size: Vec3;
  readonly kernels: CtKernels;
  readonly substeps: Vec3;
  /** The samples that tissues are painted at, and those of the white noise. */
  readonly fine: SampleBox;
  readonly white: SampleBox;
  /** Sizes after smoothing along i, and along i and j. */
  readonly afterI: Vec3;
  readonly afterJ: Vec3;
  readonly noiseI: Vec3;
  readonly noiseJ: Vec3;
  readonly weights: KernelWeights;
}

/** The weights of all kernels in one row, those of the image first, and where each kernel's begin. */
interface KernelWeights {
  readonly values: Float32Array;
  readonly starts: readonly number[];
}

/** The words of a uniform: floats, then whole numbers. The layouts are the structs of ctShaders.ts. */
export interface SettingWords {
  readonly floats: readonly number[];
  readonly integers: readonly number[];
}

export function ctBox(scene: PhantomScene, grid: GridLps, box: VoxelBox): CtBox {
  const kernels = ctKernels(scene.acquisition, grid.spacingMm);
  const size = subtract(box.to, box.from);
  const fine = sampleBox(kernels.image, box);
  const white = sampleBox(kernels.noise, box);
  return {
    ...{ scene, grid, box, size, kernels, fine, white },
    substeps: substepsOf(kernels),
    afterI: [size[0], fine.size[1], fine.size[2]],
    afterJ: [size[0], size[1], fine.size[2]],
    noiseI: [size[0], white.size[1], white.size[2]],
    noiseJ: [size[0], size[1], white.size[2]],
    weights: kernelWeights(kernels),
  };
}

const allKernels = ({ image, noise }: CtKernels): readonly AxisKernel[] => [...image, ...noise];

function kernelWeights(kernels: CtKernels): KernelWeights {
  const starts: number[] = [];
  const values: number[] = [];
  for (const { weights } of allKernels(kernels)) {
    starts.push(values.length);
    values.push(...weights);
  }
  return { values: Float32Array.from(values), starts };
}

export function paintSettings(
  { scene, grid, kernels, fine, substeps }: CtBox,
  { step, count }: ScenePlan['regions'],
): SettingWords {
  const origin = latticePoint(
    grid,
    fine.from.map((f, axis) => (f + 0.5) / substeps[axis]! - 0.5),
  );
  const steps = grid.directions.map((direction, axis) =>
    scale(direction, grid.spacingMm[axis]! / substeps[axis]!),
  );
  return {
    floats: [
      ...[...origin, 1 / kernels.edgeMm],
      ...[...steps[0]!, scene.backgroundHu],
      ...[...steps[1]!, 0, ...steps[2]!, 0],
    ],
    integers: [...fine.size, 0, ...step, 0, ...count, 0],
  };
}

/**
 * One smoothing along an axis.
 * @param kernelIndex among the six kernels: image along i, j, k, then noise
 */
export function smoothingSettings(
  { scene, kernels, white, weights }: CtBox,
  axis: number,
  kernelIndex: number,
  inSize: Vec3,
  outSize: Vec3,
): SettingWords {
  const strides = [1, inSize[0], inSize[0] * inSize[1]];
  const kernel = allKernels(kernels)[kernelIndex]!;
  const stride = strides.map((value, n) => (n === axis ? value * kernel.substeps : value));
  return {
    floats: [],
    integers: [
      ...[...inSize, kernel.weights.length, ...outSize, weights.starts[kernelIndex]!],
      ...[...stride, strides[axis]!],
      ...[...white.from.map((value) => value >>> 0), scene.acquisition.noiseSeed >>> 0],
    ],
  };
}

/** The last pass: smoothing of image and noise along k, streaks, 12 bits and the reconstruction circle. */
export function finishSettings({ grid, box, size, kernels, substeps, weights }: CtBox): SettingWords {
  const steps = grid.directions.map((direction, axis) => scale(direction, grid.spacingMm[axis]!));
  return {
    floats: [
      ...[...latticePoint(grid, box.from), kernels.noiseGain, ...steps[0]!, LOWEST_HU],
      ...[...steps[1]!, HIGHEST_HU, ...steps[2]!, 0],
    ],
    integers: [
      ...[...size, substeps[2], kernels.image[2].weights.length, weights.starts[2]!],
      ...[kernels.noise[2].weights.length, weights.starts[5]!],
    ],
  };
}

function latticePoint(grid: GridLps, voxelIjk: readonly number[]): Vec3 {
  return perAxis((axis) =>
    grid.directions.reduce(
      (sum, direction, along) => sum + direction[axis] * grid.spacingMm[along]! * voxelIjk[along]!,
      grid.originLpsMm[axis],
    ),
  );
}
