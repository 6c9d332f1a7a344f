import { parentPort } from 'node:worker_threads';
import { messageOf } from '#shared/errors.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { renderCtSlab } from '../phantom/renderCt.ts';
import type { PhantomScene } from '../phantom/scene.ts';
import type { WorkerReply } from './workerPool.ts';

/** Renders slices kStart to kEnd − 1 of a scan. */
export interface SlabRequest {
  readonly scene: PhantomScene;
  readonly grid: GridLps;
  readonly kStart: number;
  readonly kEnd: number;
}

parentPort?.on('message', ({ scene, grid, kStart, kEnd }: SlabRequest) => {
  let reply: WorkerReply<Int16Array>;
  try {
    reply = { kind: 'done', response: renderCtSlab(scene, grid, kStart, kEnd) };
  } catch (thrown) {
    reply = { kind: 'failed', message: messageOf(thrown) };
  }
  parentPort?.postMessage(reply);
});
