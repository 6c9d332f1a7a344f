// Gradients of the stock operations; the package's main module leaves them out.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { registerColumnSum } from './columnSum.ts';
import { registerConv3d } from './conv3d.ts';
import { registerDense } from './dense.ts';
import { registerGroupNorm } from './groupNorm.ts';
import { registerMatMul } from './matMul.ts';
import { registerMaxPool3d } from './maxPool3d.ts';
import { registerSamplePyramid } from './samplePyramid.ts';

let registered = false;

/**
 * Registers the kernels of this folder with TensorFlow.js' backend 'webgpu' and replaces its slow ones (Conv3D with its
 * gradients, large matrix products). Call after createWebGpu; once a process is enough, further calls do nothing.
 */
export function registerAuricleKernels(): void {
  if (registered) return;
  registered = true;
  registerColumnSum();
  registerConv3d();
  registerDense();
  registerGroupNorm();
  registerMatMul();
  registerMaxPool3d();
  registerSamplePyramid();
}

export { type AdamWItem, type AdamWSettings, adamWStep } from './adamW.ts';
export { columnSum } from './columnSum.ts';
export { conv3dSame } from './conv3d.ts';
export { dense } from './dense.ts';
export { releaseFreeBuffers } from './gpuProgram.ts';
export { groupNormRelu } from './groupNorm.ts';
export { maxPool3d } from './maxPool3d.ts';
export { samplePyramid } from './samplePyramid.ts';
