import type { EngineChoice } from '#shared/contract/services/app.ts';
import { failureOf, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { mayHaveGraphicsDevice } from '../../nudf/engine/selectEngine.ts';
import type { TensorflowDevice } from './tensorflowTrainer.ts';

interface Freeable {
  free(): Promise<void>;
}

/** Makes a network's trainer, by TensorFlow.js on a device or by ONNX Runtime on the CPU. */
export interface TrainerMakers<T extends Freeable> {
  onTensorflow(device: TensorflowDevice): Promise<T>;
  onCpu(): Promise<T>;
}

// Loaded when asked for: TensorFlow.js and Dawn take longer to start than ONNX Runtime.

async function onWebGpu<T extends Freeable>(
  makers: TrainerMakers<T>,
  isSoftwareRefused: boolean,
): Promise<T> {
  const [{ createWebGpu }, { writeSizesIntoShaders }] = await Promise.all([
    import('../../nudf/engine/webgpuDevice.ts'),
    import('#shared/nudf/kernels/index.ts'),
  ]);
  const gpu = await createWebGpu();
  if (gpu.isSoftware && isSoftwareRefused) {
    gpu.free();
    return makers.onCpu();
  }
  if (!gpu.isSoftware) writeSizesIntoShaders(gpu.backend);
  const trainer = await makers
    .onTensorflow({
      name: gpu.adapterName,
      assertWorking() {
        const reason = gpu.failure();
        if (reason) throw new UserError(failure('training.device-failed', { reason: failureOf(reason) }));
      },
    })
    .catch((thrown: unknown) => {
      gpu.free();
      throw thrown;
    });
  return {
    ...trainer,
    async free() {
      await trainer.free();
      gpu.free();
    },
  };
}

async function onCuda<T extends Freeable>({ onTensorflow }: TrainerMakers<T>): Promise<T> {
  const { cudaHost } = await import('../../nudf/engine/cudaEngine.ts');
  const { device: name, ops } = await cudaHost();
  return onTensorflow({ name, ops, assertWorking: () => undefined });
}

/**
 * The trainer for an engine: our kernels by WebGPU, TensorFlow.js by CUDA, ONNX Runtime on the CPU. `auto` is WebGPU
 * where there is a graphics device, else the CPU.
 * @throws UserError where the engine is not there
 */
export async function trainerOnEngine<T extends Freeable>(
  choice: EngineChoice,
  makers: TrainerMakers<T>,
): Promise<T> {
  switch (choice) {
    case 'webgpu':
      return onWebGpu(makers, false);
    case 'cuda':
      return onCuda(makers);
    case 'onnx':
      return makers.onCpu();
    case 'auto':
      if (!mayHaveGraphicsDevice()) return makers.onCpu();
      return onWebGpu(makers, true).catch((thrown: unknown) => {
        if (thrown instanceof UserError) return makers.onCpu();
        throw thrown;
      });
  }
}
