import { contextBridge, ipcRenderer } from 'electron';
import { PORT_MESSAGE } from '#shared/rpc/portMessage.ts';
import { PORT_CHANNEL, REQUEST_PORT_CHANNEL } from './transport/mainPort.ts';

/** The part of the page's window that this script uses; main's own types know no DOM. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void;
};

ipcRenderer.on(PORT_CHANNEL, ({ ports }) => {
  // A port cannot cross the bridge; a message of the window to itself carries it, to this origin only.
  if (ports.length === 1) window.postMessage(PORT_MESSAGE, window.location.origin, ports);
});

contextBridge.exposeInMainWorld('auricle', {
  requestPort: () => ipcRenderer.send(REQUEST_PORT_CHANNEL),
});
