import type { Tensor1D, Tensor2D, Tensor3D, Tensor5D } from '@tensorflow/tfjs-core';
import type { LevelMapping } from './levelMapping.ts';

/**
 * The operations that the networks are made of, all differentiable. Volumes are [B, D, H, W, C] (z, y, x, channels).
 * There is a plain implementation by TensorFlow.js' stock operations ({@link stockOps}: the reference, and what CUDA
 * runs) and one by the project's own WebGPU kernels.
 */
export interface NetworkOps {
  /** 3³ convolution, stride 1, zero padding 1, with bias, then ReLU where asked; kernel [3, 3, 3, in, out]. */
  conv3dSame(volume: Tensor5D, kernel: Tensor5D, bias: Tensor1D, relu?: boolean): Tensor5D;
  /** ReLU(scale·(x − mean)/√(variance + 1e-5) + offset), mean and variance over the voxels and channels of a group. */
  groupNormRelu(volume: Tensor5D, scale: Tensor1D, offset: Tensor1D, groups: number): Tensor5D;
  /** Largest value of each window³, stride as the window. */
  maxPool3d(volume: Tensor5D, window: number): Tensor5D;
  /**
   * Trilinear samples of all levels at p, p − δx, p + δx, p − δy, p + δy, p − δz, p + δz, in normalised coordinates;
   * beyond the outermost voxel centres the border's value holds. `mappings` says where the levels lie; by default voxel v
   * of n has its centre at (2v + 1)/n − 1.
   * @returns [B, P, F·7], level by level, within a level c·7 + tap
   */
  samplePyramid(
    levels: readonly Tensor5D[],
    pointsNormalized: Tensor3D,
    offsetNormalized: number,
    mappings?: readonly LevelMapping[],
  ): Tensor3D;
  /** rows·kernel + bias, then ReLU where asked; rows [N, in], kernel [in, out]. */
  dense(rows: Tensor2D, kernel: Tensor2D, bias: Tensor1D, relu: boolean): Tensor2D;
  /** The decoder's first layer: dense(samplePyramid(levels, …), kernel, bias, relu), [B·P, out]. */
  sampledDense(
    levels: readonly Tensor5D[],
    pointsNormalized: Tensor3D,
    offsetNormalized: number,
    kernel: Tensor2D,
    bias: Tensor1D,
    relu: boolean,
    mappings?: readonly LevelMapping[],
  ): Tensor2D;
}

/** Added to the variance before its root, in every group norm of the project. */
export const GROUP_NORM_EPSILON = 1e-5;
