import type { MessagePort } from 'node:worker_threads';
import type { OnProgress } from '#shared/progress.ts';
import {
  failureOf,
  type ThreadEnded,
  type ThreadMethods,
  type ThreadReply,
  type ThreadRequest,
} from './threadMessages.ts';

/** What a thread's function gets beside its parameters. */
export interface ThreadJob {
  /** Fires when the caller cancels; heard only between awaits, for a thread does one thing at a time. */
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export type ThreadHandlers<M extends ThreadMethods> = {
  readonly [K in keyof M]: (params: M[K]['params'], job: ThreadJob) => Promise<M[K]['result']>;
};

/**
 * The thread's side of a thread pool: answers calls that come through a port, and every failure as data.
 * @param free called when the thread is asked to end, after its calls are over
 * @returns how the thread tells of what belongs to no call
 */
export function serveThread<M extends ThreadMethods>(
  port: MessagePort,
  handlers: ThreadHandlers<M>,
  free?: () => Promise<void>,
): { event(value: unknown): void } {
  const running = new Map<number, { readonly controller: AbortController; readonly over: Promise<void> }>();
  const post = (reply: ThreadReply | ThreadEnded): void => port.postMessage(reply);

  const answer = async (
    id: number,
    method: string,
    params: unknown,
    controller: AbortController,
  ): Promise<void> => {
    try {
      const handler = handlers[method];
      if (handler === undefined) throw new Error(`A thread has no method "${method}".`);
      // The pool of this thread types its calls by the same ThreadMethods.
      const result = await handler(params as M[keyof M]['params'], {
        signal: controller.signal,
        onProgress: (progress) => post({ kind: 'progress', id, progress }),
      });
      post({ kind: 'done', id, result });
    } catch (thrown) {
      post({ kind: 'failed', id, failure: failureOf(thrown) });
    }
  };

  const end = async (): Promise<void> => {
    for (const { controller } of running.values()) controller.abort();
    await Promise.all([...running.values()].map(({ over }) => over));
    // Whatever cannot be freed goes with the thread.
    await free?.().catch(() => undefined);
    post({ kind: 'ended' });
  };
  port.on('message', (request: ThreadRequest) => {
    switch (request.kind) {
      case 'call': {
        const controller = new AbortController();
        const over = answer(request.id, request.method, request.params, controller);
        running.set(request.id, { controller, over });
        void over.then(() => running.delete(request.id));
        return;
      }
      case 'cancel':
        running.get(request.id)?.controller.abort();
        return;
      case 'end':
        void end();
        return;
      default:
        request satisfies never;
    }
  });
  return { event: (value) => post({ kind: 'event', value }) };
}
