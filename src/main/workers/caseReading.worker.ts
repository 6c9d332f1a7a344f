import { parentPort } from 'node:worker_threads';
import { serveThread } from '../threads/serveThread.ts';
import { threadPort } from '../threads/thread.ts';
import { readDualFieldCase } from '../training/dualField/dualFieldCases.ts';
import { readFamilyCase } from '../training/family/caseSource.ts';
import { caseReadingTasks } from './tasks.ts';

if (parentPort) {
  serveThread(threadPort(parentPort), caseReadingTasks, {
    caseReading: { family: readFamilyCase, dualField: readDualFieldCase },
  });
}
