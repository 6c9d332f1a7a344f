import type { Port } from '#shared/rpc/port.ts';
import { createPortListeners } from '#shared/rpc/portListeners.ts';
import { PORT_CLOSED } from '#shared/rpc/portMessage.ts';

/** The two messages between Electron's preload script and the main process; there are no others. */
export const REQUEST_PORT_CHANNEL = 'auricle:request-port';
export const PORT_CHANNEL = 'auricle:port';

/** The part of Electron's MessagePortMain that is used. */
export interface MainPortLike {
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
}

/** The main process' end of a message port. Messages are cloned, never transferred. */
export function createMainPort(port: MainPortLike): Port {
  const listeners = createPortListeners();
  port.on('message', ({ data }) => {
    if (data !== PORT_CLOSED) listeners.message(data);
    else if (listeners.closed('closed by the other end')) port.close();
  });
  // The page was closed or loaded again.
  port.on('close', () => listeners.closed('the page is gone'));
  port.start();
  return {
    send(message) {
      if (!listeners.isClosed) port.postMessage(message);
    },
    onMessage: listeners.onMessage,
    onClose: listeners.onClose,
    close() {
      if (!listeners.closed('closed here')) return;
      port.postMessage(PORT_CLOSED);
      port.close();
    },
  };
}
