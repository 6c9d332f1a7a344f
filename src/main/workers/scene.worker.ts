import { parentPort } from 'node:worker_threads';
import { messageOf } from '#shared/errors.ts';
import { buildScene, type SceneOptions } from '../phantom/anatomy/index.ts';
import type { PhantomScene } from '../phantom/scene.ts';
import type { WorkerReply } from './workerPool.ts';

/** Builds the scene of a seed. */
export interface SceneRequest {
  readonly seed: number;
  readonly options: SceneOptions;
}

parentPort?.on('message', ({ seed, options }: SceneRequest) => {
  let reply: WorkerReply<PhantomScene>;
  try {
    reply = { kind: 'done', response: buildScene(seed, options) };
  } catch (thrown) {
    reply = { kind: 'failed', message: messageOf(thrown) };
  }
  parentPort?.postMessage(reply);
});
