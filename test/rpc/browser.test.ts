import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '#main/transport/websocket.ts';
import { type AuricleHandlers, auricleContract } from '#shared/contract/auricle.ts';
import { contractFixtures } from '#shared/contract/testing/index.ts';
import { createRpcServer } from '#shared/rpc/server.ts';
import { launchChromium } from './launchChromium.ts';

/** Handlers that answer each call with the method's first good fixture. */
const fixtureHandlers = Object.fromEntries(
  Object.entries(contractFixtures).map(([service, methods]) => [
    service,
    Object.fromEntries(
      Object.entries(methods).map(([method, { result }]) => [method, async () => result.good[0]]),
    ),
  ]),
  // Made from the contract's own names; fromEntries forgets them.
) as unknown as AuricleHandlers;

const everyMethod = Object.fromEntries(
  Object.entries(auricleContract.services).flatMap(([service, methods]) =>
    Object.keys(methods).map((method) => [`${service}.${method}`, 'as expected']),
  ),
);

/** What the page's script left. */
const outcome = async (page: Page): Promise<unknown> =>
  JSON.parse((await page.locator('#outcome').textContent()) ?? '');

describe('the contract in a browser', () => {
  let browser: Browser;
  let context: BrowserContext;
  let folder = '';
  let server: LocalServer;
  let complaints: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'page-'));
    await build({
      entryPoints: [resolve(import.meta.dirname, '../../src/renderer/connection/testing/callEveryMethod.ts')],
      outfile: join(folder, 'page.js'),
      bundle: true,
      format: 'esm',
      target: 'chrome130',
    });
    writeFileSync(
      join(folder, 'index.html'),
      '<!doctype html><title>Test</title><link rel="icon" href="data:,"><script type="module" src="./page.js"></script>',
    );
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    complaints = [];
    const rpc = createRpcServer(auricleContract, fixtureHandlers, {
      onBug: ({ message }) => void complaints.push(message),
    });
    server = await startLocalServer({ pageFolder: folder, serve: rpc.serve });
    context = await browser.newContext();
    context.on('page', (page) => {
      page.on('console', (message) => void complaints.push(message.text()));
      page.on('pageerror', (error) => void complaints.push(error.message));
    });
  });
  afterEach(async () => {
    await context.close();
    await server.close();
  });

  it('answers every method, within the content security policy', async () => {
    const page = await context.newPage();
    await page.goto(server.createLink());
    expect(await outcome(page)).toEqual({ answers: everyMethod, bugs: [] });
    expect(complaints).toEqual([]);
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
  });

  it('removes the token from the address, and admits reloads and further windows', async () => {
    const link = server.createLink();
    const first = await context.newPage();
    await first.goto(link);
    await outcome(first);
    expect(first.url()).toBe(`${server.origin}/`);
    await first.reload();
    expect(await outcome(first)).toMatchObject({ answers: everyMethod });
    const second = await context.newPage();
    await second.goto(server.origin);
    expect(await outcome(second)).toMatchObject({ answers: everyMethod });
    // The used link still opens a window where the session is known.
    await second.goto(link);
    await second.reload();
    expect(await outcome(second)).toMatchObject({ answers: everyMethod });
  });

  it('admits nobody without a link', async () => {
    const page = await context.newPage();
    await page.goto(server.origin);
    expect(await outcome(page)).toBe('UserError: Open the link that Auricle shows when it starts.');
    const other = await context.newPage();
    await other.goto(`${server.origin}/#token=${'a'.repeat(43)}`);
    expect(await outcome(other)).toMatch(/^UserError: This link was used before/);
  });

  it('says which link is needed where the session is of an earlier server', async () => {
    const page = await context.newPage();
    await page.goto(server.createLink());
    await outcome(page);
    await page.evaluate(`localStorage.setItem('auricle.session', '${'b'.repeat(43)}.${'c'.repeat(43)}')`);
    await page.reload();
    expect(await outcome(page)).toMatch(/^UserError: Auricle has been restarted since/);
  });

  it('notifies the page when the server ends', async () => {
    const page = await context.newPage();
    await page.goto(server.createLink());
    await outcome(page);
    await server.close();
    expect(await page.locator('#closed').textContent()).toBe('"the socket was closed"');
  });

  it("accepts Electron's port from its own window only, and no other message", async () => {
    const page = await context.newPage();
    // What the preload script does, after messages that only look like it.
    await page.addInitScript(`globalThis.auricle = {
      requestPort() {
        const { port1, port2 } = new MessageChannel();
        postMessage({ kind: 'another' }, location.origin, [new MessageChannel().port2]);
        postMessage({ kind: 'auricle-port' }, location.origin);
        postMessage({ kind: 'auricle-port' }, location.origin, [port2]);
        const why = { code: 'stored.sentence', fields: { sentence: 'as expected' } };
        const failure = { kind: 'user', failure: why };
        port1.onmessage = ({ data: { id } }) => port1.postMessage({ kind: 'failed', id, failure });
        globalThis.mainPort = port1;
      },
    }`);
    await page.goto(server.origin);
    const answers = Object.fromEntries(
      Object.keys(everyMethod).map((name) => [name, '"UserError: as expected"']),
    );
    expect(await outcome(page)).toEqual({ answers, bugs: [] });
    // A page gets no event when a port closes.
    await page.evaluate("mainPort.postMessage('auricle-port-closed')");
    expect(await page.locator('#closed').textContent()).toBe('"closed by the other end"');
    expect(complaints).toEqual([]);
  });

  it('forbids scripts from text and requests to anyone else', async () => {
    const page = await context.newPage();
    await page.goto(server.createLink());
    await outcome(page);
    // In the page's own world: what the test runs itself stands above the policy.
    const tried = await page.evaluate(`new Promise((resolve) => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.didRun = true';
      document.head.append(script);
      const violations = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        violations.push(event.effectiveDirective);
        if (violations.length === 3) resolve({ violations: violations.sort(), didRun: 'didRun' in globalThis });
      });
      void fetch('http://127.0.0.1:9/').catch(() => {});
      const image = new Image();
      image.src = 'http://127.0.0.1:9/x.png';
    })`);
    expect(tried).toEqual({ violations: ['connect-src', 'img-src', 'script-src-elem'], didRun: false });
  });
});
