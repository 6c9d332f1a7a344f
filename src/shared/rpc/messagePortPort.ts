import type { Port } from './port.ts';
import { createPortListeners } from './portListeners.ts';
import { PORT_CLOSED } from './portMessage.ts';

/** What message ports, the web's and Node's, and web workers on both their sides have in common. */
export interface MessagePortLike {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  start?(): void;
  close?(): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  /** An `error` is what ended a worker. */
  addEventListener(type: 'messageerror' | 'close' | 'error', listener: (event: object) => void): void;
}

export interface MessagePortOptions {
  /**
   * Whether buffers may move to the other end. Default: false, for a port to Electron's main process may lose a message
   * that lists a buffer.
   */
  readonly canTransfer?: boolean;
}

/** Memory that several threads share cannot move, nor need it be copied. */
const movable = (buffers: readonly ArrayBufferLike[]): ArrayBuffer[] => [
  ...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer)),
];

/** A message port as ours. */
export function createMessagePortPort(
  port: MessagePortLike,
  { canTransfer = false }: MessagePortOptions = {},
): Port {
  const listeners = createPortListeners();
  const end = (reason: string): void => {
    if (!listeners.closed(reason)) return;
    port.postMessage(PORT_CLOSED, []);
    port.close?.();
  };
  const otherEnded = (): void => end('closed by the other end');
  port.addEventListener('message', ({ data }) =>
    data === PORT_CLOSED ? otherEnded() : listeners.message(data),
  );
  port.addEventListener('messageerror', () => end('a message could not be read'));
  port.addEventListener('close', otherEnded);
  port.addEventListener('error', (event) =>
    end('message' in event && typeof event.message === 'string' ? event.message : 'an unknown error'),
  );
  port.start?.();
  return {
    send(message, transfer = []) {
      if (!listeners.isClosed) port.postMessage(message, canTransfer ? movable(transfer) : []);
    },
    onMessage: listeners.onMessage,
    onClose: listeners.onClose,
    close: () => end('closed here'),
  };
}
