import process from 'node:process';
import { parentPort } from 'node:worker_threads';
import { warmUpSteps } from '../meshing/index.ts';
import { threadPort } from '../threads/thread.ts';
import { runWhenIdle } from './runWhenIdle.ts';
import { serveMeshing } from './serveMeshing.ts';

if (parentPort) {
  const port = threadPort(parentPort);
  serveMeshing(port);
  // Three seconds of processor time, which the tests' many starts do not need.
  if (process.env.AURICLE_WARM_UP !== 'off') runWhenIdle(port, warmUpSteps());
}
