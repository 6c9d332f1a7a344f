import type { MessagePort } from 'node:worker_threads';
import type { EngineStatus } from '#shared/contract/services/app.ts';
import { messageOf } from '#shared/errors.ts';
import { createInferenceSession, type InferenceOptions } from '../pipeline/inferenceSession.ts';
import type { InferenceMethods } from './inferenceMethods.ts';
import { serveThread } from './serveThread.ts';

/**
 * Loads models and engine at once, tells when they are ready or why they are not, and answers calls, which wait for
 * them. Tells the engine's status again whenever a call has changed it.
 * @returns frees models and engine
 */
export function serveInference(port: MessagePort, options: InferenceOptions): () => Promise<void> {
  const starting = createInferenceSession(options);
  let told = '';
  const tell = (status: EngineStatus): void => {
    const text = JSON.stringify(status);
    if (text !== told) event(status);
    told = text;
  };
  const session = async () => {
    const ready = await starting;
    return { ready, tell: () => tell(ready.status()) };
  };
  const free = async (): Promise<void> => {
    const ready = await starting.catch(() => undefined);
    await ready?.free();
  };
  const { event } = serveThread<InferenceMethods>(
    port,
    {
      async findRegion({ coarse }, job) {
        const { ready, tell } = await session();
        return ready.findRegion(coarse, job).finally(tell);
      },
      async segment(request, job) {
        const { ready, tell } = await session();
        return ready.segment(request, job).finally(tell);
      },
    },
    free,
  );
  starting.then(
    (ready) => tell(ready.status()),
    (thrown) => tell({ state: 'failed', id: options.engine, device: '', remarks: [messageOf(thrown)] }),
  );
  return free;
}
