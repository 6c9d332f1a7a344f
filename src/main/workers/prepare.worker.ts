import { parentPort } from 'node:worker_threads';
import { prepareCase } from '../preparation/prepareCase.ts';
import { findCentre } from './findCentre.ts';
import { serveThread } from './serveThread.ts';
import { preparationTasks } from './tasks.ts';
import { threadPort } from './thread.ts';

if (parentPort) {
  serveThread(threadPort(parentPort), preparationTasks, {
    preparation: {
      prepareCase: ({ request, folder, options }, job) =>
        prepareCase(request, folder, options, findCentre, job),
    },
  });
}
