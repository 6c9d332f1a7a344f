import { cpSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import { isScan } from '../fixtures/pixels.ts';

describeInBrowser('cancelling', () => {
  let app: Application;
  beforeAll(async () => {
    // Nothing is prepared: the sample has to be made, which takes its time.
    app = await openApplication();
  });
  afterAll(async () => {
    await app?.close();
  });

  /** Waits until the job is gone, as the page's own clock sees it. @returns ms from the key to the idle line */
  const cancelWithEsc = async (): Promise<number> => {
    const { page } = app;
    await page.evaluate(() => {
      const took = new Promise<number>((done) => {
        const listen = (): void => {
          const began = performance.now();
          const look = (): void => {
            if (document.querySelector('[data-testid=job-idle]')) done(performance.now() - began);
            else requestAnimationFrame(look);
          };
          look();
        };
        addEventListener('keydown', listen, { once: true, capture: true });
      });
      Object.assign(globalThis, { tookToCancel: took });
    });
    await page.keyboard.press('Escape');
    return await page.evaluate(
      () => (globalThis as unknown as { tookToCancel: Promise<number> }).tookToCancel,
    );
  };

  it('stops the making of the sample, and leaves the welcome screen as it was', async () => {
    const { auricle, page } = app;
    await page.getByTestId('open-sample').click();
    await auricle.status.job.waitFor();
    expect(await cancelWithEsc()).toBeLessThan(1000);
    expect(await auricle.start.welcome.isVisible()).toBe(true);
    expect(await auricle.status.alerts.count()).toBe(0);
    expect(await page.getByTestId('open-sample').isEnabled()).toBe(true);
  });

  it('stops a segmentation, and the next one goes through', async () => {
    const { auricle, page } = app;
    // What was cancelled is not made in vain here: the prepared files take its place.
    cpSync(endToEnd.sampleData, app.dataFolder, { recursive: true });
    await auricle.openSample();
    await page.getByTestId('segment').click();
    await auricle.appendage.stage.waitFor();
    expect(await cancelWithEsc()).toBeLessThan(1000);
    expect(await auricle.appendage.review.count()).toBe(0);
    expect(await auricle.status.alerts.count()).toBe(0);
    expect(await auricle.panes.count('axial', isScan)).toBeGreaterThan(10_000);
    await page.getByTestId('segment').click();
    await auricle.appendage.stage.waitFor();
    await auricle.status.cancel.click();
    await auricle.status.idle();
    await auricle.segment();
    expect(await auricle.appendage.volumeMl()).toBeGreaterThan(5);
  });
});
