import { parentPort } from 'node:worker_threads';
import { makeExample } from '../training/exampleSource.ts';
import { serveThread } from './serveThread.ts';
import { trainingTasks } from './tasks.ts';
import { threadPort } from './thread.ts';

if (parentPort) {
  serveThread(threadPort(parentPort), trainingTasks, {
    training: { example: async ({ recipe, index }) => makeExample(recipe, index) },
  });
}
