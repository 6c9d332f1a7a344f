import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import { dropFiles } from '../fixtures/dropFiles.ts';
import { phaseStudy } from '../fixtures/phaseStudy.ts';
import { changedPixels, countPixels, isContour } from '../fixtures/pixels.ts';
import { phasePanel } from '../pages/phasePanel.ts';

/** The first is the sample itself, so that its segmentation is remembered. */
const PHASES = [
  { percent: 40, scale: 1 },
  { percent: 75, scale: 0.92, slices: 100 },
  { percent: 5, scale: 0.96, slices: 100 },
];

describeInBrowser('a heart in three phases', () => {
  let app: Application;
  let study: Awaited<ReturnType<typeof phaseStudy>>;
  beforeAll(async () => {
    study = await phaseStudy(endToEnd.sampleData, PHASES);
    app = await openApplication({ prepared: endToEnd.sampleData });
    await app.auricle.start.shown();
    await dropFiles(app.page, [study.folder]);
    await app.auricle.panes.whole();
    await app.auricle.appendage.regionFound();
  });
  afterAll(async () => {
    study?.remove();
    await app?.close();
  });

  it('lists them in the order of the cycle, the one with most slices loaded', async () => {
    const phases = phasePanel(app.page);
    expect((await phases.rows.allInnerTexts()).map((text) => text.trim())).toEqual(['5 %', '40 %', '75 %']);
    expect(await phases.row('40 %').getAttribute('aria-pressed')).toBe('true');
  });

  it('plays them by key, and takes no verdict on images of another phase', async () => {
    const { auricle, page } = app;
    const phases = phasePanel(page);
    await auricle.segment();
    const own = await auricle.panes.pictures();
    expect(countPixels(own.axial, isContour)).toBeGreaterThan(60);
    await page.keyboard.press('End');
    await phases.frame.waitFor();
    expect(await phases.frame.innerText()).toContain('75 %');
    await auricle.status.idle();
    const other = await auricle.panes.pictures();
    expect(changedPixels(own.axial, other.axial)).toBeGreaterThan(10_000);
    // That phase is not segmented: no contour of another is drawn on it.
    expect(countPixels(other.axial, isContour)).toBeLessThan(5);
    expect(await page.getByTestId('accept').isDisabled()).toBe(true);
    expect(await page.getByTestId('reject').isDisabled()).toBe(true);
    expect(await page.getByTestId('other-images').innerText()).toContain('75 %');
    await page.getByTestId('show-own').click();
    await phases.frame.waitFor({ state: 'detached' });
    expect(await page.getByTestId('accept').isEnabled()).toBe(true);
    await page.keyboard.press('/');
    await phases.frame.waitFor();
    // A verdict by key brings the loaded scan back first; the key that is pressed again judges what is seen then.
    await page.keyboard.press('a');
    await phases.frame.waitFor({ state: 'detached' });
    expect(await auricle.appendage.review.getAttribute('data-verdict')).toBe('not reviewed');
  });

  it('brings back edits of a phase that could not be saved when another was chosen', async () => {
    const { auricle, page, dataFolder } = app;
    const phases = phasePanel(page);
    await auricle.status.saved();
    const sessions = join(dataFolder, 'sessions');
    rmSync(sessions, { recursive: true });
    writeFileSync(sessions, '');
    await auricle.appendage.tab('edit');
    await page.getByTestId('operate-smooth').click();
    await auricle.appendage.remade(1);
    const size = await auricle.appendage.meshSize();
    await phases.choose('75 %');
    await auricle.appendage.review.waitFor({ state: 'detached' });
    await phases.choose('40 %');
    await auricle.appendage.remade(1);
    expect(await auricle.appendage.meshSize()).toEqual(size);
    rmSync(sessions);
    // Another step: all is saved now, the step of before among it.
    await page.getByTestId('accept').click();
    await auricle.status.saved();
    await page.reload();
    await auricle.restoreNewest();
    await auricle.appendage.remade(2);
    expect(await auricle.appendage.meshSize()).toEqual(size);
    expect(await auricle.appendage.review.getAttribute('data-verdict')).toBe('accepted');
  });
});
