import { type BlockExample, blockExample } from './blockExample.ts';
import { type CropExample, cropExample } from './cropExample.ts';
import type { TrainingRecipe } from './recipe.ts';
import { type SurroundingsExample, surroundingsExample } from './surroundingsExample.ts';

export type TrainingExample = CropExample | BlockExample | SurroundingsExample;

/** Gives the n-th example of a recipe; one that works in threads does so ahead of its use. */
export interface ExampleSource {
  example(index: number): Promise<TrainingExample>;
  free(): Promise<void>;
}

/** The n-th example of a recipe, made at once in this thread; the same on every machine. */
export function makeExample(recipe: TrainingRecipe, index: number): TrainingExample {
  switch (recipe.kind) {
    case 'nudf':
      return cropExample(recipe, index);
    case 'region':
      return blockExample(recipe, index);
    case 'surroundings':
      return surroundingsExample(recipe, index);
  }
}

/** Examples in order, asked for ahead of their use. */
export function prefetched(
  source: ExampleSource,
  ahead: number,
): (index: number) => Promise<TrainingExample> {
  const pending = new Map<number, Promise<TrainingExample>>();
  const ask = (index: number): Promise<TrainingExample> => {
    const known = pending.get(index);
    if (known) return known;
    const asked = source.example(index);
    // The error reaches the one who awaits it; until then it must not count as unhandled.
    asked.catch(() => {});
    pending.set(index, asked);
    return asked;
  };
  return async (index) => {
    const example = ask(index);
    for (let next = index + 1; next <= index + ahead; next++) void ask(next);
    pending.delete(index);
    return example;
  };
}
