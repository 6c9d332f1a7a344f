import type { PhantomScene } from '../../phantom/scene.ts';
import type { SceneSource } from '../../phantom/sceneSource.ts';
import { trainingSceneSeed } from './schedule.ts';

/** The scenes of training examples in order, asked for ahead of their use. */
export interface ScenePrefetch {
  /** The scene of an example; also asks for those up to `ahead` further on. */
  take(example: number): Promise<PhantomScene>;
}

export function createScenePrefetch(source: SceneSource, recipeSeed: number, ahead: number): ScenePrefetch {
  const pending = new Map<number, Promise<PhantomScene>>();
  const ask = (example: number): Promise<PhantomScene> => {
    const known = pending.get(example);
    if (known) return known;
    const asked = source.scene(trainingSceneSeed(recipeSeed, example));
    // Whoever takes it sees the error; until then it must not count as unhandled.
    asked.catch(() => {});
    pending.set(example, asked);
    return asked;
  };
  return {
    async take(example) {
      const scene = ask(example);
      for (let next = example + 1; next <= example + ahead; next++) void ask(next);
      pending.delete(example);
      return scene;
    },
  };
}
