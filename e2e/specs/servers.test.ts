import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectNode } from '#main/dicomNetwork/classicNode.ts';
import { collectFiles } from '#main/dicomNetwork/index.ts';
import {
  type FakeDicomWeb,
  identityOfFile,
  startFakeDicomWeb,
} from '#main/dicomNetwork/testing/fakeDicomWeb.ts';
import {
  type Application,
  describeInBrowser,
  endToEnd,
  openApplication,
  WINDOW,
} from '../fixtures/application.ts';
import { isScan } from '../fixtures/pixels.ts';
import { screenshot } from '../fixtures/screenshot.ts';

/** Enough for a series that can be segmented, few enough to be fetched at once. */
const SLICES = 40;

/** The colour of the first segmentation beside the work; shaded in 3D. */
const isBeside = (red: number, green: number, blue: number): boolean =>
  blue > 90 && blue > 1.8 * red && green > 1.4 * red && blue > green;

/** The surface under review in the colours of small distances: amber no more. */
const isPale = (red: number, green: number, blue: number): boolean =>
  blue > 110 && Math.abs(red - green) < 60 && blue > 0.85 * red;

const SEGMENTATION = '1.2.840.10008.5.1.4.1.1.66.4';
const MEASUREMENT_REPORT = '1.2.840.10008.5.1.4.1.1.88.34';

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

describeInBrowser('a DICOM server', () => {
  let app: Application;
  let fake: FakeDicomWeb;
  let slicePaths: string[];
  beforeAll(async () => {
    const samples = join(endToEnd.sampleData, 'samples');
    const sample = join(samples, readdirSync(samples)[0]!);
    const names = readdirSync(sample)
      .sort()
      .slice(60, 60 + SLICES);
    slicePaths = names.map((name) => join(sample, name));
    fake = await startFakeDicomWeb({ files: names.map((name) => readFileSync(join(sample, name))) });
    app = await openApplication({ ownServer: true, prepared: endToEnd.sessionData });
    await app.auricle.start.shown();
  });
  afterAll(async () => {
    await app?.close();
    await fake?.close();
  });

  it('is none until a person adds one, whose address is shown', async () => {
    const { page } = app;
    await page.getByTestId('open-server').click();
    await page.getByTestId('from-server-dialog').getByText('Auricle speaks to none').waitFor();
    expect(fake.requests).toEqual([]);
    await page.getByTestId('add-first-server').click();
    await page.getByTestId('server-add').click();
    await page.getByTestId('server-form-name').fill('Archive');
    await page.getByTestId('server-form-address').fill('ftp://archive');
    await page.getByTestId('server-form-keep').click();
    await page.getByTestId('server-form-problem').getByText('is not the address').waitFor();
    await page.getByTestId('server-form-address').fill(fake.url);
    await page.getByTestId('server-form-authentication').selectOption('basic');
    await page.getByTestId('server-form-user').fill('alice');
    await page.getByTestId('server-form-secret').fill('secret');
    await page.getByTestId('server-form-keep').click();
    await page.getByTestId('server-check').click();
    await page.getByTestId('server-checked').getByText('It answers.').waitFor();
    expect(fake.requests.at(-1)?.headers.authorization).toBe(
      `Basic ${Buffer.from('alice:secret').toString('base64')}`,
    );
    await page.keyboard.press('Escape');
  });

  it('is searched for a series, which is fetched and shown, by the keyboard alone', async () => {
    const { page, auricle } = app;
    await page.getByTestId('open-server').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('server-address').innerText()).toBe(fake.url);
    await page.getByTestId('server-filter-patientName').focus();
    await page.keyboard.type('Doe');
    await page.keyboard.press('Enter');
    await page.getByTestId('server-study').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-testid=server-picture][data-ready]').waitFor();
    const series = page.getByTestId('server-series').first();
    await expect.poll(() => series.innerText()).toContain(`${SLICES} images`);
    await series.focus();
    await page.keyboard.press('Enter');
    await auricle.panes.whole();
    await auricle.panes.leave();
    expect(await page.getByTestId('series').innerText()).toContain(`${SLICES} slices`);
    await auricle.status.idle();
    expect(await auricle.panes.count('axial', isScan)).toBeGreaterThan(10_000);
    // The program speaks to the server no more.
    await page.getByTestId('status-server').waitFor({ state: 'detached' });
  });

  it('gets the results that were sent, as DICOM objects of the study', async () => {
    const { page, auricle } = app;
    await page.getByTestId('close-study').click();
    await page.getByTestId('restore-session').click();
    await auricle.status.idle();
    await page.getByTestId('send-open').click();
    fake.files.clear();
    await page.getByTestId('send-run').click();
    await page.getByTestId('alerts').getByText('2 objects are stored on Archive.').waitFor();
    const stored = [...fake.files.values()].map((file) => identityOfFile(file).sopClassUid);
    expect(stored.sort()).toEqual([SEGMENTATION, MEASUREMENT_REPORT]);
  });

  it('has a segmentation that is looked at beside the work, which stays as it is', async () => {
    const { page, auricle } = app;
    const isSegmentation = (one: Uint8Array): boolean => identityOfFile(one).sopClassUid === SEGMENTATION;
    const segmentation = [...fake.files.values()].find(isSegmentation)!;
    await auricle.appendage.tab('edit');
    await page.getByTestId('beside-input').setInputFiles({
      name: 'other.dcm',
      mimeType: 'application/dicom',
      buffer: Buffer.from(segmentation),
    });
    const numbers = page.getByTestId('beside-numbers');
    await numbers.getByText('95th percentile').waitFor();
    expect(await numbers.innerText()).toContain('Dice 1.000');
    expect(await page.getByTestId('beside-file').innerText()).toContain('Auricle');
    // An edit and its undoing change the numbers and bring them back; the surface stays.
    await page.getByTestId('operate-smooth').click();
    await auricle.appendage.remade(1);
    await auricle.appendage.tab('edit');
    await numbers.getByText('Dice 0.9').waitFor();
    // The same against the surface as first segmented: distances in colour, the other to the right in 3D.
    await page.getByTestId('comparison-choose').selectOption('original');
    const compared = page.getByTestId('comparison-numbers');
    await compared.getByText('largest').waitFor();
    await page.getByTestId('comparison-legend').waitFor();
    await expect.poll(() => page.getByTestId('comparison-measures').innerText()).toContain('Volume, mL');
    await expect.poll(() => auricle.panes.count('three', isPale)).toBeGreaterThan(300);
    await page.getByTestId('comparison-apart').click();
    await page.getByTestId('comparison-legend').scrollIntoViewIfNeeded();
    await screenshot(page, 'comparison');
    await auricle.appendage.undo.click();
    await numbers.getByText('Dice 1.000').waitFor();
    await compared.getByText('Dice 1.000').waitFor();
    await page.getByTestId('comparison-stop').click();
    await compared.waitFor({ state: 'detached' });
    await page.getByTestId('mesh-visible').click();
    await page.setViewportSize({ width: 1300, height: 800 });
    for (const pane of ['axial', 'three'] as const)
      await expect.poll(() => auricle.panes.count(pane, isBeside)).toBeGreaterThan(300);
    await page.getByTestId('beside-show').click();
    // The crosshair's lines are left, which are nearly of that colour.
    for (const pane of ['axial', 'three'] as const)
      await expect.poll(() => auricle.panes.count(pane, isBeside)).toBeLessThan(100);
    await page.getByTestId('beside-remove').click();
    await page.getByTestId('beside-file').waitFor({ state: 'detached' });
    await page.getByTestId('mesh-visible').click();
    await page.setViewportSize(WINDOW);
  });

  it('is the program itself once receiving is turned on, and its address is shown', async () => {
    const { page, auricle } = app;
    await page.getByTestId('open-server').click();
    expect(await page.getByTestId('received').count()).toBe(0);
    await page.getByTestId('server-settings').click();
    await page.getByTestId('receiving-address').getByText('Off').waitFor();
    await page.getByTestId('receiving-change').click();
    const port = await freePort();
    await page.getByTestId('receiving-port').fill(String(port));
    await page.getByTestId('receiving-keep').click();
    await page.getByTestId('receiving-problem').getByText('Name the AE titles').waitFor();
    await page.getByTestId('receiving-allowed').fill('SCANNER');
    await page.getByTestId('receiving-keep').click();
    await page.getByTestId('receiving-address').getByText(`AURICLE@127.0.0.1:${port}`).waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('status-receiving').getByText(`AURICLE@127.0.0.1:${port}`).waitFor();
    const scanner = { host: '127.0.0.1', port, calledAeTitle: 'AURICLE', callingAeTitle: 'SCANNER' };
    await connectNode(scanner).store(await collectFiles(slicePaths));
    await page.getByTestId('open-server').click();
    const row = page.getByTestId('received-series');
    await row.getByText(`${SLICES} images`).waitFor();
    // Long descriptions are wrapped within the dialog.
    const dialog = page.getByTestId('from-server-dialog');
    expect(await dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    await row.click();
    // The study that was open before is whole until then, too.
    await expect.poll(() => page.getByTestId('series').allInnerTexts()).toHaveLength(1);
    await expect.poll(() => page.getByTestId('series').first().innerText()).toContain(`${SLICES} slices`);
    await auricle.panes.whole();
  });

  it('says which studies it cannot list, and which patients share a study, and leaves out the others’ series', async () => {
    const { page } = app;
    const text = (vr: string, value: string) => ({ vr, Value: [value] });
    const of = (uid: string, patientId: string) => ({
      '00100020': text('LO', patientId),
      '0020000D': text('UI', uid),
    });
    const ofSeries = (uid: string, patientId: string) => ({
      ...of('1.2.3', patientId),
      '0020000E': text('UI', uid),
      '0008103E': text('LO', `Series of ${patientId}`),
    });
    fake.intercept = ({ path }, response) => {
      if (!/\/(studies|series)\?/.test(path)) return false;
      const found = path.includes('/series?')
        ? [ofSeries('1.2.3.1', 'ANNA-1'), ofSeries('1.2.3.2', 'BERTA-2')]
        : [of('1.2.3', 'ANNA-1'), of('1.2.3', 'BERTA-2'), of('study-7', 'CLARA-3')];
      response.writeHead(200, { 'content-type': 'application/dicom+json' });
      response.end(JSON.stringify(found));
      return true;
    };
    await page.getByTestId('open-server').click();
    await page.getByTestId('server-search').click();
    await page.getByTestId('server-studies-without-uid').getByText('is no DICOM UID').waitFor();
    await page.getByTestId('server-study').filter({ hasText: 'BERTA-2' }).click();
    await page.getByTestId('server-series-warning').getByText('2 patients share').waitFor();
    expect(await page.getByTestId('server-series').allInnerTexts()).toEqual([
      expect.stringContaining('Series of BERTA-2'),
    ]);
    fake.intercept = (request, response) => {
      if (!/\/studies\?/.test(request.path)) return false;
      response.writeHead(400).end();
      return true;
    };
    await page.getByTestId('server-back').click();
    await page.getByTestId('server-study').filter({ hasText: 'ANNA-1' }).click();
    await page.getByTestId('server-series-warning').getByText('is not known').waitFor();
    await page.getByTestId('server-back').click();
    await page.keyboard.press('Escape');
  });

  it('that is gone leaves what is open, with the reason', async () => {
    const { page } = app;
    await page.getByTestId('open-server').click();
    fake.intercept = (_, response) => {
      response.writeHead(401).end();
      return true;
    };
    await page.getByTestId('server-search').click();
    await page.getByTestId('server-status').getByText('refused the user name and password').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('workbench').waitFor();
  });
});
