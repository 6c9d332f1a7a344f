import { createRandom, type Random } from '#shared/random/random.ts';
import type { TrainingRecipe } from './recipe.ts';

/** The learning rate of a step (0-based): linear warm-up, then half a cosine down to `finalShare`. */
export function learningRateAt(recipe: Pick<TrainingRecipe, 'optimizer' | 'steps'>, step: number): number {
  const { learningRate, finalShare, warmupSteps } = recipe.optimizer;
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  const progress = (step - warmupSteps) / Math.max(1, recipe.steps - warmupSteps);
  const cosine = 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
  return learningRate * (finalShare + (1 - finalShare) * cosine);
}

/**
 * The random numbers of one step. They depend only on the recipe's seed and the step, so that a resumed training
 * continues as if it had never stopped.
 */
export const stepRandom = (seed: number, step: number, purpose: string): Random =>
  createRandom(seed).fork(`${purpose} ${step}`);

/** Training phantoms have seeds from here on; below are those kept for tests and benchmarks. */
export const FIRST_TRAINING_SEED = 1_000_000;

/** The phantom seed of the n-th training example of a recipe; two recipes with different seeds share none. */
export const trainingSceneSeed = (recipeSeed: number, index: number): number =>
  FIRST_TRAINING_SEED + (((recipeSeed % 100) * 10_000_019 + index) % 2_000_000_000);

/** The phantom seed that stands in for one that no phantom can be drawn from; far from all that examples begin with. */
export const substituteSceneSeed = (seed: number): number =>
  FIRST_TRAINING_SEED + 2_000_000_000 + ((seed - FIRST_TRAINING_SEED) % 2_000_000_000);

/**
 * Which examples the pool holds when a step begins, as example index per slot: example n lives in slot n mod poolSize,
 * and the step with number t adds the examples up to poolSize + (t + 1)·newPerStep before it draws its batch.
 *
 * Worked example: poolSize 4, newPerStep 1. When step 0 begins the slots hold examples 0 1 2 3; when step 1 begins,
 * example 4 has replaced example 0: 4 1 2 3; when step 6 begins: 8 9 6 7.
 */
export function poolAt(poolSize: number, newPerStep: number, step: number): number[] {
  const newest = poolSize + step * newPerStep;
  return Array.from({ length: poolSize }, (_, slot) => {
    const rounds = Math.ceil((newest - slot) / poolSize) - 1;
    return slot + rounds * poolSize;
  });
}
