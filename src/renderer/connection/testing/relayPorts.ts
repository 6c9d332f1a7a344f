import { decodeMessage, encodeMessage } from '#shared/rpc/messageCodec.ts';
import type { Port } from '#shared/rpc/port.ts';
import { connectElectron } from '../electronConnection.ts';

/**
 * The page's half of the rpc suite over Electron: ports that the test opens, sends to and closes from outside. Messages
 * cross between test and page as text, between page and main process as they are.
 */
declare global {
  /** Of the test: a message of a port, or its end. */
  function received(port: number, message: string | null): Promise<void>;
}

const ports: Port[] = [];

const relay = {
  async open(): Promise<number> {
    const port = await connectElectron();
    const at = ports.push(port) - 1;
    port.onMessage((message) => {
      const bytes = encodeMessage(message);
      let text = '';
      for (let from = 0; from < bytes.length; from += 32768) {
        text += String.fromCharCode(...bytes.subarray(from, from + 32768));
      }
      void received(at, btoa(text));
    });
    port.onClose(() => void received(at, null));
    return at;
  },
  send(at: number, base64: string): void {
    ports[at]?.send(decodeMessage(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))));
  },
  close(at: number): void {
    ports[at]?.close();
  },
};

Reflect.set(globalThis, 'relay', relay);
