import type { EngineStatus } from '#shared/contract/services/app.ts';
import { failureOf } from '#shared/errors.ts';
import type { Port } from '#shared/rpc/port.ts';
import { splitPort } from '#shared/rpc/splitPort.ts';
import { createInferenceSession, type InferenceOptions } from '../pipeline/inferenceSession.ts';
import { serveThread } from '../threads/serveThread.ts';
import { portChannels } from './portChannels.ts';
import { INFERENCE_CHANNEL, inferenceTasks, type OnViewer } from './tasks.ts';
import { viewerSessions } from './viewerSessions.ts';

/**
 * Serves the channels of the inference process.
 * @param onEnd called when the other end has closed, no call runs, and models and engine are freed
 */
export function serveInferenceChannels(port: Port, onEnd: () => void = () => undefined): void {
  // The options are the program's own, sent by `inferenceProcess`.
  portChannels(port).onOpen(INFERENCE_CHANNEL, (tasks, options) =>
    serveInference(tasks, options as InferenceOptions, onEnd),
  );
}

/**
 * Loads models and engine at once, reports when they are ready or why they are not, and answers calls, which wait for
 * them. Reports the engine's status again whenever a call has changed it.
 * @param onEnd called when the other end has closed the port, no call runs, and models and engine are freed
 */
function serveInference(port: Port, options: InferenceOptions, onEnd: () => void): void {
  const starting = createInferenceSession({ ...options, surroundings: true });
  let reported = '';
  const report = (status: EngineStatus): void => {
    const text = JSON.stringify(status);
    if (text !== reported) server.emit('engine', status);
    reported = text;
  };
  const { calls, back } = splitPort(port);
  const viewers = viewerSessions(back, starting);
  const session = async ({ viewer }: OnViewer) => {
    const ready = await starting;
    if (!viewer) return { ready, report: () => report(ready.status()) };
    const onViewer = await viewers.session(viewer);
    return {
      ready: onViewer,
      async report() {
        const { viewerId } = viewer;
        server.emit('viewerEngine', { viewerId, engine: onViewer.status() });
        await viewers.settle(viewerId);
      },
    };
  };
  const free = async (): Promise<void> => {
    await viewers.free();
    const ready = await starting.catch(() => undefined);
    await ready?.free();
  };
  const server = serveThread(
    calls,
    inferenceTasks,
    {
      inference: {
        async findRegion({ coarse, ...where }, job) {
          const { ready, report } = await session(where);
          return ready.findRegion(coarse, job).finally(report);
        },
        async segment(request, job) {
          const { ready, report } = await session(request);
          return ready.segment(request, job).finally(report);
        },
        // The network of the surroundings computes here, whatever computes the others.
        lookAround: async (request, job) => (await starting).lookAround(request, job),
      },
    },
    { free, onEnd },
  );
  starting.then(
    (ready) => report(ready.status()),
    (thrown) => report({ state: 'failed', id: options.engine, device: '', remarks: [failureOf(thrown)] }),
  );
}
