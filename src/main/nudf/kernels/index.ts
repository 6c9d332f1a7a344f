// Gradients of the stock operations; the package's main module leaves them out.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { registerColumnSum } from './columnSum.ts';
import { registerConv3d } from './conv3d.ts';

let registered = false;

/**
 * Registers the kernels of this folder with TensorFlow.js' backend 'webgpu' and replaces its slow ones (Conv3D and its
 * gradients). Once a process is enough; further calls do nothing.
 */
export function registerAuricleKernels(): void {
  if (registered) return;
  registered = true;
  registerColumnSum();
  registerConv3d();
}

export { columnSum } from './columnSum.ts';
export { conv3dSame } from './conv3d.ts';
