import { createWorkerPool } from '#shared/workers/workerPool.ts';
import { workerThread } from '../threads/thread.ts';
import { workerFile } from '../threads/workerFile.ts';
import { type ExampleSource, makeExample } from '../training/exampleSource.ts';
import type { TrainingRecipe } from '../training/recipe.ts';
import { trainingTasks } from './tasks.ts';

/** Training examples made in threads where the built program is there, else in this one. */
export function exampleThreads(recipe: TrainingRecipe, threads: number): ExampleSource {
  const file = workerFile('example.worker');
  if (file === undefined) {
    return { example: async (index) => makeExample(recipe, index), free: async () => {} };
  }
  const pool = createWorkerPool(trainingTasks, {
    start: () => workerThread(file, undefined),
    size: threads,
    graceMs: 0,
  });
  return {
    example: (index) => pool.services.training.example({ recipe, index }),
    free: () => pool.free(),
  };
}
