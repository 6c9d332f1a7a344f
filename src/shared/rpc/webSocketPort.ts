import { asError } from './failures.ts';
import { decodeMessage, encodeMessage } from './messageCodec.ts';
import type { Port } from './port.ts';
import { createPortListeners } from './portListeners.ts';

/** What a browser's WebSocket and the package ws have in common. */
export interface SocketLike {
  binaryType: string;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void;
  addEventListener(type: 'error', listener: () => void): void;
}

/** A socket that is open, as a port; one binary frame for each message. A damaged frame closes it. */
export function createWebSocketPort(socket: SocketLike): Port {
  const listeners = createPortListeners();
  const end = (reason: string): void => {
    if (listeners.closed(reason)) socket.close();
  };
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', ({ data }) => {
    let message: unknown;
    try {
      if (!(data instanceof ArrayBuffer)) throw new Error('A text frame is not a message.');
      message = decodeMessage(new Uint8Array(data));
    } catch (thrown) {
      return end(asError(thrown).message);
    }
    listeners.message(message);
  });
  socket.addEventListener('close', ({ reason }) => end(reason || 'the socket was closed'));
  // A close event follows; without a listener the package ws would throw.
  socket.addEventListener('error', () => {});
  return {
    send(message) {
      if (!listeners.isClosed) socket.send(encodeMessage(message));
    },
    onMessage: listeners.onMessage,
    onClose: listeners.onClose,
    close: () => end('closed here'),
  };
}
