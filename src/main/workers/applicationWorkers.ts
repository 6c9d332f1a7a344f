import type { Port } from '#shared/rpc/port.ts';
import type { StartedWorker } from '#shared/workers/workerPool.ts';
import type { InferenceOptions } from '../pipeline/inferenceSession.ts';
import { sameThread, workerThread } from '../threads/thread.ts';
import { workerFile } from '../threads/workerFile.ts';
import { portChannels } from './portChannels.ts';
import { INFERENCE_CHANNEL } from './tasks.ts';

export type { InferenceOptions } from '../pipeline/inferenceSession.ts';

/** Models and engine at work in a process of their own. */
export interface StartedInference extends StartedWorker {
  /** Opens a further channel to the process, for ports that it cannot be sent: see `joinPorts`. */
  open(name: string): Port;
}

/**
 * Starts models and engine in a process of their own; in this thread where none was built.
 * @param file the built process; undefined where the program runs from its sources
 * @param startProcess the host's way of starting one
 */
export function inferenceProcess(
  options: InferenceOptions,
  file: string | undefined,
  startProcess: (file: string) => StartedWorker,
): StartedInference {
  const worker =
    file !== undefined
      ? startProcess(file)
      : sameThread(async (port, onEnd) => {
          const { serveInferenceChannels } = await import('./serveInference.ts');
          serveInferenceChannels(port, onEnd);
        });
  const { open } = portChannels(worker.port);
  return { port: open(INFERENCE_CHANNEL, options), end: () => worker.end(), open };
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
