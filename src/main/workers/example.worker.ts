import { parentPort } from 'node:worker_threads';
import { messageOf } from '#shared/errors.ts';
import { makeExample, type TrainingExample } from '../nudf/training/exampleSource.ts';
import type { TrainingRecipe } from '../nudf/training/recipe.ts';
import type { WorkerReply } from './workerPool.ts';

/** Makes one training example. */
export interface ExampleRequest {
  readonly recipe: TrainingRecipe;
  readonly index: number;
}

parentPort?.on('message', ({ recipe, index }: ExampleRequest) => {
  let reply: WorkerReply<TrainingExample>;
  try {
    reply = { kind: 'done', response: makeExample(recipe, index) };
  } catch (thrown) {
    reply = { kind: 'failed', message: messageOf(thrown) };
  }
  parentPort?.postMessage(reply);
});
