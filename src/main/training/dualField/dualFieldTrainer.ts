import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import type { TrainerState } from '../epochs/epochTrainer.ts';
import type { FieldRecipe } from '../recipe.ts';

/** As in the recipes of the bundled models. */
export const DUAL_FIELD_LOSS: FieldRecipe['loss'] = {
  beta: 0.05,
  signedWeight: 2,
  unsignedWeight: 2,
  signWeight: 0.4,
  sharpness: 8,
};
export const DUAL_FIELD_OPTIMIZER = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 1e-4,
  clipNorm: 1,
} as const;

export interface DualFieldTrainerOptions {
  /** Keeps the encoder as it is and trains the decoder alone. Group norms have no statistics that could move. */
  readonly freezeEncoder: boolean;
}

/** The weights that the optimiser moves. */
export const trainedNames = (
  names: readonly string[],
  { freezeEncoder }: DualFieldTrainerOptions,
): readonly string[] => names.filter((name) => !(freezeEncoder && name.startsWith('encoder.')));

/** No decay of scales, offsets and biases, as is usual. */
export const isDecayed = (name: string): boolean => name.endsWith('.kernel');

/** The state before the first step. */
export function initialDualFieldState(weights: WeightMap): TrainerState {
  const zeros = (): WeightMap =>
    new Map(
      [...weights].map(([name, { shape, data }]) => [name, { shape, data: new Float32Array(data.length) }]),
    );
  return { step: 0, weights, firstMoments: zeros(), secondMoments: zeros() };
}
