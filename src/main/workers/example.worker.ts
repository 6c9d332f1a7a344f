import { parentPort } from 'node:worker_threads';
import { makeExample, type TrainingExample } from '../training/exampleSource.ts';
import type { TrainingRecipe } from '../training/recipe.ts';
import { serveThread } from './serveThread.ts';
import type { OneMethod } from './workerPool.ts';

/** Makes one training example. */
export interface ExampleRequest {
  readonly recipe: TrainingRecipe;
  readonly index: number;
}

if (parentPort) {
  serveThread<OneMethod<ExampleRequest, TrainingExample>>(parentPort, {
    do: async ({ recipe, index }) => makeExample(recipe, index),
  });
}
