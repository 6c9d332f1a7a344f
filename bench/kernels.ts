/**
 * `node bench/run.js kernels`: times every WebGPU kernel at the sizes that training meets, against TensorFlow.js' own where it has one, and checks
 * results at full size by samples. `--small` for a processor, `--stock` to time the stock convolutions too, `--tiles`
 * to try other tiles, `--step` for a whole training step alone, `--unchecked` without Dawn's bounds checks, `--uniforms`
 * for shaders that are told their sizes, as inference has them: training writes them into the text.
 */
import process from 'node:process';
import * as tf from '@tensorflow/tfjs-core';
import { registerAuricleKernels, writeSizesIntoShaders } from '#shared/nudf/kernels/index.ts';
import { createWebGpu } from '../src/main/nudf/engine/webgpuDevice.ts';
import { benchConv3d, benchTiles, CONV_SHAPES } from './kernels/convolutions.ts';
import { benchFused } from './kernels/fused.ts';
import { gpuAdam, timeStep } from './kernels/trainingStep.ts';

const small = process.argv.includes('--small');
const dawnFlags = process.argv.includes('--unchecked') ? ['enable-dawn-features=disable_robustness'] : [];
const gpu = await createWebGpu({ dawnFlags });
const stockConv = ['Conv3D', 'Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'].map(
  (name) => tf.getKernel(name, 'webgpu').kernelFunc,
);
const stockMatMul = tf.getKernel('BatchMatMul', 'webgpu').kernelFunc;
registerAuricleKernels();
if (!process.argv.includes('--uniforms')) writeSizesIntoShaders(gpu.backend);
console.log(`${gpu.adapterName}${gpu.isSoftware ? ' (software)' : ''} ${dawnFlags.join(' ')}`);
gpu.device.addEventListener('uncapturederror', (event) => {
  console.log(`ERROR ${(event as GPUUncapturedErrorEvent).error.message}`);
});

if (!process.argv.includes('--step')) {
  for (const shape of small ? CONV_SHAPES.slice(0, 3) : CONV_SHAPES) {
    const [batch, size, input, output] = small ? [1, 8, shape[2], shape[3]] : shape;
    await benchConv3d(
      gpu,
      [batch!, size!, input!, output!],
      process.argv.includes('--stock') ? stockConv : [],
    );
  }
  if (process.argv.includes('--tiles')) await benchTiles(gpu, small);
  await benchFused(gpu, small, stockMatMul);
  await gpuAdam(gpu, small);
}
await timeStep(gpu, small);
gpu.free();
