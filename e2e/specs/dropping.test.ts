import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeDicomFile } from '#shared/dicom/writeElements.ts';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import { dropFiles } from '../fixtures/dropFiles.ts';
import { changedPixels, isScan } from '../fixtures/pixels.ts';

/** Enough for a series that can be segmented, few enough to be read at once. */
const SLICES = 40;

/** A directory of a medium (PS3.10 section 8), as it lies beside the files of a disc: a data set without an image. */
const dicomdir = (): Uint8Array =>
  writeDicomFile(
    [
      { tag: 0x00020002, vr: 'UI', value: '1.2.840.10008.1.3.10' },
      { tag: 0x00020010, vr: 'UI', value: '1.2.840.10008.1.2.1' },
    ],
    [{ tag: 0x00041130, vr: 'CS', value: 'AURICLE' }],
  );

describeInBrowser('dropping a scan on the window', () => {
  let app: Application;
  const folder = mkdtempSync(join(tmpdir(), 'auricle-e2e-drop-'));
  const series = join(folder, 'series');
  let names: string[] = [];
  beforeAll(async () => {
    const samples = join(endToEnd.sampleData, 'samples');
    const sample = join(samples, readdirSync(samples)[0]!);
    mkdirSync(series);
    names = readdirSync(sample)
      .sort()
      .slice(60, 60 + SLICES);
    for (const name of names) cpSync(join(sample, name), join(series, name));
    app = await openApplication();
    await app.auricle.start.shown();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Waits for the one series, whole on the screen; closes it again. @returns what the list and the notes say */
  const expectSeries = async () => {
    const { auricle, page } = app;
    await auricle.panes.whole();
    await auricle.panes.leave();
    expect(await page.getByTestId('series').count()).toBe(1);
    const line = await page.getByTestId('series').innerText();
    expect(line).toContain(`${SLICES} slices`);
    const skipped = page.getByTestId('skipped-files');
    const note = (await skipped.count()) === 0 ? null : await skipped.innerText();
    const warnings = await page.getByTestId('series-warnings').locator('li').allInnerTexts();
    await auricle.status.idle();
    const shown = await auricle.panes.picture('axial');
    expect(await auricle.panes.count('axial', isScan)).toBeGreaterThan(10_000);
    await page.getByTestId('close-study').click();
    await auricle.start.shown();
    return { note, warnings, shown };
  };
  let asFolder: Awaited<ReturnType<typeof expectSeries>>;

  it('says that it takes a folder, and opens it', async () => {
    const looks = (): Promise<string> =>
      app.page.evaluate(() => getComputedStyle(document.querySelector('.app')!, '::after').content);
    const before = await looks();
    await dropFiles(app.page, [series], async () => {
      await expect.poll(looks).not.toBe(before);
    });
    asFolder = await expectSeries();
    expect(asFolder.note).toBeNull();
    expect(await looks()).toBe(before);
  });

  it('opens single files', async () => {
    await dropFiles(
      app.page,
      names.map((name) => join(series, name)),
    );
    const asFiles = await expectSeries();
    expect(asFiles.note).toBeNull();
    expect(changedPixels(asFolder.shown, asFiles.shown)).toBe(0);
  });

  it('opens a ZIP', async () => {
    const packed = Object.fromEntries(
      names.map((name) => [`study/${name}`, new Uint8Array(readFileSync(join(series, name)))]),
    );
    const zip = join(folder, 'study.zip');
    writeFileSync(zip, zipSync(packed, { level: 1 }));
    await dropFiles(app.page, [zip]);
    const asZip = await expectSeries();
    expect(asZip.note).toBeNull();
    expect(changedPixels(asFolder.shown, asZip.shown)).toBe(0);
  });

  it('opens a disc with its DICOMDIR: nested folders, names without extensions', async () => {
    const disc = join(folder, 'disc');
    for (const half of [0, 1]) {
      const part = join(disc, 'DICOM', `S000${half}`);
      mkdirSync(part, { recursive: true });
      names.forEach((name, at) => {
        if (at % 2 === half) cpSync(join(series, name), join(part, `IM${String(at).padStart(4, '0')}`));
      });
    }
    writeFileSync(join(disc, 'DICOMDIR'), dicomdir());
    await dropFiles(app.page, [disc]);
    const asDisc = await expectSeries();
    expect(asDisc.warnings).toEqual(asFolder.warnings);
    expect(changedPixels(asFolder.shown, asDisc.shown)).toBe(0);
    // The directory belongs to the disc: nothing was skipped.
    expect(asDisc.note).toBeNull();
  });

  it('skips what is no DICOM, and says how many', async () => {
    const mixed = join(folder, 'mixed');
    cpSync(series, mixed, { recursive: true });
    writeFileSync(join(mixed, 'README.txt'), 'Viewer for Windows');
    writeFileSync(join(mixed, 'autorun.inf'), '[autorun]');
    mkdirSync(join(mixed, 'pictures'));
    writeFileSync(join(mixed, 'pictures', 'logo.png'), new Uint8Array(2000).fill(7));
    await dropFiles(app.page, [mixed]);
    const asMixed = await expectSeries();
    expect(asMixed.note).toMatch(/^3 files were skipped/);
    expect(changedPixels(asFolder.shown, asMixed.shown)).toBe(0);
  });

  it('says so where there is nothing in it, and stays where it is', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    await dropFiles(app.page, [empty]);
    await app.auricle.status.alerts.first().waitFor();
    expect(await app.auricle.status.alerts.first().innerText()).toContain(
      'There are no files in what was opened.',
    );
    expect(await app.auricle.start.welcome.isVisible()).toBe(true);
  });
});
