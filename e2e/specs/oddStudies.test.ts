import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSliceHeader } from '#shared/dicom/parseSliceHeader.ts';
import { ctSlice, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';
import { isScan } from '../fixtures/pixels.ts';

const REFERENCE = resolve(import.meta.dirname, '../../../shared/data/dicom.tar.xz');
const isPresent = existsSync(REFERENCE);
const ofOthers = `studies of other makers${isPresent ? '' : ' (skipped: the reference data is not there)'}`;

/** What a radiologist should never have to read. */
const JARGON =
  /undefined|null|NaN|Error:|exception|\bUID\b|transfer syntax|\(\w{4},\w{4}\)|\/tmp|stack trace/i;

/** A line that is marked as unavailable is pressed all the same, as a person would. */
const UNAVAILABLE = { force: true } as const;

/** Folders of the reference data, with what is said of each of their series and of what lies beside them. */
const ODDITIES = [
  { folder: 'tilt_ge', series: [/unevenly spaced \(steps from 1\.08 to 7\.00 mm\)/] },
  {
    folder: 'pydicom',
    series: [/only one slice, which is not a volume\.$/, /only one slice/, /only one slice/],
    beside: /^In the file \S+: the file ends before its pixel data\./m,
    skipped: /^17 files were skipped/,
  },
  {
    folder: 'cornerstone_ct_transfer_syntaxes',
    series: [/^The file .* unreadable \(the image’s compression, JPEG [\w ]+, is not supported\)\.$/],
    beside: /the image’s compression, JPEG Full Progression, is not supported\./,
  },
  { folder: 'seg/rt_utils/oriented_data', series: [/covers only 13 mm, less than an appendage\.$/] },
  { folder: 'seg/rt_utils/mock_data', series: [/only 2 slices, which is not a volume\.$/] },
  { folder: 'seg/highdicom', series: [/only one slice/], skipped: /^8 files were skipped/ },
] as const satisfies readonly {
  folder: string;
  series: readonly RegExp[];
  beside?: RegExp;
  skipped?: RegExp;
}[];

const openFolder = async (app: Application, folder: string): Promise<void> => {
  await app.page.getByTestId('folder-input').setInputFiles(folder);
  await app.page.getByTestId('series').or(app.auricle.status.alerts).first().waitFor();
  await app.auricle.status.idle();
};

describe.skipIf(!isPresent)(ofOthers, () => {
  describeInBrowser('opened by their folder', () => {
    let app: Application;
    const folder = mkdtempSync(join(tmpdir(), 'auricle-e2e-odd-'));
    beforeAll(async () => {
      execFileSync('tar', ['xJf', REFERENCE, '-C', folder]);
      app = await openApplication();
    });
    afterAll(async () => {
      await app?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    for (const odd of ODDITIES) {
      it(`${odd.folder}: refused, series by series, in plain words`, async () => {
        const { auricle, page } = app;
        await openFolder(app, join(folder, 'dicom', odd.folder));
        const series = page.getByTestId('series');
        const lines = await series.locator('.series-refusal').allInnerTexts();
        expect(lines).toHaveLength(await series.count());
        for (const [at, refusal] of odd.series.entries()) {
          expect(lines[at]).toMatch(refusal);
          expect(await series.nth(at).getAttribute('aria-disabled')).toBe('true');
        }
        const beside = page.getByTestId('series-warnings');
        if ('beside' in odd) expect(await beside.innerText()).toMatch(odd.beside);
        const skipped = page.getByTestId('skipped-files');
        if ('skipped' in odd) expect(await skipped.innerText()).toMatch(odd.skipped);
        const everything = await page.locator('body').innerText();
        expect(everything).toContain('None of these series is a volume that can be shown');
        expect(everything).not.toMatch(JARGON);
        expect(await auricle.appendage.segmentButton.isEnabled()).toBe(false);
        // Choosing one all the same says why, and shows nothing that could be taken for a volume.
        await series.first().click(UNAVAILABLE);
        await auricle.status.alerts.filter({ hasText: lines[0] ?? '' }).waitFor();
        expect(await page.getByTestId('viewer-area').getAttribute('data-extent')).toBe('none');
      });
    }

    it('code streams without DICOM: says that there is no CT', async () => {
      await openFolder(app, join(folder, 'dicom', 'htj2k_codestreams'));
      await app.auricle.status.alerts.filter({ hasText: /^There is no CT in what was opened/ }).waitFor();
    });
  });
});

describeInBrowser('odd series beside a good one', () => {
  let app: Application;
  const folder = mkdtempSync(join(tmpdir(), 'auricle-e2e-beside-'));
  beforeAll(async () => {
    const samples = join(endToEnd.sampleData, 'samples');
    const sample = join(samples, readdirSync(samples)[0]!);
    const names = readdirSync(sample).sort().slice(60, 100);
    for (const name of names) cpSync(join(sample, name), join(folder, name));
    const parsed = parseSliceHeader(readFileSync(join(sample, names[0]!)));
    if (parsed.kind !== 'slice') throw new Error('The sample holds no slices.');
    const studyUid = parsed.header.identity.studyInstanceUid;
    const localiser = rampVolume(smallGrid({ sizeIjk: [64, 64, 2] }));
    mkdirSync(join(folder, 'scout'));
    for (const k of [0, 1]) {
      const changes = {
        '0008,0008': 'ORIGINAL\\PRIMARY\\LOCALIZER',
        '0008,103e': 'Topogram',
        '0020,000d': studyUid,
      };
      writeFileSync(join(folder, 'scout', `T${k}`), ctSlice(localiser, k, changes, 7));
    }
    app = await openApplication();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('an uneven scan is resampled when a person asks, and every view says so', async () => {
    const { auricle, page } = app;
    const gap = mkdtempSync(join(tmpdir(), 'auricle-e2e-gap-'));
    try {
      const names = readdirSync(folder).filter((name) => name !== 'scout');
      for (const name of names.filter((_, at) => at !== 17)) cpSync(join(folder, name), join(gap, name));
      await page.getByTestId('folder-input').setInputFiles(gap);
      const series = page.getByTestId('series').filter({ hasText: '39 slices' });
      expect(await series.innerText()).toContain('One slice is missing');
      await page.getByTestId('resample-series').click();
      await auricle.panes.whole();
      expect(await series.innerText()).toContain('resampled');
      expect(await page.getByTestId('series-warnings').innerText()).toContain('No slice was there between');
    } finally {
      rmSync(gap, { recursive: true, force: true });
    }
  });

  it('a localiser is listed with the reason, and the scan is chosen', async () => {
    const { auricle, page } = app;
    await page.getByTestId('folder-input').setInputFiles(folder);
    await auricle.panes.whole();
    const localiser = page.getByTestId('series').filter({ hasText: 'Topogram' });
    expect(await localiser.innerText()).toContain('The series is a localiser, not a volume.');
    expect(await localiser.getAttribute('aria-disabled')).toBe('true');
    const scan = page.getByTestId('series').filter({ hasText: '40 slices' });
    expect(await scan.getAttribute('aria-pressed')).toBe('true');
    expect(await page.getByTestId('series').count()).toBe(2);
    await localiser.click(UNAVAILABLE);
    await auricle.status.alerts.filter({ hasText: 'The series is a localiser, not a volume.' }).waitFor();
    // What is open stays open.
    expect(await scan.getAttribute('aria-pressed')).toBe('true');
    expect(await auricle.panes.count('axial', isScan)).toBeGreaterThan(10_000);
  });

  it('says of the short scan what is wrong with it before anything is computed', async () => {
    const warnings = await app.page.getByTestId('series-warnings').locator('li').allInnerTexts();
    expect(warnings.join('\n')).toMatch(/covers only 40 mm: parts of the left atrium may be cut off\./);
    expect(await app.auricle.appendage.review.count()).toBe(0);
  });
});
