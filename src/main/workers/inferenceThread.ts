import type { InferenceOptions } from '../pipeline/inferenceSession.ts';
import { sameThread, type Thread, workerThread } from './thread.ts';
import { workerFile } from './workerFile.ts';

/** The encoder takes a second on a usual processor, ten on a slow or busy one, and cannot be interrupted. */
const END_WITHIN_MS = 20_000;

/**
 * Starts the inference thread; in this one where no worker was built.
 * @param file the built worker; found beside the program when left out
 */
export function inferenceThread(
  options: InferenceOptions,
  file: string | undefined = workerFile('inference.worker'),
): Thread {
  if (file !== undefined) return workerThread(file, options, { endWithinMs: END_WITHIN_MS });
  return sameThread((port) => {
    const serving = import('./serveInference.ts').then(({ serveInference }) => serveInference(port, options));
    return async () => (await serving)();
  });
}
