import { parentPort } from 'node:worker_threads';
import { readDualFieldCase } from '../training/dualField/dualFieldCases.ts';
import { readFamilyCase } from '../training/family/caseSource.ts';
import { serveThread } from './serveThread.ts';
import { caseReadingTasks } from './tasks.ts';
import { threadPort } from './thread.ts';

if (parentPort) {
  serveThread(threadPort(parentPort), caseReadingTasks, {
    caseReading: { family: readFamilyCase, dualField: readDualFieldCase },
  });
}
