import { availableParallelism } from 'node:os';
import { createWorkerPool } from '#shared/workers/workerPool.ts';
import { drawHere, type ResultDrawing } from '../pipeline/resultDrawing.ts';
import { workerThread } from '../threads/thread.ts';
import { workerFile } from '../threads/workerFile.ts';
import { drawingTasks } from './tasks.ts';

/**
 * Draws picture and mask of a result in a thread while this one measures the surface; the same bytes. In this thread
 * where there is one processor, or where the program runs from its sources.
 * @param file the built worker; undefined where there is none
 */
export function drawInThread(
  file = workerFile('drawing.worker'),
  processors = availableParallelism(),
): ResultDrawing {
  if (file === undefined || processors < 2) return drawHere();
  const pool = createWorkerPool(drawingTasks, {
    start: () => workerThread(file, undefined),
    size: 1,
    graceMs: 0,
  });
  const { drawing } = pool.services;
  let mask: Promise<Uint8Array> | undefined;
  return {
    begin(surface) {
      mask = drawing.begin(surface);
      // Met where the mask is asked for, if the work comes so far.
      mask.catch(() => undefined);
    },
    async mask() {
      if (!mask) throw new Error('The drawing has not begun.');
      return mask;
    },
    picture: (texts) => drawing.finish(texts),
    free: () => pool.free(),
  };
}
