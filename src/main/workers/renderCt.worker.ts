import { parentPort } from 'node:worker_threads';
import { renderCtSlab } from '../phantom/renderCt.ts';
import { serveThread } from '../threads/serveThread.ts';
import { threadPort } from '../threads/thread.ts';
import { renderingTasks } from './tasks.ts';

if (parentPort) {
  serveThread(threadPort(parentPort), renderingTasks, {
    rendering: {
      slab: async ({ scene, grid, kStart, kEnd }, { onProgress }) =>
        renderCtSlab(scene, grid, kStart, kEnd, {
          onProgress: (fraction) => onProgress({ stage: 'Scanning the phantom', fraction }),
        }),
    },
  });
}
