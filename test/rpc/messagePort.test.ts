import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createMainPort, type MainPortLike } from '#main/transport/mainPort.ts';
import { createMessagePortPort, type MessagePortLike } from '#shared/rpc/messagePortPort.ts';
import { describeRpc } from './rpcSuite.ts';

/** Electron's main process gets events that hold the message; Node's ports give the message itself. */
const asMainPort = (port: MessagePort): MainPortLike => ({
  postMessage: (message) => port.postMessage(message),
  start: () => port.start(),
  close: () => port.close(),
  on(event: 'message' | 'close', listener: (event: { data: unknown }) => void) {
    port.on(event, (data: unknown) => listener({ data }));
  },
});

describeRpc("a message channel, with both ends' Electron code", async () => ({
  async connect() {
    const { port1, port2 } = new MessageChannel();
    // Node's ports are event targets as the web's are; their declared type does not say so.
    const page = port2 as unknown as MessagePortLike;
    return [createMessagePortPort(page), createMainPort(asMainPort(port1))];
  },
  free: async () => {},
}));
