// Gradients of the stock operations; the package's main module leaves them out.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import type { NetworkOps } from '../network/networkOps.ts';
import { clampedLoss, registerClampedLoss } from './clampedLoss.ts';
import { registerColumnSum } from './columnSum.ts';
import { conv3dSame, registerConv3d } from './conv3d.ts';
import { dense, registerDense } from './dense.ts';
import { type BatchNormed, batchNorm, groupNormRelu, registerGroupNorm } from './groupNorm.ts';
import { registerMatMul } from './matMul.ts';
import { maxPool3d, registerMaxPool3d } from './maxPool3d.ts';
import { registerSampledDense, sampledDense } from './sampledDense.ts';
import { registerSamplePyramid, samplePyramid } from './samplePyramid.ts';

let registered = false;

/**
 * Registers the kernels of this folder with TensorFlow.js' backend 'webgpu' and replaces its slow ones (Conv3D with its
 * gradients, large matrix products). Call after createWebGpu; once a process is enough, further calls do nothing.
 */
export function registerAuricleKernels(): void {
  if (registered) return;
  registered = true;
  registerClampedLoss();
  registerColumnSum();
  registerConv3d();
  registerDense();
  registerGroupNorm();
  registerMatMul();
  registerMaxPool3d();
  registerSampledDense();
  registerSamplePyramid();
}

/** The networks' operations by these kernels; on another backend than 'webgpu' they are the stock ones. */
export function webgpuOps(): NetworkOps {
  registerAuricleKernels();
  return { conv3dSame, groupNormRelu, maxPool3d, samplePyramid, dense, sampledDense };
}

export { type AdamWItem, type AdamWSettings, adamStep, adamWStep } from './adamW.ts';
export { columnSum } from './columnSum.ts';
export { compileAhead, onGpu, releaseFreeBuffers, writeSizesIntoShaders } from './gpuProgram.ts';
export { type DeviceImage, imageBatchOnGpu, MOTION_FLOATS, uploadImage } from './moveImages.ts';
export { type RunningStatistics, updateRunningStatistics } from './runningStatistics.ts';
export {
  type BatchNormed,
  batchNorm,
  clampedLoss,
  conv3dSame,
  dense,
  groupNormRelu,
  maxPool3d,
  sampledDense,
  samplePyramid,
};
