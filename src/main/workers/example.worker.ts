import { parentPort } from 'node:worker_threads';
import { serveThread } from '../threads/serveThread.ts';
import { threadPort } from '../threads/thread.ts';
import { makeExample } from '../training/exampleSource.ts';
import { trainingTasks } from './tasks.ts';

if (parentPort) {
  serveThread(threadPort(parentPort), trainingTasks, {
    training: { example: async ({ recipe, index }) => makeExample(recipe, index) },
  });
}
