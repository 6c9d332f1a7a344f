import { sameThread, type Thread, workerThread } from './thread.ts';
import { workerFile } from './workerFile.ts';

/**
 * Starts a meshing thread; in this one where no worker was built.
 * @param file the built worker; found beside the program when left out
 */
export function meshingThread(file: string | undefined = workerFile('meshing.worker')): Thread {
  if (file !== undefined) return workerThread(file, undefined);
  return sameThread((port) => {
    void import('./serveMeshing.ts').then(({ serveMeshing }) => serveMeshing(port));
    return undefined;
  });
}
