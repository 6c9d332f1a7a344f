import { parentPort, workerData } from 'node:worker_threads';
import type { InferenceOptions } from '../pipeline/inferenceSession.ts';
import { serveInference } from './serveInference.ts';

// inferenceThread.ts starts this file with these options.
if (parentPort) serveInference(parentPort, workerData as InferenceOptions);
