import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { stockOps } from '../network/stockOps.ts';
import { asDeviceFailure } from './fallbackEngine.ts';
import type { TensorflowHost } from './tensorflowEngine.ts';

/** The stock sampling holds the features of a chunk several times over: some 2 GB for the bundled model. */
const CHUNK_POINTS = 16_384;
const BACKEND = 'tensorflow';

/** TensorFlow.js 4.22 still calls this function of node:util, which Node 23 removed. */
function restoreIsNullOrUndefined(): void {
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

/** Loads the optional package, which registers the backend 'tensorflow' with the same TensorFlow.js core. */
async function loadTensorflow(packageName: string): Promise<void> {
  restoreIsNullOrUndefined();
  try {
    // Not a literal: the package is optional and must not be looked for when the program is built.
    await import(/* @vite-ignore */ packageName);
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    const isAbsent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    throw new UserError(
      failure(isAbsent ? 'engine.package-missing' : 'engine.package-unloadable', { packageName }),
    );
  }
}

/**
 * TensorFlow.js on CUDA, by the optional package @tensorflow/tfjs-node-gpu.
 * @throws UserError, with the reason, where the package is absent or sees no GPU
 */
export async function cudaHost(packageName = '@tensorflow/tfjs-node-gpu'): Promise<TensorflowHost> {
  await loadTensorflow(packageName);
  if (!(await tf.setBackend(BACKEND))) throw new UserError(failure('engine.tensorflow-not-started'));
  const backend = tf.backend() as { isUsingGpuDevice?: boolean };
  if (backend.isUsingGpuDevice !== true) throw new UserError(failure('engine.no-cuda-device'));
  return {
    id: 'cuda',
    device: 'NVIDIA GPU by CUDA',
    backendName: BACKEND,
    ops: stockOps,
    chunkPoints: CHUNK_POINTS,
    async guard(work) {
      try {
        return await work();
      } catch (thrown) {
        throw asDeviceFailure(thrown);
      }
    },
  };
}
