import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import type { InferenceOptions } from '../pipeline/inferenceSession.ts';
import { serveInference } from './serveInference.ts';
import { threadPort } from './thread.ts';

// applicationThreads.ts starts this file with these options. In a thread, exit ends the thread alone.
if (parentPort) serveInference(threadPort(parentPort), workerData as InferenceOptions, () => process.exit());
