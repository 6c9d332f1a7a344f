import type { InferenceOptions } from '../pipeline/inferenceSession.ts';
import { sameThread, type Thread, workerThread } from './thread.ts';
import { workerFile } from './workerFile.ts';

/**
 * Starts the inference thread; in this one where no worker was built.
 * @param file the built worker; found beside the program when left out
 */
export function inferenceThread(
  options: InferenceOptions,
  file: string | undefined = workerFile('inference.worker'),
): Thread {
  if (file !== undefined) return workerThread(file, options);
  return sameThread((port) => {
    const serving = import('./serveInference.ts').then(({ serveInference }) => serveInference(port, options));
    return async () => (await serving)();
  });
}
