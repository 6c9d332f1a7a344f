import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { asDeviceFailure } from '#shared/nudf/engine/fallbackEngine.ts';
import type { TensorflowHost } from '#shared/nudf/engine/tensorflowEngine.ts';
import { stockOps } from '#shared/nudf/network/stockOps.ts';

/** The stock sampling holds the features of a chunk several times over: some 2 GB for the bundled model. */
const CHUNK_POINTS = 16_384;
const BACKEND = 'tensorflow';

/** TensorFlow.js 4.22 still calls this function of node:util, which Node 23 removed. */
function restoreIsNullOrUndefined(): void {
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

const packageFolder = (packageName: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`));

function isInstalled(packageName: string): boolean {
  try {
    return packageFolder(packageName) !== '';
  } catch {
    return false;
  }
}

/**
 * Whether the package's own library was fetched: npm installs the package without it (.npmrc). Loading it all the same
 * would fail as well, but only after TensorFlow.js has written a warning.
 */
function hasNativeLibrary(packageName: string): boolean {
  try {
    const folder = join(packageFolder(packageName), 'lib');
    return readdirSync(folder).some((name) => existsSync(join(folder, name, 'tfjs_binding.node')));
  } catch {
    return false;
  }
}

/** Loads the optional package, which registers the backend 'tensorflow' with the same TensorFlow.js core. */
async function loadTensorflow(packageName: string): Promise<void> {
  if (!isInstalled(packageName)) throw new UserError(failure('engine.package-missing', { packageName }));
  if (!hasNativeLibrary(packageName)) {
    throw new UserError(failure('engine.package-unloadable', { packageName }));
  }
  restoreIsNullOrUndefined();
  try {
    // Not a literal: the package is optional and must not be looked for when the program is built.
    const file = createRequire(import.meta.url).resolve(packageName);
    await import(/* @vite-ignore */ pathToFileURL(file).href);
  } catch {
    throw new UserError(failure('engine.package-unloadable', { packageName }));
  }
}

/**
 * TensorFlow.js on CUDA, by the optional package @tensorflow/tfjs-node-gpu.
 * @param packageName the package, or a folder that is one
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
    chunksAtOnce: 1,
    async guard(work) {
      try {
        return await work();
      } catch (thrown) {
        throw asDeviceFailure(thrown);
      }
    },
  };
}
