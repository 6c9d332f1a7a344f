import { ipcMain, MessageChannelMain } from 'electron';
import type { Port } from '#shared/rpc/port.ts';
import { isTrustedSender } from '../page/pageOrigin.ts';
import { createMainPort, PORT_CHANNEL, REQUEST_PORT_CHANNEL } from './mainPort.ts';

/** Gives a port of its own to each page that asks, if it is one of ours; others get no answer. */
export function servePages(serve: (port: Port) => void): void {
  ipcMain.on(REQUEST_PORT_CHANNEL, ({ senderFrame }) => {
    if (!senderFrame || !isTrustedSender(senderFrame)) return;
    const { port1, port2 } = new MessageChannelMain();
    serve(createMainPort(port1));
    senderFrame.postMessage(PORT_CHANNEL, null, [port2]);
  });
}
