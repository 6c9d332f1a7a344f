import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cudaHost } from './cudaEngine.ts';
import { selectEngine } from './selectEngine.ts';

/**
 * In place of @tensorflow/tfjs-node-gpu, whose library needs an NVIDIA GPU: a package with a native library in the same
 * place, which registers the same backend, computing as TensorFlow.js' own for the CPU does.
 */
describe('the CUDA engine with a package that stands in for the real one', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auricle-cuda-'));
    await mkdir(join(folder, 'lib', 'napi-v8'), { recursive: true });
    await writeFile(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'), '');
    await writeFile(join(folder, 'package.json'), '{"name": "stand-in", "main": "index.cjs"}');
    await writeFile(join(folder, 'index.cjs'), 'globalThis.standInForCuda();');
  });
  afterEach(async () => {
    tf.removeBackend('tensorflow');
    await tf.setBackend('cpu');
    Reflect.deleteProperty(globalThis, 'standInForCuda');
    await rm(folder, { recursive: true });
  });

  /** What loading the package does: it registers a backend that has a GPU or not. */
  const onLoading = (isUsingGpuDevice: boolean): void => {
    const register = (): void => {
      for (const kernel of tf.getKernelsForBackend('cpu')) {
        if (!tf.getKernel(kernel.kernelName, 'tensorflow'))
          tf.registerKernel({ ...kernel, backendName: 'tensorflow' });
      }
      tf.registerBackend('tensorflow', () =>
        Object.assign(tf.findBackendFactory('cpu')() as tf.KernelBackend, { isUsingGpuDevice }),
      );
    };
    Object.assign(globalThis, { standInForCuda: register });
  };

  it('is loaded from its folder, chosen by name, and computes', async () => {
    onLoading(true);
    const cuda = async () => ({ host: await cudaHost(folder), isSoftware: false, free: () => {} });
    const never = () => Promise.reject(new Error('not asked for'));
    const selected = await selectEngine('cuda', {}, { mayHaveGpu: () => false, webgpu: never, cuda });
    expect([selected.id, selected.device, selected.reasons]).toEqual(['cuda', 'NVIDIA GPU by CUDA', []]);

    // selectEngine.test.ts computes the networks by the same operations on the plain backend.
    expect(tf.getBackend()).toBe('tensorflow');
    expect(tf.tidy(() => tf.matMul([[1, 2]], [[3], [4]]).arraySync())).toEqual([[11]]);
  });

  it('says so where the package sees no GPU', async () => {
    onLoading(false);
    await expect(cudaHost(folder)).rejects.toThrow('TensorFlow found no CUDA device.');
  });
});
