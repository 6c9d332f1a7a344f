import { parentPort } from 'node:worker_threads';
import { warmUpSteps } from '../meshing/index.ts';
import { serveMeshing } from './serveMeshing.ts';
import { workUntilCalled } from './workUntilCalled.ts';

if (parentPort) {
  serveMeshing(parentPort);
  workUntilCalled(parentPort, warmUpSteps());
}
