import process from 'node:process';
import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads';
import type { InferenceOptions } from '#main/pipeline/inferenceSession.ts';
import { serveInference } from '#main/workers/serveInference.ts';
import { threadPort } from '#main/workers/thread.ts';

/** A message of the test on this channel ends the thread, as a failure outside of any call would. */
const channel = new BroadcastChannel('auricle-test-crash');
channel.onmessage = () => {
  throw new Error('The test asked for a crash.');
};
channel.unref();

// The services start this file as they start the usual one.
if (parentPort) serveInference(threadPort(parentPort), workerData as InferenceOptions, () => process.exit());
