import type { EngineChoice } from '#shared/contract/services/app.ts';
import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { EpochTrainer, TrainerState } from '../epochs/epochTrainer.ts';
import { trainerOnEngine } from '../epochs/trainerOnEngine.ts';
import type { DualFieldBatch } from './dualFieldBatches.ts';
import type { DualFieldTrainerOptions } from './dualFieldTrainer.ts';

/** The trainer of the dual-field network for an engine. @throws UserError where the engine is not there */
export const createDualFieldTrainer =
  (choice: EngineChoice) =>
  (
    spec: FieldNetworkSpec,
    state: TrainerState,
    options: DualFieldTrainerOptions,
  ): Promise<EpochTrainer<DualFieldBatch>> =>
    trainerOnEngine(choice, {
      async onTensorflow(device) {
        const { createTensorflowDualFieldTrainer } = await import('./tensorflowDualFieldTrainer.ts');
        return createTensorflowDualFieldTrainer(spec, state, options, device);
      },
      async onCpu() {
        const { createOnnxDualFieldTrainer } = await import('./onnxDualFieldTrainer.ts');
        return createOnnxDualFieldTrainer(spec, state, options);
      },
    });
