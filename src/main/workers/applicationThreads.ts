import type { StartedWorker } from '#shared/workers/workerPool.ts';
import type { InferenceOptions } from '../pipeline/inferenceSession.ts';
import { sameThread, workerThread } from './thread.ts';
import { workerFile } from './workerFile.ts';

export type { InferenceOptions } from '../pipeline/inferenceSession.ts';

/** The encoder takes a second on a usual processor, ten on a slow or busy one, and cannot be interrupted. */
const END_WITHIN_MS = 20_000;

/**
 * Starts the inference thread; in this one where no worker was built.
 * @param file the built worker; found beside the program when left out
 */
export function inferenceThread(
  options: InferenceOptions,
  file: string | undefined = workerFile('inference.worker'),
): StartedWorker {
  if (file !== undefined) return workerThread(file, options, { endWithinMs: END_WITHIN_MS });
  return sameThread(async (port, onEnd) => {
    const { serveInference } = await import('./serveInference.ts');
    serveInference(port, options, onEnd);
  });
}

/**
 * Starts a meshing thread; in this one where no worker was built.
 * @param file the built worker; found beside the program when left out
 */
export function meshingThread(file: string | undefined = workerFile('meshing.worker')): StartedWorker {
  if (file !== undefined) return workerThread(file, undefined);
  return sameThread(async (port, onEnd) => {
    const { serveMeshing } = await import('./serveMeshing.ts');
    serveMeshing(port, onEnd);
  });
}
