import { join } from 'node:path';
import process from 'node:process';
import { app, BrowserWindow, protocol, session } from 'electron';
import { WebSocket } from 'ws';
import { PAGE_SCHEME, START_URL } from '#main/page/pageOrigin.ts';
import { answerPageRequest } from '#main/platform/electron/pageProtocol.ts';
import { SESSION_PARTITION, windowPreferences } from '#main/platform/electron/windowPreferences.ts';
import { servePages } from '#main/transport/ipc.ts';
import { createWebSocketPort } from '#shared/rpc/webSocketPort.ts';

/**
 * Electron's main process for the rpc suite: each port that a page gets is joined to a socket of the test, so that the
 * test's own server answers through Electron's message ports.
 */
const { RELAY_URL: relayUrl = '', RELAY_FOLDER: folder = '' } = process.env;

protocol.registerSchemesAsPrivileged([
  { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
void app.whenReady().then(async () => {
  session
    .fromPartition(SESSION_PARTITION)
    .protocol.handle(PAGE_SCHEME, (request) => answerPageRequest(folder, request));
  servePages((page) => {
    const socket = new WebSocket(relayUrl);
    socket.on('open', () => {
      const test = createWebSocketPort(socket);
      page.onMessage((message) => test.send(message));
      test.onMessage((message) => page.send(message));
      page.onClose(() => test.close());
      test.onClose(() => page.close());
    });
  });
  const preload = join(folder, 'preload.cjs');
  await new BrowserWindow({
    show: false,
    webPreferences: windowPreferences({ preload, isDeveloping: true }),
  }).loadURL(START_URL);
});
