import { parentPort } from 'node:worker_threads';
import { serveMeshing } from './serveMeshing.ts';

if (parentPort) serveMeshing(parentPort);
