import { parentPort } from 'node:worker_threads';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { renderCtSlab } from '../phantom/renderCt.ts';
import type { PhantomScene } from '../phantom/scene.ts';
import { serveThread } from './serveThread.ts';
import type { OneMethod } from './workerPool.ts';

/** Renders slices kStart to kEnd − 1 of a scan. */
export interface SlabRequest {
  readonly scene: PhantomScene;
  readonly grid: GridLps;
  readonly kStart: number;
  readonly kEnd: number;
}

if (parentPort) {
  serveThread<OneMethod<SlabRequest, Int16Array>>(parentPort, {
    do: async ({ scene, grid, kStart, kEnd }) => renderCtSlab(scene, grid, kStart, kEnd),
  });
}
