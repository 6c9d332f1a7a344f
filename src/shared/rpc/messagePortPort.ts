import type { Port } from './port.ts';
import { createPortListeners } from './portListeners.ts';
import { PORT_CLOSED } from './portMessage.ts';

/** What the web's MessagePort and Node's have in common. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'messageerror' | 'close', listener: () => void): void;
}

/** A message port as ours. Messages are cloned, never transferred: a port to Electron's main process may lose a message that lists a buffer. */
export function createMessagePortPort(port: MessagePortLike): Port {
  const listeners = createPortListeners();
  const end = (reason: string): void => {
    if (!listeners.closed(reason)) return;
    port.postMessage(PORT_CLOSED);
    port.close();
  };
  const otherEnded = (): void => end('closed by the other end');
  port.addEventListener('message', ({ data }) =>
    data === PORT_CLOSED ? otherEnded() : listeners.message(data),
  );
  port.addEventListener('messageerror', () => end('a message could not be read'));
  port.addEventListener('close', otherEnded);
  port.start();
  return {
    send(message) {
      if (!listeners.isClosed) port.postMessage(message);
    },
    onMessage: listeners.onMessage,
    onClose: listeners.onClose,
    close: () => end('closed here'),
  };
}
