import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import { isContour, isScan } from '../fixtures/pixels.ts';

/** What a person should never have to read. */
const JARGON = /undefined|null|NaN|TypeError|RangeError|Error:|exception|\.ts|\/tmp|at Object|stack trace/i;

describeInBrowser('broken input', () => {
  let app: Application;
  const folder = mkdtempSync(join(tmpdir(), 'auricle-e2e-input-'));
  let slices: { name: string; bytes: Buffer }[];
  beforeAll(async () => {
    app = await openApplication({ prepared: endToEnd.sessionData });
    const samples = join(endToEnd.sampleData, 'samples');
    const series = join(samples, readdirSync(samples)[0]!);
    slices = readdirSync(series)
      .sort()
      .map((name) => ({ name, bytes: readFileSync(join(series, name)) }));
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A folder of files, opened as by its button. */
  const openFolder = async (name: string, files: readonly { name: string; bytes: Buffer }[]) => {
    const path = join(folder, name);
    mkdirSync(path);
    for (const file of files) writeFileSync(join(path, file.name), file.bytes);
    await app.page.getByTestId('folder-input').setInputFiles(path);
  };
  const messages = async (): Promise<string[]> => await app.auricle.status.alerts.allInnerTexts();
  const expectCalm = (sentence: string): void => {
    expect(sentence).toMatch(/^[A-Z].*\.$/s);
    expect(sentence).not.toMatch(JARGON);
  };
  const dismissAll = (): Promise<void> => app.auricle.status.dismissAlerts();

  it('text files: says that there is no CT', async () => {
    await openFolder('texts', [
      { name: 'notes.txt', bytes: Buffer.from('nothing to see') },
      { name: 'scan.dcm', bytes: Buffer.from('not DICOM, whatever the name says') },
    ]);
    await app.auricle.status.alerts.first().waitFor();
    const [message = ''] = await messages();
    expectCalm(message);
    expect(message).toContain('no CT');
    expect(await app.auricle.start.welcome.isVisible()).toBe(true);
    await dismissAll();
  });

  it('slices that are cut short: says that they are damaged', async () => {
    const cut = slices.slice(0, 20).map(({ name, bytes }) => ({ name, bytes: bytes.subarray(0, 3000) }));
    await openFolder('truncated', cut);
    await app.auricle.status.alerts.first().waitFor();
    for (const message of await messages()) expectCalm(message);
    await dismissAll();
  });

  it('two slices: refuses the series, with the reason', async () => {
    await openFolder('two', slices.slice(70, 72));
    await app.page.getByTestId('series').first().waitFor();
    await app.auricle.status.alerts.first().waitFor();
    for (const message of await messages()) expectCalm(message);
    const series = app.page.getByTestId('series').first();
    expect(await series.getAttribute('aria-disabled')).toBe('true');
    expect(await series.innerText()).not.toMatch(JARGON);
    expect(await app.auricle.appendage.segmentButton.isEnabled()).toBe(false);
    await dismissAll();
    await app.page.getByTestId('close-study').click();
    await app.auricle.start.shown();
  });

  it('a missing slice: refuses or warns before anything is computed', async () => {
    await openFolder(
      'gap',
      slices.filter((_, at) => at !== 75),
    );
    const refusal = app.page.getByTestId('series').locator('.series-refusal');
    const warning = app.page.getByTestId('series-warnings').locator('li');
    await refusal.or(warning).first().waitFor();
    const sentence = await refusal.or(warning).first().innerText();
    expectCalm(sentence);
    expect(sentence).toMatch(/slice|gap|missing|spac/i);
    await app.auricle.status.idle();
    await dismissAll();
  });

  it('loses nothing of the work that is open', async () => {
    const { auricle, page } = app;
    await page.getByTestId('close-study').click();
    await auricle.restoreNewest();
    const contour = await auricle.panes.count('axial', isContour);
    const size = await auricle.appendage.meshSize();
    await openFolder('texts-again', [{ name: 'notes.txt', bytes: Buffer.from('nothing to see') }]);
    await auricle.status.alerts.first().waitFor();
    await dismissAll();
    expect(await auricle.appendage.meshSize()).toEqual(size);
    expect(await auricle.panes.count('axial', isContour)).toBe(contour);
    expect(await auricle.panes.count('axial', isScan)).toBeGreaterThan(10_000);
  });
});
