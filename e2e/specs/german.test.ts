import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** What is cut off or pushed out: buttons and labels wider than their place, panels that scroll sideways. */
const overflowing = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll(
        'button, label, h2, h3, select, .panel, .tab-content, .toolbar, .header, .status-bar, .dialog-body, .dialog-foot, .welcome',
      ),
    ]
      .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
      // Names of patients and series end in an ellipsis, with the whole in their tip.
      .filter((element) => !element.closest('.worklist-entry, .series'))
      .map((element) => `${element.className || element.tagName}: ${element.textContent?.slice(0, 60)}`),
  );

describeInBrowser('the page in German', () => {
  let app: Application;
  beforeAll(async () => {
    app = await openApplication({ prepared: endToEnd.sessionData, locale: 'de-DE' });
    await app.page.setViewportSize({ width: 1280, height: 720 });
  });
  afterAll(async () => {
    await app?.close();
  });

  it('speaks the browser’s language from the start', async () => {
    const { page } = app;
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    expect(await page.getByTestId('research-use').innerText()).toBe(
      'Nur für Forschungszwecke. Nicht für klinische Entscheidungen.',
    );
    expect(await page.getByTestId('work-state').first().innerText()).toBe('Segmentiert, nicht geprüft');
    expect(await overflowing(page)).toEqual([]);
  });

  it('shows the review in German, with a comma in numbers and nothing cut off', async () => {
    const { auricle, page } = app;
    await auricle.restoreNewest();
    const panel = page.getByTestId('appendage-panel');
    expect(await panel.getByTestId('accept').innerText()).toBe('Freigeben');
    expect(await page.getByTestId('measure-ostium-max').locator('dt').innerText()).toBe(
      'Maximaler Durchmesser',
    );
    const volume = await page.getByTestId('measure-volume').locator('.number-value').innerText();
    expect(volume).toMatch(/^\d+,\d$/);
    expect(await auricle.panes.title('coronal')).toBe('Koronal');
    expect(await auricle.panes.place('axial')).toMatch(/^[SI] \d+,\d mm/);
    for (const tab of ['measures', 'plan', 'edit', 'history'] as const) {
      await auricle.appendage.tab(tab);
      if (tab === 'plan') await page.getByTestId('profile-plot').waitFor();
      expect(await overflowing(page), tab).toEqual([]);
    }
  });

  it('names the steps in German', async () => {
    const { auricle, page } = app;
    await auricle.appendage.tab('edit');
    await page.getByTestId('operate-smooth').click();
    await page
      .getByTestId('tab-history')
      .and(page.getByText('Verlauf 1', { exact: true }))
      .waitFor();
    const { names } = await auricle.appendage.history();
    expect(names[0]).toBe('0 Automatische Segmentierung');
    expect(names[1]).toMatch(/^1 Glätten \d+,\d\d mL$/);
    expect(await page.getByTestId('undo').getAttribute('title')).toMatch(/^Rückgängig: Glätten/);
  });

  it('says what is wrong in German, and exports in English with a point', async () => {
    const { auricle, page } = app;
    await auricle.appendage.tab('measures');
    await page.locator('[data-testid=measure-panel][data-stale=false]').waitFor();
    const volume = await page.getByTestId('measure-volume').locator('.number-value').innerText();
    await auricle.export.open();
    expect(await overflowing(page)).toEqual([]);
    await auricle.export.choose([]);
    expect(await auricle.export.problem.innerText()).toBe('Mindestens eine Datei für den Export wählen.');
    await auricle.export.choose(['csv', 'json', 'html']);
    const files = await auricle.export.download();
    const named = (end: string): string =>
      text(Object.entries(files).find(([name]) => name.endsWith(end))?.[1]);
    const report = JSON.parse(named('.json'));
    expect(report.measurements.volumeMl.toFixed(1)).toBe(volume.replace(',', '.'));
    expect(named('.csv')).toContain(`,${report.measurements.volumeMl}`);
    expect(named('.html')).toContain('<html lang="en"');
    for (const end of ['.json', '.html']) expect(named(end)).toContain('Smooth');
    for (const end of ['.csv', '.json', '.html']) {
      expect(named(end)).not.toMatch(/Glätten|Vorhofohr|Durchmesser|Forschungszwecke/);
    }
  });

  it('shows each combination of keys on one line, within its column', async () => {
    const { page } = app;
    await page.getByTestId('keys-open').click();
    const keys = page.getByTestId('keys-dialog').locator('kbd');
    await keys.first().waitFor();
    const broken = await keys.evaluateAll((all) =>
      all
        .filter((key) => {
          const [own, column] = [key, key.parentElement!].map((element) => element.getBoundingClientRect());
          return own!.height > 24 || own!.right > column!.right;
        })
        .map((key) => key.textContent),
    );
    expect(broken).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('changes its language at once, and keeps the choice', async () => {
    const { auricle, page } = app;
    await page.getByTestId('settings-open').click();
    expect(await overflowing(page)).toEqual([]);
    await page.getByTestId('key-settings-open').click();
    await page.getByTestId('key-segment').click();
    await page.keyboard.press('b');
    const refused = page.getByTestId('key-problem');
    expect(await refused.innerText()).toBe('B ist belegt: Pinsel.');
    await page.getByTestId('settings-language').selectOption('en');
    await page.getByTestId('settings-dialog').getByText('Mesh resolution').waitFor();
    expect(await refused.innerText()).toBe('B is taken: Brush.');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await auricle.panes.title('coronal')).toBe('Coronal');
    await page.keyboard.press('Escape');
    expect(await page.getByTestId('accept').innerText()).toBe('Accept');
    await auricle.status.saved();
    await page.reload();
    await auricle.start.shown();
    await page.getByRole('heading', { name: 'Worklist' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });
});
