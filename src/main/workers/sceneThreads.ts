import type { SceneOptions } from '../phantom/anatomy/index.ts';
import type { PhantomScene } from '../phantom/scene.ts';
import { directSceneSource, type SceneSource } from '../phantom/sceneSource.ts';
import type { SceneRequest } from './scene.worker.ts';
import { workerFile } from './workerFile.ts';
import { createWorkerPool } from './workerPool.ts';

/** Scenes built in threads where the built program is there, else in this one. */
export function sceneThreads(options: SceneOptions, threads: number): SceneSource {
  const file = workerFile('scene.worker');
  if (file === undefined) return directSceneSource(options);
  const pool = createWorkerPool<SceneRequest, PhantomScene>(file, threads);
  return { scene: (seed) => pool.run({ seed, options }), free: () => pool.free() };
}
