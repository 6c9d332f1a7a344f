import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { _electron } from 'playwright-core';
import { WebSocketServer } from 'ws';
import { decodeMessage, encodeMessage } from '#shared/rpc/messageCodec.ts';
import type { Port } from '#shared/rpc/port.ts';
import { createPortListeners, type PortListeners } from '#shared/rpc/portListeners.ts';
import { createWebSocketPort } from '#shared/rpc/webSocketPort.ts';
import { describeRpc, type Transport } from '../rpc/rpcSuite.ts';
import { electronRuntime, skippedBecause } from './testing/electronRuntime.ts';

const runtime = electronRuntime();

/** The three scripts that run in Electron, and the page. */
async function buildRelay(folder: string): Promise<void> {
  const bundle = (entry: string, outfile: string, format: 'cjs' | 'esm'): Promise<unknown> =>
    build({
      entryPoints: [resolve(import.meta.dirname, entry)],
      outfile: join(folder, outfile),
      bundle: true,
      format,
      platform: format === 'cjs' ? 'node' : 'browser',
      external: ['electron'],
    });
  await bundle('testing/relayMain.ts', 'main.cjs', 'cjs');
  await bundle('../../src/main/preload.ts', 'preload.cjs', 'cjs');
  await bundle('../../src/renderer/connection/testing/relayPorts.ts', 'page.js', 'esm');
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><title>Relay</title><script type="module" src="./page.js"></script>',
  );
}

async function createElectronTransport(program: string): Promise<Transport> {
  const folder = mkdtempSync(join(tmpdir(), 'auricle-relay-'));
  await buildRelay(folder);
  const relay = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 256 << 20 });
  await new Promise((ready) => relay.once('listening', ready));
  // `listen` with a host and a port gives this kind of address.
  const { port: relayPort } = relay.address() as AddressInfo;
  const application = await _electron.launch({
    executablePath: program,
    args: [join(folder, 'main.cjs'), `--user-data-dir=${join(folder, 'data')}`],
    env: { ...process.env, RELAY_URL: `ws://127.0.0.1:${relayPort}`, RELAY_FOLDER: folder },
  });
  const page = await application.firstWindow();
  await page.waitForLoadState();
  const ends = new Map<number, PortListeners>();
  const endOf = (at: number): PortListeners => {
    const end = ends.get(at) ?? createPortListeners();
    ends.set(at, end);
    return end;
  };
  await page.exposeFunction('received', (at: number, message: string | null) => {
    if (message === null) endOf(at).closed('closed by the other end');
    else endOf(at).message(decodeMessage(Buffer.from(message, 'base64')));
  });
  return {
    async connect() {
      const serverPort = new Promise<Port>((connected) => {
        relay.once('connection', (socket) => connected(createWebSocketPort(socket)));
      });
      const at: number = await page.evaluate('relay.open()');
      const end = endOf(at);
      const clientPort: Port = {
        send(message) {
          const text = Buffer.from(encodeMessage(message)).toString('base64');
          void page.evaluate(`relay.send(${at}, '${text}')`);
        },
        onMessage: end.onMessage,
        onClose: end.onClose,
        close() {
          if (end.closed('closed here')) void page.evaluate(`relay.close(${at})`);
        },
      };
      return [clientPort, await serverPort];
    },
    async free() {
      await application.close();
      await new Promise((closed) => relay.close(closed));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describeRpc(
  `Electron's message ports${skippedBecause(runtime)}`,
  () => createElectronTransport(runtime.kind === 'program' ? runtime.program : ''),
  runtime.kind === 'missing',
);
