import type { Thread } from '../thread.ts';
import type { ThreadReply, ThreadRequest } from '../threadMessages.ts';

/** A thread for tests that does nothing by itself: the test reads what it was sent and answers for it. */
export interface FakeThread extends Thread {
  readonly requests: ThreadRequest[];
  readonly isEnded: () => boolean;
  reply(reply: ThreadReply): void;
  crash(): void;
}

export function fakeThread(): FakeThread {
  const requests: ThreadRequest[] = [];
  const listeners: ((reply: ThreadReply) => void)[] = [];
  const crashListeners: ((reason: Error) => void)[] = [];
  let isEnded = false;
  return {
    requests,
    isEnded: () => isEnded,
    post: (request) => void requests.push(structuredClone(request)),
    onReply: (listener) => void listeners.push(listener),
    onCrash: (listener) => void crashListeners.push(listener),
    async end() {
      isEnded = true;
    },
    reply(reply) {
      for (const listener of listeners) listener(structuredClone(reply));
    },
    crash() {
      for (const listener of crashListeners) listener(new Error('The test ended this thread.'));
    },
  };
}
