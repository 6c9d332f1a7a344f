import { parentPort } from 'node:worker_threads';
import { prepareCase } from '../preparation/prepareCase.ts';
import { serveThread } from '../threads/serveThread.ts';
import { threadPort } from '../threads/thread.ts';
import { findCentre } from './findCentre.ts';
import { preparationTasks } from './tasks.ts';

if (parentPort) {
  serveThread(threadPort(parentPort), preparationTasks, {
    preparation: {
      prepareCase: ({ request, folder, options }, job) =>
        prepareCase(request, folder, options, findCentre, job),
    },
  });
}
