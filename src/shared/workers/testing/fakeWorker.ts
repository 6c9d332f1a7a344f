import type { ClientMessage, ServerMessage } from '../../rpc/messages.ts';
import { createPortListeners } from '../../rpc/portListeners.ts';
import type { StartedWorker } from '../workerPool.ts';

/** A worker for tests that does nothing by itself: the test reads what it was sent and answers for it. */
export interface FakeWorker extends StartedWorker {
  readonly messages: ClientMessage[];
  readonly isEnded: () => boolean;
  /** The parameters of the calls that it was sent. */
  calls(): unknown[];
  lastCallId(): number;
  send(message: ServerMessage): void;
  /** Answers the last call. */
  answer(result: unknown): void;
  crash(): void;
}

export const CRASH_REASON = 'The test ended this worker.';

export function fakeWorker(): FakeWorker {
  const messages: ClientMessage[] = [];
  const listeners = createPortListeners();
  let isEnded = false;
  const worker: FakeWorker = {
    messages,
    port: {
      send(message) {
        // A pool sends nothing else.
        if (!listeners.isClosed) messages.push(structuredClone(message) as ClientMessage);
      },
      onMessage: listeners.onMessage,
      onClose: listeners.onClose,
      close: () => void listeners.closed('closed here'),
    },
    isEnded: () => isEnded,
    calls: () => messages.flatMap((message) => (message.kind === 'call' ? [message.params] : [])),
    lastCallId() {
      const call = messages.findLast(({ kind }) => kind === 'call');
      if (call?.kind !== 'call') throw new Error('The worker was not called.');
      return call.id;
    },
    send: (message) => listeners.message(structuredClone(message)),
    answer: (result) => worker.send({ kind: 'result', id: worker.lastCallId(), result }),
    crash: () => void listeners.closed(CRASH_REASON),
    async end() {
      isEnded = true;
      worker.port.close();
    },
  };
  return worker;
}
