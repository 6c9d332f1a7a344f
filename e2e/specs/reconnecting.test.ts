import process from 'node:process';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { words } from '#shared/words/words.ts';
import { childrenOf } from '../../test/childProcesses.ts';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import { type BreakableProxy, startBreakableProxy } from '../fixtures/breakableProxy.ts';
import { isSurface } from '../fixtures/pixels.ts';
import { startServer } from '../fixtures/startServer.ts';
import { type AuriclePage, auriclePage } from '../pages/auriclePage.ts';

/** The browser's own message on its console. */
const provoked = /WebSocket connection to .* failed/;

const disconnected = (page: Page): Promise<void> =>
  page.getByTestId('status-engine').and(page.getByText('Disconnected')).waitFor();

describeInBrowser('a connection that breaks', () => {
  let app: Application;
  let proxy: BreakableProxy;
  let page: Page;
  let auricle: AuriclePage;
  beforeAll(async () => {
    app = await openApplication({ ownServer: true, prepared: endToEnd.sessionData, provoked });
    proxy = await startBreakableProxy(app.server.origin);
    const pass = await app.page.evaluate(() => localStorage.getItem('auricle.session') ?? '');
    page = app.page;
    auricle = app.auricle;
    await page.goto(proxy.origin);
    await page.evaluate((kept) => localStorage.setItem('auricle.session', kept), pass);
    // The notice was acknowledged above, and the program keeps that for every address.
    await page.reload();
  });
  afterAll(async () => {
    await proxy?.close();
    await app?.close();
  });

  it('leaves the work as it is, and saves it as soon as it is back', async () => {
    await auricle.restoreNewest();
    const size = await auricle.appendage.meshSize();
    proxy.cut();
    await disconnected(page);
    await auricle.status.alerts.getByText('this window keeps your work').waitFor();
    expect(await auricle.status.alerts.count()).toBe(1);
    await page.getByTestId('accept').click();
    await page.locator('[data-testid=save-state][data-kind=failed]').waitFor();
    expect(await auricle.appendage.meshSize()).toEqual(size);
    expect(await auricle.panes.count('three', isSurface)).toBeGreaterThan(5_000);
    // A page that is closed by mistake asks before it goes.
    const question = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    expect((await question).type()).toBe('beforeunload');
    await (await question).dismiss();
    expect(await auricle.appendage.meshSize()).toEqual(size);

    await page.getByTestId('link-retry').waitFor();
    proxy.restore();
    await auricle.status.retry();
    await auricle.status.engineReady();
    await auricle.status.saved();
    await auricle.status.alerts.waitFor({ state: 'detached' });
    // What the server keeps now is what was done without it.
    await page.reload();
    await auricle.restoreNewest();
    await page.locator('[data-testid=review-panel][data-verdict=accepted]').waitFor();
  });

  it('makes the surface of an edit that was done without a connection', async () => {
    const before = await auricle.appendage.meshSize();
    proxy.cut();
    await disconnected(page);
    await auricle.appendage.tab('edit');
    await page.getByTestId('operate-smooth').click();
    await auricle.status.alerts.getByText('is not connected').waitFor();
    // No click is needed: the page reconnects by itself.
    proxy.restore();
    await auricle.status.engineReady();
    await auricle.appendage.tab('measures');
    await page.locator('[data-testid=measure-panel][data-stale=false]').waitFor();
    expect(await auricle.appendage.meshSize()).not.toEqual(before);
    await auricle.status.saved();
  });

  it('ends a segmentation in one sentence, and the next one goes through', async () => {
    await page.reload();
    await auricle.openSample();
    await page.getByTestId('segment').click();
    await auricle.appendage.stage.waitFor();
    proxy.cut();
    await auricle.status.alerts.getByText(words().sentence(failure('rpc.connection-lost'))).waitFor();
    proxy.restore();
    await auricle.status.engineReady();
    expect(await auricle.appendage.review.count()).toBe(0);
    await auricle.segment();
    expect(await auricle.appendage.volumeMl()).toBeGreaterThan(5);
    await auricle.status.saved();
  });

  it('goes on where the engine crashes: it is started again, the page keeps its work and may run again', async () => {
    const { server } = app;
    const accepted = page.locator('[data-testid=review-panel][data-verdict=accepted]');
    await auricle.status.dismissAlerts();
    const size = await auricle.appendage.meshSize();
    await page.getByTestId('accept').click();
    await accepted.waitFor();
    await page.getByTestId('segment').click();
    await auricle.appendage.stage.waitFor();
    const [engine] = childrenOf(server.processId);
    process.kill(engine ?? 0, 'SIGSEGV');
    await auricle.status.alerts.getByText(words().sentence(failure('pipeline.stopped'))).waitFor();
    expect(await auricle.status.alerts.count()).toBe(1);
    expect(await accepted.count()).toBe(1);
    expect(await auricle.appendage.meshSize()).toEqual(size);

    await auricle.status.engineReady();
    await page.getByTestId('segment').click();
    await page.locator('[data-testid=review-panel]:not([data-verdict=accepted])').waitFor();
    await auricle.appendage.segmented();
    expect(await auricle.appendage.meshSize()).toEqual(size);
    await auricle.status.saved();
    expect(childrenOf(server.processId)).toHaveLength(1);
  });
});

describeInBrowser('a server that was killed and started again', () => {
  let app: Application;
  beforeAll(async () => {
    app = await openApplication({ ownServer: true, prepared: endToEnd.sessionData, provoked });
  });
  afterAll(async () => {
    await app?.close();
  });

  it('continues in the open page once its new link is opened in another', async () => {
    const { auricle, page, context } = app;
    await auricle.restoreNewest();
    await app.server.kill();
    await disconnected(page);
    await page.getByTestId('accept').click();
    await page.locator('[data-testid=save-state][data-kind=failed]').waitFor();
    const size = await auricle.appendage.meshSize();

    const again = await startServer(app.dataFolder, { folder: endToEnd.runs });
    try {
      expect(again.origin).toBe(app.server.origin);
      await auricle.status.retry();
      await auricle.status.alerts.getByText('open the link that it shows').waitFor();
      const other = await context.newPage();
      await other.goto(again.link);
      await auriclePage(other).start.shown();
      await auricle.status.engineReady();
      await auricle.status.saved();
      await auricle.status.alerts.waitFor({ state: 'detached' });
      expect(await auricle.appendage.meshSize()).toEqual(size);
      await auricle.appendage.tab('edit');
      await page.getByTestId('operate-smooth').click();
      await auricle.appendage.remade(2);
      expect(await auricle.appendage.meshSize()).not.toEqual(size);
      await auricle.status.saved();
      await other.reload();
      await auriclePage(other).restoreNewest();
      await auriclePage(other).appendage.remade(2);
    } finally {
      await again.stop();
    }
  });

  it('accepts a new link in the page that waits', async () => {
    const { auricle, page } = app;
    await disconnected(page);
    const again = await startServer(app.dataFolder, { folder: endToEnd.runs });
    try {
      await auricle.status.retry();
      await auricle.status.alerts.getByText('open the link that it shows').waitFor();
      // The same address with another fragment: the page is not reloaded, and keeps everything.
      await page.goto(again.link);
      await auricle.status.engineReady();
      expect(page.url()).toBe(`${again.origin}/`);
      expect(await auricle.appendage.review.count()).toBe(1);
    } finally {
      await again.stop();
    }
  });
});
