import type { EngineChoice } from '#shared/contract/services/app.ts';
import type { FamilySpec } from '#shared/nudf/family/familySpec.ts';
import type { TrainerState } from '../epochs/epochTrainer.ts';
import { trainerOnEngine } from '../epochs/trainerOnEngine.ts';
import type { FamilyTrainer, FamilyTrainerOptions } from './familyTrainer.ts';

/** The trainer of a network of the family for an engine. @throws UserError where the engine is not there */
export const createFamilyTrainer =
  (choice: EngineChoice) =>
  (spec: FamilySpec, state: TrainerState, options: FamilyTrainerOptions): Promise<FamilyTrainer> =>
    trainerOnEngine(choice, {
      async onTensorflow(device) {
        const { createTensorflowFamilyTrainer } = await import('./tensorflowFamilyTrainer.ts');
        return createTensorflowFamilyTrainer(spec, state, options, device);
      },
      async onCpu() {
        const { createOnnxFamilyTrainer } = await import('./onnxFamilyTrainer.ts');
        return createOnnxFamilyTrainer(spec, state, options);
      },
    });
