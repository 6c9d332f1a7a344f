import { viewerTasks } from '#shared/nudf/engine/viewerTasks.ts';
import { createRpcClient } from '#shared/rpc/client.ts';
import { clientServices } from '#shared/rpc/contract.ts';
import type { Port } from '#shared/rpc/port.ts';
import type { InferenceSession } from '../pipeline/inferenceSession.ts';
import { inferenceCallbacks, type OnViewer } from './tasks.ts';

/** Sessions on the graphics processors of pages, opened when they are first used and kept while they work. */
export interface ViewerSessions {
  session(viewer: NonNullable<OnViewer['viewer']>): Promise<InferenceSession>;
  /** Frees a session whose graphics processor no longer computes. */
  settle(viewerId: number): Promise<void>;
  free(): Promise<void>;
}

/** @param back the way to the application, which knows the pages */
export function viewerSessions(back: Port, standby: Promise<InferenceSession>): ViewerSessions {
  const application = createRpcClient(inferenceCallbacks, back);
  const sessions = new Map<number, Promise<InferenceSession>>();
  const end = async (viewerId: number): Promise<void> => {
    const session = sessions.get(viewerId);
    sessions.delete(viewerId);
    await (await session)?.free();
  };
  return {
    session({ viewerId, ...viewer }) {
      const { networks } = clientServices(viewerTasks, (name, params, options) =>
        application.services.viewer.call({ viewerId, name, params }, options),
      );
      const known =
        sessions.get(viewerId) ?? standby.then((ready) => ready.onViewer({ ...viewer, networks }));
      sessions.set(viewerId, known);
      return known;
    },
    async settle(viewerId) {
      const session = await sessions.get(viewerId);
      if (session && session.status().id !== 'viewer') await end(viewerId);
    },
    async free() {
      for (const viewerId of [...sessions.keys()]) await end(viewerId).catch(() => undefined);
    },
  };
}
