import type { EngineChoice } from '#shared/contract/services/app.ts';
import { failureOf, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { EpochTrainer, TrainerState } from '../epochs/epochTrainer.ts';
import type { TensorflowDevice } from '../epochs/tensorflowTrainer.ts';
import type { DualFieldBatch } from './dualFieldBatches.ts';
import type { DualFieldTrainerOptions } from './dualFieldTrainer.ts';

interface OwnedDevice extends TensorflowDevice {
  free(): void;
}

// Loaded when asked for: TensorFlow.js and Dawn take a second to start.

async function webGpuDevice(): Promise<OwnedDevice> {
  const { createWebGpu } = await import('../../nudf/engine/webgpuDevice.ts');
  const gpu = await createWebGpu();
  return {
    name: gpu.adapterName,
    assertWorking() {
      const reason = gpu.failure();
      if (reason) throw new UserError(failure('training.device-failed', { reason: failureOf(reason) }));
    },
    free: () => gpu.free(),
  };
}

async function cudaDevice(): Promise<OwnedDevice> {
  const { cudaHost } = await import('../../nudf/engine/cudaEngine.ts');
  const { device: name, ops } = await cudaHost();
  return { name, ops, assertWorking: () => undefined, free: () => undefined };
}

async function deviceOf(choice: EngineChoice): Promise<OwnedDevice> {
  switch (choice) {
    case 'auto':
    case 'webgpu':
      return webGpuDevice();
    case 'cuda':
      return cudaDevice();
    case 'onnx':
      throw new UserError(failure('training.needs-graphics'));
  }
}

/**
 * The trainer for an engine: our kernels by WebGPU, TensorFlow.js by CUDA.
 * @throws UserError where the engine is not there; the CPU has none for this network
 */
export const createDualFieldTrainerOn =
  (choice: EngineChoice) =>
  async (
    spec: FieldNetworkSpec,
    state: TrainerState,
    options: DualFieldTrainerOptions,
  ): Promise<EpochTrainer<DualFieldBatch>> => {
    const device = await deviceOf(choice);
    const { createDualFieldTrainer } = await import('./dualFieldTrainer.ts');
    const trainer = createDualFieldTrainer(spec, state, options, device);
    return {
      ...trainer,
      async free() {
        await trainer.free();
        device.free();
      },
    };
  };
