import type { BroadcastChannel } from 'node:worker_threads';
import { createMessagePortPort } from '#shared/rpc/messagePortPort.ts';
import type { Port } from '#shared/rpc/port.ts';

/** Passes messages and the close from each of two ports on to the other. */
export function joinPorts(first: Port, second: Port): void {
  for (const [from, to] of [
    [first, second],
    [second, first],
  ] as const) {
    from.onMessage((message) => to.send(message));
    from.onClose(() => to.close());
  }
}

/** A channel between two threads as a port. */
export const channelPort = (channel: BroadcastChannel): Port =>
  createMessagePortPort({
    postMessage: (message) => channel.postMessage(message),
    close: () => channel.close(),
    addEventListener(type: string, listener: (event: { data: unknown }) => void) {
      // A channel has no other event that matters: its end is a message.
      if (type !== 'message') return;
      channel.onmessage = (event) => listener(event as { data: unknown });
    },
  });
