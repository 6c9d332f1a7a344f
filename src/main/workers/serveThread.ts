import type { MessagePort } from 'node:worker_threads';
import type { OnProgress } from '#shared/progress.ts';
import { failureOf, type ThreadMethods, type ThreadReply, type ThreadRequest } from './threadMessages.ts';

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
 * @returns how the thread tells of what belongs to no call
 */
export function serveThread<M extends ThreadMethods>(
  port: MessagePort,
  handlers: ThreadHandlers<M>,
): { event(value: unknown): void } {
  const running = new Map<number, AbortController>();
  const post = (reply: ThreadReply): void => port.postMessage(reply);

  const answer = async (id: number, method: string, params: unknown): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
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
    } finally {
      running.delete(id);
    }
  };

  port.on('message', (request: ThreadRequest) => {
    if (request.kind === 'cancel') running.get(request.id)?.abort();
    else void answer(request.id, request.method, request.params);
  });
  return { event: (value) => post({ kind: 'event', value }) };
}
