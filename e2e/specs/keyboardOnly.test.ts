import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeStl } from '#main/interchange/stl.ts';
import { faceCount } from '#shared/mesh/triangleMesh.ts';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import { isContour } from '../fixtures/pixels.ts';
import { screenshot } from '../fixtures/screenshot.ts';

/** A round of Tab through the largest screen has fewer stops. */
const MOST_STOPS = 80;

/** The test's name of what has the focus; '' where it has none. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.testid ?? '');

/** Presses Tab until an element has the focus; as a person finds it. */
async function tabTo(page: Page, testId: string, key = 'Tab'): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if ((await focused(page)) === testId) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab does not lead to ${testId}.`);
}

describeInBrowser('the keyboard alone', () => {
  let app: Application;
  beforeAll(async () => {
    app = await openApplication({ prepared: endToEnd.sampleData, keepNotice: true });
  });
  afterAll(async () => {
    await app?.close();
  });

  it('leads from the notice over the sample to a surface', async () => {
    const { auricle, page } = app;
    await auricle.start.notice.waitFor();
    await tabTo(page, 'notice-accept');
    await page.keyboard.press('Enter');
    await auricle.start.notice.waitFor({ state: 'detached' });
    // The key for segmenting is changed, and one that is taken refused.
    await tabTo(page, 'settings-open');
    await page.keyboard.press('Enter');
    await tabTo(page, 'key-settings-open');
    await page.keyboard.press('Enter');
    await tabTo(page, 'key-segment');
    await page.keyboard.press('Enter');
    await page.keyboard.press('b');
    await page.getByTestId('key-problem').filter({ hasText: 'B is taken: Brush.' }).waitFor();
    await page.keyboard.press(';');
    await page.getByTestId('key-segment').filter({ hasText: /^;$/ }).waitFor();
    await screenshot(page, 'settings-keys');
    await page.keyboard.press('Escape');
    await page.getByTestId('settings-dialog').waitFor({ state: 'detached' });
    await tabTo(page, 'open-sample');
    await page.keyboard.press('Enter');
    await auricle.panes.whole();
    await auricle.appendage.regionFound();
    await page.keyboard.press('s');
    await page.getByText('Enter or ;').waitFor();
    await page.keyboard.press(';');
    await auricle.appendage.segmented();
    expect(await auricle.panes.count('axial', isContour)).toBeGreaterThan(60);
  });

  it('scrolls the plane that has the focus', async () => {
    const { auricle, page } = app;
    await auricle.panes.pane('axial').focus();
    const before = await auricle.panes.picture('axial');
    const slice = async (): Promise<number> =>
      Number(/slice (\d+)/.exec(await auricle.panes.place('axial'))?.[1]);
    const first = await slice();
    await page.keyboard.press('PageUp');
    const after = await auricle.panes.picture('axial');
    expect(Math.abs((await slice()) - first)).toBe(10);
    expect(after.data).not.toEqual(before.data);
    // The ostium's centre lies between slices; scrolling goes from one to another.
    await page.keyboard.press('PageDown');
    await expect.poll(slice).toBe(first);
  });

  it('edits by a button, undoes and accepts', async () => {
    const { auricle, page } = app;
    const size = await auricle.appendage.meshSize();
    await tabTo(page, 'tab-measures');
    for (const next of ['tab-plan', 'tab-edit']) {
      await page.keyboard.press('ArrowRight');
      // The tabs move the focus a moment after the key.
      await expect.poll(() => focused(page)).toBe(next);
    }
    await tabTo(page, 'operate-smooth');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid=tab-history]', { hasText: 'History 1' }).waitFor();
    await page.keyboard.press('Control+z');
    await auricle.appendage.remade(0);
    expect(await auricle.appendage.meshSize()).toEqual(size);
    await page.keyboard.press('a');
    await page.locator('[data-testid=review-panel][data-verdict=accepted]').waitFor();
  });

  it('goes through the steps of planning', async () => {
    const { auricle, page } = app;
    await tabTo(page, 'step-ostium');
    await page.keyboard.press('Enter');
    await expect.poll(() => auricle.panes.title('axial')).toBe('Oblique axial');
    await tabTo(page, 'step-review');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid=step-ostium][data-status=reviewed]').waitFor();
    await page.locator('[data-testid=step-landingZone][aria-current=step][data-status=open]').waitFor();
    await page.getByTestId('plan-panel').waitFor();
    // Past what stands above it in the panel to what the step asks for: the landing zone's slider.
    await page.getByTestId('landing-zone-depth').waitFor();
    await tabTo(page, 'step-skip', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const slider = page.getByTestId('landing-zone-depth').getByRole('slider');
    expect(await slider.evaluate((element) => element === document.activeElement)).toBe(true);
    await tabTo(page, 'tab-plan', 'Shift+Tab');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => focused(page)).toBe('tab-measures');
  });

  it('exports', async () => {
    const { auricle, page } = app;
    await page.keyboard.press('Control+s');
    await auricle.export.dialog.waitFor();
    // The focus stays in the dialog while it is open.
    for (let stop = 0; stop < 30; stop++) {
      await page.keyboard.press('Tab');
      const isInside = await auricle.export.dialog.evaluate((dialog) =>
        dialog.contains(document.activeElement),
      );
      expect(isInside).toBe(true);
    }
    await tabTo(page, 'export-run');
    const files = await auricle.export.download(() => page.keyboard.press('Enter'));
    const { faces } = await auricle.appendage.meshSize();
    expect(faceCount(decodeStl(files['laa-closed.stl']!))).toBe(faces);
    expect(JSON.parse(new TextDecoder().decode(files['measurements.json']))).toMatchObject({
      review: 'accepted',
      reviewedSteps: ['ostium'],
    });
  });
});
