import type { Random } from '#shared/random/random.ts';
import { type ExampleSource, prefetched, type TrainingExample } from './exampleSource.ts';
import type { TrainingRecipe } from './recipe.ts';
import { poolAt, stepRandom } from './schedule.ts';

/** The batch of a step: slots of the pool, and the random source for whatever else the batch draws. */
export interface DrawnBatch {
  readonly slots: readonly number[];
  readonly random: Random;
}

/** The examples on the device, by slot. */
export interface ExamplePool {
  /** Loads what the pool must hold in a step: all of it before the first, only the new examples after. */
  advance(step: number): Promise<void>;
  /** The batch of a step; the same for the same recipe and step. */
  draw(step: number): DrawnBatch;
}

/** At least this many examples are asked for ahead. */
const LEAST_AHEAD = 32;

/** @param place puts an example into a slot of the device's buffers. */
export function createExamplePool(
  recipe: TrainingRecipe,
  examples: ExampleSource,
  place: (slot: number, example: TrainingExample) => void,
): ExamplePool {
  const { poolSize, newPerStep, batchSize, seed } = recipe;
  const take = prefetched(examples, Math.max(LEAST_AHEAD, 8 * newPerStep));
  let isFilled = false;
  const fill = async (index: number): Promise<void> => place(index % poolSize, await take(index));
  return {
    async advance(step) {
      if (!isFilled) {
        for (const index of poolAt(poolSize, newPerStep, step).sort((a, b) => a - b)) await fill(index);
      }
      isFilled = true;
      for (let n = 0; n < newPerStep; n++) await fill(poolSize + step * newPerStep + n);
    },
    draw(step) {
      const random = stepRandom(seed, step, 'batch');
      return { slots: Array.from({ length: batchSize }, () => random.integer(0, poolSize - 1)), random };
    },
  };
}
