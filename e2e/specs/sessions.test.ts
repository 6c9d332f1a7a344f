import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import { isContour, isSurface } from '../fixtures/pixels.ts';
import { startServer } from '../fixtures/startServer.ts';
import { auriclePage } from '../pages/auriclePage.ts';

describeInBrowser('saved work', () => {
  let app: Application;
  beforeAll(async () => {
    app = await openApplication({
      ownServer: true,
      prepared: endToEnd.sessionData,
      provoked: /WebSocket connection to .* failed/,
    });
  });
  afterAll(async () => {
    await app?.close();
  });

  it('continues after a reload, with its history', async () => {
    const { auricle, page } = app;
    await auricle.restoreNewest();
    const original = await auricle.appendage.meshSize();
    await auricle.appendage.tab('edit');
    await page.getByTestId('operate-smooth').click();
    await auricle.appendage.remade(1);
    const smoothed = await auricle.appendage.meshSize();
    const rows = await auricle.appendage.measurements();
    expect(smoothed).not.toEqual(original);
    await auricle.status.saved();

    await page.reload();
    await auricle.start.shown();
    await auricle.restoreNewest();
    await auricle.appendage.remade(1);
    expect(await auricle.appendage.meshSize()).toEqual(smoothed);
    expect(await auricle.appendage.measurements()).toEqual(rows);
    expect(await auricle.panes.count('three', isSurface)).toBeGreaterThan(5_000);
    expect(await auricle.panes.count('axial', isContour)).toBeGreaterThan(60);
    await auricle.appendage.undo.click();
    await auricle.appendage.remade(0);
    expect(await auricle.appendage.meshSize()).toEqual(original);
    await auricle.appendage.redo.click();
    await auricle.appendage.remade(1);
    expect(await auricle.appendage.meshSize()).toEqual(smoothed);
  });

  it('is there after the program was killed', async () => {
    const { auricle, context } = app;
    await auricle.status.saved();
    const size = await auricle.appendage.meshSize();
    await app.server.kill();
    expect(await auricle.status.engine.textContent()).toBeDefined();
    await app.page.getByTestId('status-engine').and(app.page.getByText('Disconnected')).waitFor();
    const again = await startServer(app.dataFolder, { folder: endToEnd.runs });
    try {
      const page = await context.newPage();
      await page.goto(again.link);
      const next = auriclePage(page);
      // The same address as before: what the browser keeps for it, the notice seen among it, is there.
      await next.restoreNewest();
      await next.appendage.remade(1);
      expect(await next.appendage.meshSize()).toEqual(size);
    } finally {
      await again.stop();
    }
  });
});

describeInBrowser('two windows', () => {
  let app: Application;
  beforeAll(async () => {
    app = await openApplication({ prepared: endToEnd.sessionData });
  });
  afterAll(async () => {
    await app?.close();
  });

  it('on the same work ask which of two verdicts is kept', async () => {
    const { auricle, context, page, server } = app;
    await auricle.restoreNewest();
    const other = await context.newPage();
    await other.goto(server.origin);
    const second = auriclePage(other);
    await second.restoreNewest();
    await page.getByTestId('accept').click();
    await auricle.status.saved();
    // The other window is told, and its reject does not replace the accept by itself.
    await second.status.alerts.getByText('saved in another window').waitFor();
    await other.getByTestId('reject').click();
    await other.getByTestId('conflict-dialog').waitFor();
    expect(await other.getByTestId('conflict-versions').innerText()).toMatch(/Accepted[\s\S]*Rejected/);
    await other.getByTestId('conflict-theirs').click();
    await other.locator('[data-testid=review-panel][data-verdict=accepted]').waitFor();
    expect(await second.appendage.verdict.textContent()).toContain('Accepted by Dr Roe');
    await other.close();
    // The next test begins without steps.
    await auricle.appendage.undo.click();
    await auricle.appendage.remade(0);
    await auricle.status.saved();
    await page.getByTestId('close-study').click();
    await auricle.start.shown();
  });

  it('work at the same time, each on its own', async () => {
    const { auricle, context, server } = app;
    await auricle.restoreNewest();
    const before = await auricle.appendage.meshSize();
    const page = await context.newPage();
    await page.goto(server.origin);
    const second = auriclePage(page);
    await second.openSample();
    expect(await second.appendage.review.count()).toBe(0);
    // Both at once: one segments while the other is edited.
    const segmenting = second.segment();
    await auricle.appendage.tab('edit');
    await app.page.getByTestId('operate-smooth').click();
    await auricle.appendage.remade(1);
    expect(await auricle.appendage.meshSize()).not.toEqual(before);
    await segmenting;
    // The same scan through the same program: the same surface as the one that was kept.
    expect(await second.appendage.meshSize()).toEqual(before);
    await page.close();
    await auricle.appendage.undo.click();
    await auricle.appendage.remade(0);
    expect(await auricle.appendage.meshSize()).toEqual(before);
  });
});
