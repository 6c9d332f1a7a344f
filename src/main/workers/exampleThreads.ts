import { type ExampleSource, makeExample, type TrainingExample } from '../training/exampleSource.ts';
import type { TrainingRecipe } from '../training/recipe.ts';
import type { ExampleRequest } from './example.worker.ts';
import { workerFile } from './workerFile.ts';
import { createWorkerPool } from './workerPool.ts';

/** Training examples made in threads where the built program is there, else in this one. */
export function exampleThreads(recipe: TrainingRecipe, threads: number): ExampleSource {
  const file = workerFile('example.worker');
  if (file === undefined) {
    return { example: async (index) => makeExample(recipe, index), free: async () => {} };
  }
  const pool = createWorkerPool<ExampleRequest, TrainingExample>(file, threads);
  return { example: (index) => pool.run({ recipe, index }), free: () => pool.free() };
}
