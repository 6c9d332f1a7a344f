import type { BroadcastChannel } from 'node:worker_threads';
import { createMessagePortPort } from '#shared/rpc/messagePortPort.ts';
import type { Port } from '#shared/rpc/port.ts';

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
