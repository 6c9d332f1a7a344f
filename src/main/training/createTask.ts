import type { WebGpu } from '#shared/nudf/engine/webgpuBackend.ts';
import type { ExampleSource } from './exampleSource.ts';
import { createFieldTask } from './fieldTask.ts';
import type { TrainingRecipe } from './recipe.ts';
import { createRegionTask } from './regionTask.ts';
import { createSurroundingsTask } from './surroundingsTask.ts';
import type { TrainingTask } from './trainLoop.ts';

/** The examples and losses that a recipe asks for. */
export function createTask(recipe: TrainingRecipe, gpu: WebGpu, examples: ExampleSource): TrainingTask {
  switch (recipe.kind) {
    case 'nudf':
      return createFieldTask(recipe, gpu, examples);
    case 'region':
      return createRegionTask(recipe, gpu, examples);
    case 'surroundings':
      return createSurroundingsTask(recipe, gpu, examples);
  }
}
