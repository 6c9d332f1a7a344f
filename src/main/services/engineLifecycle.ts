import type { EngineStatus } from '#shared/contract/services/app.ts';
import { createLifecycle } from '#shared/lifecycle/lifecycle.ts';

/**
 * start: a process begins to open models and engine; opened: the process says that the engine is ready, at first and after
 * each job; notOpened: the process says why it is not; lost: the process died, or was ended.
 */
export type EngineEvent = 'start' | 'opened' | 'notOpened' | 'lost';

export const engineLifecycle = createLifecycle<EngineStatus['state'], EngineEvent>('engine', {
  starting: { start: 'starting', opened: 'ready', notOpened: 'failed', lost: 'failed' },
  ready: { start: 'starting', opened: 'ready', notOpened: 'failed', lost: 'failed' },
  // A process that could not open its engine tries again with the next job.
  failed: { start: 'starting', opened: 'ready', notOpened: 'failed', lost: 'failed' },
});

/** What a process' report of its status means. */
export const eventOfReport = ({ state }: EngineStatus): EngineEvent => {
  switch (state) {
    case 'starting':
      return 'start';
    case 'ready':
      return 'opened';
    case 'failed':
      return 'notOpened';
    default:
      return state satisfies never;
  }
};
