import type { WebGpu } from '#shared/nudf/engine/webgpuBackend.ts';
import { writeSizesIntoShaders } from '#shared/nudf/kernels/index.ts';
import type { ExampleSource } from './exampleSource.ts';
import { createFieldTask } from './fieldTask.ts';
import type { TrainingRecipe } from './recipe.ts';
import { createRegionTask } from './regionTask.ts';
import { createSurroundingsTask } from './surroundingsTask.ts';
import type { TrainingTask } from './trainLoop.ts';

/** The examples and losses that a recipe asks for. */
export function createTask(recipe: TrainingRecipe, gpu: WebGpu, examples: ExampleSource): TrainingTask {
  // A software device compiles longer than it computes.
  if (!gpu.isSoftware) writeSizesIntoShaders(gpu.backend);
  switch (recipe.kind) {
    case 'nudf':
      return createFieldTask(recipe, gpu, examples);
    case 'region':
      return createRegionTask(recipe, gpu, examples);
    case 'surroundings':
      return createSurroundingsTask(recipe, gpu, examples);
  }
}
