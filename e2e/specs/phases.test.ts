import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import { dropFiles } from '../fixtures/dropFiles.ts';
import { phaseStudy } from '../fixtures/phaseStudy.ts';
import { changedPixels, countPixels, isContour } from '../fixtures/pixels.ts';
import { screenshot } from '../fixtures/screenshot.ts';
import { phasePanel } from '../pages/phasePanel.ts';

/**
 * The first is the sample itself, so that its segmentation is remembered. In the others the cube rests where it begins: one
 * run of the encoder each.
 */
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

  it('segments all, goes on where it was cancelled, and shows the sizes over the cycle', async () => {
    const { auricle, page } = app;
    const phases = phasePanel(page);
    await dropFiles(page, [study.folder]);
    await auricle.panes.whole();
    await auricle.status.idle();
    await phases.segmentAll.click();
    await phases.row('75 %').getByText('mL').waitFor();
    await page.getByTestId('phase-panel').getByText('5 % (3 of 3)').waitFor();
    await page.getByTestId('phase-panel').getByRole('button', { name: 'Cancel' }).click();
    await phases.segmentAll.and(page.locator(':enabled')).waitFor();
    expect((await phases.row('5 %').first().innerText()).trim()).toBe('5 %');
    await phases.segmentAll.click();
    await phases.row('5 %').first().getByText('mL').waitFor();
    await auricle.status.idle();
    await auricle.appendage.tab('plan');
    expect(await phases.sizing.innerText()).toContain('Size at 40 %');
    const areas = await phases.areas();
    expect(areas.map(([label]) => label)).toEqual(['5 %', '40 %', '75 %']);
    // The sample scaled: areas go with the square of the scale.
    const [five, forty, seventyFive] = areas.map(([, mm2]) => mm2);
    expect(five! / forty!).toBeGreaterThan(0.96 ** 2 - 0.06);
    expect(five! / forty!).toBeLessThan(0.96 ** 2 + 0.06);
    expect(seventyFive! / forty!).toBeGreaterThan(0.92 ** 2 - 0.06);
    expect(seventyFive! / forty!).toBeLessThan(0.92 ** 2 + 0.06);
    // In the cine each phase has its own contour.
    await page.keyboard.press('/');
    await phases.frame.waitFor();
    await page.keyboard.press('/');
    await page.getByTestId('cine').getByText('Play').waitFor();
    expect(await phases.frame.innerText()).not.toContain('not segmented');
    expect(await auricle.panes.count('axial', isContour)).toBeGreaterThan(60);
    await page.keyboard.press('Escape');
    await phases.frame.waitFor({ state: 'detached' });
  });

  it('goes to a phase by its point, and back to the largest to size in it', async () => {
    const { auricle, page } = app;
    const phases = phasePanel(page);
    await phases.points.nth(2).click();
    await phases.row('75 %').and(page.locator('[aria-pressed=true]')).waitFor();
    await auricle.appendage.segmented();
    await auricle.appendage.tab('plan');
    expect(await phases.sizing.innerText()).toContain('The numbers below are those of 75 %');
    expect(await auricle.appendage.review.getAttribute('data-verdict')).toBe('not reviewed');
    await screenshot(page, 'phases');
    await page.getByTestId('size-by-largest').click();
    await phases.row('40 %').and(page.locator('[aria-pressed=true]')).waitFor();
    await page.locator('[data-testid=review-panel][data-verdict=accepted]').waitFor();
    await auricle.status.idle();
  });

  it('exports all phases with the phase to size in, and has them again after a reload', async () => {
    const { auricle, page } = app;
    const phases = phasePanel(page);
    await auricle.export.open();
    await auricle.export.choose(['html', 'csv', 'registry-json', 'dicom-sr']);
    const files = await auricle.export.download();
    const text = (name: string): string => new TextDecoder().decode(files[name]);
    const rows = text('phases.csv').trimEnd().split('\r\n');
    expect(rows.map((row) => row.split(',')[0])).toEqual(['phase', '5 %', '40 %', '75 %']);
    expect(text('report.html')).toContain('Over the heart cycle');
    expect(text('report.html')).toContain('All other numbers of this report are those of 40 %.');
    expect(JSON.parse(text('registry.json'))).toMatchObject({
      heart_phase: '40 %',
      cycle_phases: '5 %; 40 %; 75 %',
      cycle_sizing_phase: '40 %',
    });
    expect(text('laa-sr.dcm').includes('Ostium, heart phase 75 %')).toBe(true);
    await auricle.status.saved();
    await page.reload();
    await auricle.restoreNewest();
    await auricle.appendage.tab('plan');
    expect((await phases.areas()).map(([label]) => label)).toEqual(['5 %', '40 %', '75 %']);
    expect(await phases.curves.innerText()).toContain('Open the study to work on another phase.');
  });
});
