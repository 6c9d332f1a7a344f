import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Port } from '#shared/rpc/port.ts';
import { createWebSocketPort } from '#shared/rpc/webSocketPort.ts';
import { launchChromium } from './launchChromium.ts';
import { describeRpc } from './rpcSuite.ts';

const SCRIPTS = ['relayPage', 'relayWorker', 'poolPage', 'poolWorker'];
const SOURCES = resolve(import.meta.dirname, '../../src/renderer/workers/testing');

/** A server of a page with the scripts above, and of sockets that the page and its workers open by path. */
interface Site {
  readonly origin: string;
  /** The socket that opens, or has opened, with this path. */
  socket(path: string): Promise<Port>;
  close(): Promise<void>;
}

async function startSite(): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'web-worker-'));
  await build({
    entryPoints: SCRIPTS.map((name) => join(SOURCES, `${name}.ts`)),
    outdir: folder,
    bundle: true,
    format: 'esm',
    target: 'chrome130',
  });
  const server: Server = createServer((request, response) => {
    const name = SCRIPTS.find((script) => request.url === `/${script}.js`);
    if (name !== undefined) {
      response.setHeader('content-type', 'text/javascript');
      response.end(readFileSync(join(folder, `${name}.js`)));
      return;
    }
    response.setHeader('content-type', 'text/html');
    response.end(
      '<!doctype html><title>Test</title><link rel="icon" href="data:,"><script type="module" src="./relayPage.js"></script><script type="module" src="./poolPage.js"></script>',
    );
  });
  const sockets = new WebSocketServer({ server, maxPayload: 256 << 20 });
  const opened = new Map<string, Port>();
  const awaited = new Map<string, (port: Port) => void>();
  sockets.on('connection', (socket, request) => {
    const path = (request.url ?? '').slice(1);
    const port = createWebSocketPort(socket);
    const found = awaited.get(path);
    if (found) found(port);
    else opened.set(path, port);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  // `listen` with a host and a port gives this kind of address.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    socket: (path) =>
      new Promise((found) => {
        const known = opened.get(path);
        if (known) found(known);
        else awaited.set(path, found);
      }),
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((closed) => server.close(closed));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let browser: Browser;
let site: Site;
let connections = 0;

beforeAll(async () => {
  site = await startSite();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function openPage(): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(site.origin);
  return page;
}

/** One page for all tests, each with workers of its own: opening one takes longer than they do. */
let relayPage: Promise<Page> | undefined;

describeRpc('the ports of a web worker and its page', async () => {
  relayPage ??= openPage();
  const page = await relayPage;
  return {
    async connect() {
      const number = connections++;
      const ends = Promise.all([site.socket(`client/${number}`), site.socket(`server/${number}`)]);
      await page.evaluate(`relay.start(${number})`);
      return ends;
    },
    free: async () => void (await page.evaluate('relay.end()')),
  };
});

describe('a pool of web workers', () => {
  it('moves arrays, and replaces workers that were cancelled, crashed or failed', async () => {
    const page = await openPage();
    expect(await page.evaluate('tryEverything()')).toEqual({
      moved: { values: 'Int16Array 1000 7', isGone: true },
      startedFirst: 1,
      cancelled: { spinning: 'CancelledError: Cancelled.', next: 1, started: 2 },
      crashed: { crashing: 'Error: Uncaught Error: The test asked for a crash.', next: 2, started: 3 },
      failed: { failing: 'Error: There is no such tensor.', next: 3, started: 4 },
      freed: 'CancelledError: Cancelled.',
    });
    await page.close();
  });
});
