import { parentPort } from 'node:worker_threads';
import { warmUpSteps } from '../meshing/index.ts';
import { threadPort } from '../threads/thread.ts';
import { runWhenIdle, warmsUp } from './runWhenIdle.ts';
import { serveMeshing } from './serveMeshing.ts';

if (parentPort) {
  const port = threadPort(parentPort);
  serveMeshing(port);
  if (warmsUp()) runWhenIdle(port, warmUpSteps());
}
