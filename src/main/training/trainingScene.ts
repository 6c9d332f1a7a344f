import { UndrawableSeedError } from '../phantom/anatomy/index.ts';
import type { PhantomScene } from '../phantom/scene.ts';
import { substituteSceneSeed, trainingSceneSeed } from './schedule.ts';

/**
 * The phantom of a recipe's n-th example, and its seed. A training draws tens of thousands: where one of their seeds gives
 * no sound appendage, another seed stands in for it, always the same, so that no training ends for that.
 * @param sceneOf builds the phantom of a seed
 * @throws UndrawableSeedError where both seeds give none; what else `sceneOf` throws
 */
export function trainingScene(
  recipeSeed: number,
  example: number,
  sceneOf: (seed: number) => PhantomScene,
): { readonly seed: number; readonly scene: PhantomScene } {
  const drawn = trainingSceneSeed(recipeSeed, example);
  try {
    return { seed: drawn, scene: sceneOf(drawn) };
  } catch (thrown) {
    if (!(thrown instanceof UndrawableSeedError)) throw thrown;
    const seed = substituteSceneSeed(drawn);
    return { seed, scene: sceneOf(seed) };
  }
}
