import type { Port } from '#shared/rpc/port.ts';
import { createWebSocketPort } from '#shared/rpc/webSocketPort.ts';

/** A port to the test that started this page, by a path. */
const openTestPort = (path: string): Promise<Port> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://${location.host}/${path}`);
    socket.addEventListener('open', () => resolve(createWebSocketPort(socket)));
  });

/** Passes messages and the close on between a port and the test. */
export async function relayToTest(port: Port, path: string): Promise<void> {
  const test = await openTestPort(path);
  port.onMessage((message) => test.send(message));
  test.onMessage((message) => port.send(message));
  port.onClose(() => test.close());
  test.onClose(() => port.close());
}
