import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createMainPort, type MainPortLike } from '#main/transport/mainPort.ts';
import { createMessagePortPort, type MessagePortLike } from '#shared/rpc/messagePortPort.ts';
import { describeRpc } from './rpcSuite.ts';

/** Electron's main process gets events that hold the message; Node's ports pass the message itself. */
const asMainPort = (port: MessagePort): MainPortLike => ({
  postMessage: (message) => port.postMessage(message),
  start: () => port.start(),
  close: () => port.close(),
  on(event: 'message' | 'close', listener: (event: { data: unknown }) => void) {
    port.on(event, (data: unknown) => listener({ data }));
  },
});

/** A page's ports have no event for the other end's close; Node's do. */
const asPagePort = (port: MessagePort): MessagePortLike => ({
  postMessage: (message) => port.postMessage(message),
  start: () => port.start(),
  close: () => port.close(),
  addEventListener(type: string, listener: (event: { data: unknown }) => void) {
    if (type === 'message') port.on('message', (data: unknown) => listener({ data }));
  },
});

describeRpc("a message channel, with both ends' Electron code", async () => ({
  async connect() {
    const { port1, port2 } = new MessageChannel();
    return [createMessagePortPort(asPagePort(port2)), createMainPort(asMainPort(port1))];
  },
  free: async () => {},
}));
