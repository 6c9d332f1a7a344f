import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { focusIsVisible, namelessElements } from '../fixtures/accessibility.ts';
import {
  type Application,
  describeInBrowser,
  endToEnd,
  openApplication,
  WINDOW,
} from '../fixtures/application.ts';
import { screenshot } from '../fixtures/screenshot.ts';
import { planPanel } from '../pages/planPanel.ts';

describeInBrowser('accessibility', () => {
  let app: Application;
  beforeAll(async () => {
    app = await openApplication({ prepared: endToEnd.sessionData, keepNotice: true });
  });
  afterAll(async () => {
    await app?.close();
  });

  /** Everything on the screen that can be acted on has a name. */
  const expectNames = async (least: number): Promise<void> => {
    const { nameless, named } = await namelessElements(app.page);
    expect(nameless).toEqual([]);
    expect(named).toBeGreaterThanOrEqual(least);
  };

  it('everything on the start screens has a name', async () => {
    await app.auricle.start.notice.waitFor();
    await expectNames(2);
    await app.auricle.start.acceptNotice();
    await app.auricle.start.savedWork.first().waitFor();
    await app.auricle.status.engineReady();
    await screenshot(app.page, 'saved-work');
    await expectNames(5);
  });

  it('everything on the review screen, its tabs and dialogs has a name', async () => {
    const { auricle, page } = app;
    await auricle.restoreNewest();
    await expectNames(20);
    await planPanel(page).open();
    await expectNames(25);
    await auricle.appendage.tab('edit');
    await expectNames(25);
    await auricle.appendage.tab('history');
    await expectNames(20);
    await page.getByTestId('window-menu').click();
    await page.getByRole('menuitem').first().waitFor();
    await expectNames(5);
    await page.keyboard.press('Escape');
    await page.getByTestId('slab-button').click();
    await page.getByTestId('slab-popover').waitFor();
    await expectNames(5);
    await page.keyboard.press('Escape');
    await page.getByTestId('keys-open').click();
    await page.getByTestId('keys-dialog').waitFor();
    await screenshot(page, 'keys');
    await expectNames(2);
    await page.keyboard.press('Escape');
    await page.getByTestId('keys-dialog').waitFor({ state: 'detached' });
    await auricle.export.open();
    await expectNames(15);
    await page.keyboard.press('Escape');
    await auricle.export.dialog.waitFor({ state: 'detached' });
  });

  it('the focus can be seen wherever Tab leads', async () => {
    const { auricle, page } = app;
    await page.reload();
    await auricle.restoreNewest();
    const seen = new Map<string, boolean>();
    for (let stop = 0; stop < 45; stop++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => document.activeElement === document.body)) continue;
      const { element, isVisible } = await focusIsVisible(page);
      seen.set(element, (seen.get(element) ?? false) || isVisible);
    }
    expect(seen.size).toBeGreaterThan(15);
    expect([...seen].filter(([, isVisible]) => !isVisible).map(([element]) => element)).toEqual([]);
  });

  it('everything is reached in small windows and at 200 %', async () => {
    const { page } = app;
    for (const [width, height] of [
      [800, 600],
      [640, 360],
    ] as const) {
      await page.setViewportSize({ width, height });
      const panel = await page.getByTestId('appendage-panel').boundingBox();
      expect(panel!.x + panel!.width).toBeLessThanOrEqual(width);
      expect(panel!.width).toBeGreaterThan(250);
      // A click that only tries: the button must scroll into view and be hit.
      for (const name of ['accept', 'tab-history', 'export-open', 'settings-open', 'layout-menu'])
        await page.getByTestId(name).click({ trial: true });
    }
    await page.setViewportSize(WINDOW);
  });

  it('in a low window a step shows its part below steps and tabs, and another tab its beginning', async () => {
    const { page } = app;
    await page.setViewportSize({ width: 960, height: 540 });
    await page.getByTestId('step-cArm').click();
    const topOf = async (locator: Locator): Promise<number> => (await locator.boundingBox())!.y;
    const tabs = page.getByRole('tablist');
    const belowTabs = async (text: string): Promise<number> =>
      (await topOf(page.getByRole('heading', { name: text }))) - (await topOf(tabs));
    await expect.poll(() => belowTabs('C-arm views perpendicular')).toBeLessThan(70);
    expect(await belowTabs('C-arm views perpendicular')).toBeGreaterThan(30);
    expect(await topOf(tabs)).toBeLessThan(200);
    await page.getByTestId('tab-edit').click();
    await expect.poll(() => belowTabs('Manual edits')).toBeLessThan(70);
    expect(await belowTabs('Manual edits')).toBeGreaterThan(30);

    // Where views and panel lie one below the other, the steps stay at the window's upper edge.
    await page.setViewportSize({ width: 640, height: 360 });
    const step = page.getByTestId('step-device');
    await step.click();
    const belowSteps = async (): Promise<number> =>
      (await topOf(page.getByRole('heading', { name: 'Sizes of devices that fit' }))) - (await topOf(step));
    await expect.poll(belowSteps).toBeLessThan(140);
    expect(await belowSteps()).toBeGreaterThan(60);
    expect(await topOf(step)).toBeGreaterThanOrEqual(0);
    expect(await topOf(step)).toBeLessThan(20);
    await page.setViewportSize(WINDOW);
  });

  it('says in the document what language it is in, and has one main part', async () => {
    const { page } = app;
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.title()).toContain('Auricle');
    expect(await page.locator('main').count()).toBe(1);
  });
});
