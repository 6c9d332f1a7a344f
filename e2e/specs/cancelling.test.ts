import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import { changedPixels, isScan } from '../fixtures/pixels.ts';
import { PLANES } from '../pages/panes.ts';

describeInBrowser('cancelling', () => {
  let app: Application;
  const folder = mkdtempSync(join(tmpdir(), 'auricle-e2e-cancelling-'));
  const runs = join(folder, 'runs');
  beforeAll(async () => {
    // Nothing is prepared: the sample has to be made and segmented, which takes its time.
    app = await openApplication({ runs });
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const cancelWithEsc = async (): Promise<void> => {
    await app.page.keyboard.press('Escape');
    await app.auricle.status.idle();
  };
  const cancelWithButton = async (): Promise<void> => {
    await app.auricle.status.cancel.click();
    await app.auricle.status.idle();
  };

  it('stops the making of the sample, and leaves the welcome screen as it was', async () => {
    const { auricle, page } = app;
    await page.getByTestId('open-sample').click();
    await auricle.status.job.waitFor();
    await cancelWithEsc();
    await auricle.start.shown();
    await expect.poll(() => page.getByTestId('open-sample').isEnabled()).toBe(true);
    expect(await auricle.status.alerts.count()).toBe(0);
  });

  it('stops a segmentation, and the next one goes through', async () => {
    const { auricle, page } = app;
    // The cancelled sample is not made again here: the prepared files replace it.
    cpSync(endToEnd.sampleData, app.dataFolder, { recursive: true });
    await auricle.openSample();
    await page.getByTestId('segment').click();
    await auricle.appendage.stage.waitFor();
    await cancelWithEsc();
    expect(await auricle.appendage.review.count()).toBe(0);
    expect(await auricle.status.alerts.count()).toBe(0);
    expect(await auricle.panes.count('axial', isScan)).toBeGreaterThan(10_000);
    await page.getByTestId('segment').click();
    await auricle.appendage.stage.waitFor();
    await cancelWithButton();
    // What is not cancelled need not take its time.
    symlinkSync(endToEnd.runs, runs);
    await auricle.segment();
    expect(await auricle.appendage.volumeMl()).toBeGreaterThan(5);
  });

  it('stops the loading of slices; the series can be chosen again, and is whole then', async () => {
    const { auricle, page } = app;
    const area = page.getByTestId('viewer-area');
    const series = page.getByTestId('series');
    const arriving = page.locator('[data-testid=viewer-area][data-extent=arriving]');
    await page.getByTestId('close-study').click();
    await auricle.openSample();
    await auricle.panes.leave();
    const whole = await auricle.panes.pictures();
    // As where slices are not decoded with their headers, and from a slow disk: else all slices are there before a
    // person could cancel.
    await page.evaluate(`(() => {
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (message, transfer) {
        if (message.method === 'readHeaders') delete message.params.into;
        const isSlow = message.method === 'decode' && globalThis.areSlicesSlow;
        setTimeout(() => post.call(this, message, transfer), isSlow ? 500 : 0);
      };
    })()`);
    for (const cancel of [cancelWithEsc, cancelWithButton]) {
      await page.getByTestId('close-study').click();
      await page.evaluate('globalThis.areSlicesSlow = true');
      await page.getByTestId('open-sample').click();
      await arriving.waitFor();
      await cancel();
      // Nothing half-loaded is left that could be taken for the scan.
      await expect.poll(() => area.getAttribute('data-extent')).toBe('none');
      await expect.poll(() => auricle.panes.count('axial', isScan)).toBe(0);
      await expect.poll(() => series.getAttribute('aria-pressed')).toBe('false');
      await expect.poll(() => auricle.appendage.segmentButton.isEnabled()).toBe(false);
      expect(await auricle.status.alerts.count()).toBe(0);
    }
    await page.evaluate('globalThis.areSlicesSlow = false');
    await series.click();
    await auricle.panes.whole();
    await auricle.appendage.regionFound();
    await auricle.panes.leave();
    const again = await auricle.panes.pictures();
    for (const plane of PLANES) expect(changedPixels(whole[plane], again[plane])).toBe(0);
  });
});
