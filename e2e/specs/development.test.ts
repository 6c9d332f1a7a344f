import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import process from 'node:process';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { credentialProtocol, WEB_SOCKET_PROTOCOL } from '#shared/rpc/webSocketHandshake.ts';
import { describeInBrowser, endToEnd } from '../fixtures/application.ts';
import { type Development, startDevelopment } from '../fixtures/startDevelopment.ts';
import { workerBrowser } from '../fixtures/workerBrowser.ts';
import { auriclePage } from '../pages/auriclePage.ts';

describeInBrowser('npm run dev', () => {
  let development: Development;
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    development = await startDevelopment();
    const browser = await workerBrowser(endToEnd.launch);
    context = await browser.newContext();
    page = await context.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(development.link);
    await auriclePage(page).start.acceptNotice();
    // A reload would lose it.
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
  });
  afterAll(async () => {
    await context?.close();
    await development?.interrupt();
    development?.remove();
  });
  const isSamePage = () => page.evaluate(() => 'isSamePage' in window);

  it('shows a changed component without loading the page again', async () => {
    const file = join(development.folder, 'src/renderer/app/WelcomeScreen.tsx');
    const source = readFileSync(file, 'utf8');
    expect(source).toContain('{words().welcome.sample}');
    writeFileSync(file, source.replace('{words().welcome.sample}', 'Try the other study'));
    await page.getByText('Try the other study').waitFor();
    expect(await isSamePage()).toBe(true);
  });

  it('restarts the engine when its sources change, and the open page goes on with the new one', async () => {
    const file = join(development.folder, 'src/main/entry.server.ts');
    // Before the engine's own last statement, which waits until the engine ends.
    writeFileSync(file, `process.stderr.write('A changed engine.\\n');\n${readFileSync(file, 'utf8')}`);
    await expect
      .poll(development.printed, { timeout: 120_000 })
      .toMatch(/A changed engine\.\s+The engine was restarted\./);
    await auriclePage(page).status.engineReady();
    expect(await isSamePage()).toBe(true);
  });

  it("refuses other sites' pages and rebound names, as the built server does", async () => {
    const status = (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((done, failed) => {
        request(`http://127.0.0.1:${development.port}/`, { headers }, (answer) => {
          answer.resume();
          done(answer.statusCode);
        })
          .on('error', failed)
          .end();
      });
    expect(await status({})).toBe(200);
    expect(await status({ Host: 'rebound.example' })).toBe(403);
    expect(await status({ Origin: 'https://elsewhere.example' })).toBe(403);
    expect(await status({ 'Sec-Fetch-Site': 'cross-site' })).toBe(403);

    const open = (origin: string, host: string): Promise<string> =>
      new Promise((done) => {
        const socket = new WebSocket(
          `ws://127.0.0.1:${development.port}/rpc`,
          [WEB_SOCKET_PROTOCOL, credentialProtocol({ kind: 'token', secret: 'a'.repeat(43) })],
          { headers: { Origin: origin, Host: host } },
        );
        socket.on('unexpected-response', (_request, response) => done(`refused with ${response.statusCode}`));
        socket.on('close', (code) => done(`closed with ${code}`));
        socket.on('error', () => {});
      });
    const host = `127.0.0.1:${development.port}`;
    expect(await open('https://elsewhere.example', host)).toBe('refused with 403');
    expect(await open('null', host)).toBe('refused with 403');
    expect(await open(`http://${host}`, 'rebound.example')).toBe('refused with 403');
    // Its own origin reaches the engine, which knows no such token.
    expect(await open(`http://${host}`, host)).toBe('closed with 4401');
  });

  // Windows has no Ctrl+C that one process could send to another.
  it.skipIf(process.platform === 'win32')('ends with Ctrl+C, and its engine with it', async () => {
    expect(await development.interrupt()).toBe(0);
  });
});
