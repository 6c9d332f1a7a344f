import type { Port } from './port.ts';
import { createPortListeners } from './portListeners.ts';

/** What goes the other way, in an envelope; calls and their answers go as they are. */
interface BackMessage {
  readonly kind: 'back';
  readonly message: unknown;
}

const isBack = (message: unknown): message is BackMessage =>
  typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'back';

/** Two ports over one. Both ends split theirs; all four close together. */
export interface SplitPort {
  /** For the calls of the end that is the client. */
  readonly calls: Port;
  /** For calls that the server makes of its client. */
  readonly back: Port;
}

/** Lets the two ends of a port be client and server of each other. */
export function splitPort(port: Port): SplitPort {
  const calls = createPortListeners();
  const back = createPortListeners();
  port.onMessage((message) => (isBack(message) ? back.message(message.message) : calls.message(message)));
  port.onClose((reason) => {
    calls.closed(reason);
    back.closed(reason);
  });
  return {
    calls: {
      send: (message, transfer) => port.send(message, transfer),
      onMessage: calls.onMessage,
      onClose: calls.onClose,
      close: () => port.close(),
    },
    back: {
      send: (message, transfer) => port.send({ kind: 'back', message } satisfies BackMessage, transfer),
      onMessage: back.onMessage,
      onClose: back.onClose,
      close: () => port.close(),
    },
  };
}
