import type { Port } from './port.ts';

export interface PortListeners extends Pick<Port, 'onMessage' | 'onClose'> {
  readonly isClosed: boolean;
  /** Hands a message to the listeners; nothing after the close. */
  message(message: unknown): void;
  /** Notifies of the close, once. @returns false where it was closed before */
  closed(reason: string): boolean;
}

/**
 * The listeners of one port. What arrives before the first listener waits for it; a listener
 * that comes after the close is called at once.
 */
export function createPortListeners(): PortListeners {
  const onMessage = new Set<(message: unknown) => void>();
  const onClose = new Set<(reason: string) => void>();
  const early: unknown[] = [];
  let closedBecause: string | undefined;
  return {
    get isClosed() {
      return closedBecause !== undefined;
    },
    message(message) {
      if (closedBecause !== undefined) return;
      if (onMessage.size === 0) early.push(message);
      for (const listener of [...onMessage]) listener(message);
    },
    closed(reason) {
      if (closedBecause !== undefined) return false;
      closedBecause = reason;
      onMessage.clear();
      early.length = 0;
      for (const listener of [...onClose]) listener(reason);
      onClose.clear();
      return true;
    },
    onMessage(listener) {
      if (closedBecause === undefined) onMessage.add(listener);
      for (const message of early.splice(0)) listener(message);
      return () => onMessage.delete(listener);
    },
    onClose(listener) {
      if (closedBecause !== undefined) {
        listener(closedBecause);
        return () => {};
      }
      onClose.add(listener);
      return () => onClose.delete(listener);
    },
  };
}
