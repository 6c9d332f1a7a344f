import type { Port } from '../port.ts';
import { createPortListeners } from '../portListeners.ts';

/**
 * Two ports in one thread, for tests: what goes into one comes out of the other, as a structured clone and never within
 * the call that sent it, as on a real channel.
 */
export function createMemoryPortPair(): [Port, Port] {
  const first = createPortListeners();
  const second = createPortListeners();
  const end = (own: typeof first, other: typeof first): Port => ({
    send(message) {
      if (own.isClosed) return;
      const clone = structuredClone(message);
      void Promise.resolve().then(() => other.message(clone));
    },
    onMessage: own.onMessage,
    onClose: own.onClose,
    close() {
      if (!own.closed('closed here')) return;
      // After what was sent before.
      void Promise.resolve().then(() => other.closed('closed by the other end'));
    },
  });
  return [end(first, second), end(second, first)];
}
