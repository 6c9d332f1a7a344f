import type { EngineChoice } from '#shared/contract/services/app.ts';
import { failureOf, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { FamilySpec } from '#shared/nudf/family/familySpec.ts';
import { mayHaveGraphicsDevice } from '../../nudf/engine/selectEngine.ts';
import type { TrainerState } from '../epochs/epochTrainer.ts';
import type { FamilyTrainer, FamilyTrainerOptions } from './familyTrainer.ts';

/** Makes the trainer of a network. */
export type CreateFamilyTrainer = (
  spec: FamilySpec,
  state: TrainerState,
  options: FamilyTrainerOptions,
) => Promise<FamilyTrainer>;

// Loaded when asked for: TensorFlow.js and Dawn take longer to start than ONNX Runtime.

const onWebGpu =
  (isSoftwareRefused: boolean): CreateFamilyTrainer =>
  async (spec, state, options) => {
    const { createWebGpu } = await import('../../nudf/engine/webgpuDevice.ts');
    const { createTensorflowFamilyTrainer } = await import('./tensorflowFamilyTrainer.ts');
    const gpu = await createWebGpu();
    if (gpu.isSoftware && isSoftwareRefused) {
      gpu.free();
      return onCpu(spec, state, options);
    }
    const trainer = createTensorflowFamilyTrainer(spec, state, options, {
      name: gpu.adapterName,
      assertWorking() {
        const reason = gpu.failure();
        if (reason) throw new UserError(failure('training.device-failed', { reason: failureOf(reason) }));
      },
    });
    return {
      ...trainer,
      async free() {
        await trainer.free();
        gpu.free();
      },
    };
  };

const onCuda: CreateFamilyTrainer = async (spec, state, options) => {
  const { cudaHost } = await import('../../nudf/engine/cudaEngine.ts');
  const { createTensorflowFamilyTrainer } = await import('./tensorflowFamilyTrainer.ts');
  const { device: name, ops } = await cudaHost();
  return createTensorflowFamilyTrainer(spec, state, options, { name, ops, assertWorking: () => undefined });
};

const onCpu: CreateFamilyTrainer = async (spec, state, options) => {
  const { createOnnxFamilyTrainer } = await import('./onnxFamilyTrainer.ts');
  return createOnnxFamilyTrainer(spec, state, options);
};

/**
 * The trainer for an engine: our kernels by WebGPU, TensorFlow.js by CUDA, ONNX Runtime on the CPU. `auto` is WebGPU
 * where there is a graphics device, else the CPU.
 * @throws UserError where the engine is not there
 */
export const createFamilyTrainer =
  (choice: EngineChoice): CreateFamilyTrainer =>
  async (spec, state, options) => {
    switch (choice) {
      case 'webgpu':
        return onWebGpu(false)(spec, state, options);
      case 'cuda':
        return onCuda(spec, state, options);
      case 'onnx':
        return onCpu(spec, state, options);
      case 'auto':
        if (!mayHaveGraphicsDevice()) return onCpu(spec, state, options);
        return onWebGpu(true)(spec, state, options).catch((thrown: unknown) => {
          if (thrown instanceof UserError) return onCpu(spec, state, options);
          throw thrown;
        });
    }
  };
