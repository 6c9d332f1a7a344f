import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { twelveBitJpeg } from '#main/studies/testing/twelveBitJpeg.ts';
import { encapsulatedSlice } from '#shared/dicom/testing/compressedFixtures.ts';
import { ctSlice, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { type Application, describeInBrowser, openApplication } from '../fixtures/application.ts';
import { changedPixels, countPixels, isScan, type PagePicture } from '../fixtures/pixels.ts';

/** Each is decoded by itself, slowly; so many cover as much as a series must. */
const SLICES = 14;
const STEP_MM = 3;
/** As the encoder stored the values of the slice. */
const INTERCEPT_HU = -2044;

const { rows, columns, codeStream, storedValues } = twelveBitJpeg();
const slice = Array.from(storedValues, (value) => value + INTERCEPT_HU);
/** The same slice at every position. */
const volume: Volume<Int16Array> = {
  grid: smallGrid({ sizeIjk: [columns, rows, SLICES], spacingMm: [1, 1, STEP_MM] }),
  data: Int16Array.from({ length: slice.length * SLICES }, (_, v) => slice[v % slice.length]!),
};
const compressed = (k: number): Uint8Array =>
  encapsulatedSlice(volume, k, '1.2.840.10008.1.2.4.51', [codeStream], {
    '0028,1052': String(INTERCEPT_HU),
    '0028,2110': '01',
  });
const plain = (k: number): Uint8Array => ctSlice(volume, k, { '0020,000e': '2.25.7' });

describeInBrowser('a scan compressed with loss to JPEG of 12 bits', () => {
  let app: Application;
  const asked: string[] = [];
  const folders: string[] = [];
  const folderOf = (bytesOf: (k: number) => Uint8Array): string => {
    const folder = mkdtempSync(join(tmpdir(), 'auricle-e2e-jpeg12-'));
    folders.push(folder);
    for (let k = 0; k < SLICES; k++) writeFileSync(join(folder, `slice-${k}.dcm`), bytesOf(k));
    return folder;
  };
  const decoder = (): URL[] =>
    asked.map((url) => new URL(url)).filter(({ pathname }) => /gdcm/i.test(pathname));

  beforeAll(async () => {
    app = await openApplication({ hearsRequests: true });
    app.context.on('request', (request) => void asked.push(request.url()));
  });
  afterAll(async () => {
    await app?.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const axialOf = async (bytesOf: (k: number) => Uint8Array): Promise<PagePicture> => {
    await app.page.getByTestId('folder-input').setInputFiles(folderOf(bytesOf));
    await app.page.getByTestId('series').waitFor();
    await app.auricle.panes.whole();
    // Ends the search for the region: that it finds nothing in one slice over and over is known after twelve runs of a network.
    await app.page.getByTestId('region-place').click();
    await app.auricle.status.idle();
    return app.auricle.panes.picture('axial');
  };

  it('looks as its decompressed copy does, and only then is the decoder fetched, from the program itself', async () => {
    const decompressed = await axialOf(plain);
    expect(countPixels(decompressed, isScan)).toBeGreaterThan(10_000);
    expect(decoder()).toEqual([]);
    await app.page.getByTestId('close-study').click();
    await app.page.getByTestId('drop-zone').waitFor();

    const picture = await axialOf(compressed);
    expect(changedPixels(picture, decompressed)).toBe(0);
    expect(await app.page.getByTestId('series-warnings').innerText()).toContain(
      'The images were compressed with loss: their values are not exact.',
    );
    const fetched = decoder();
    expect(fetched.map(({ pathname }) => pathname.split('.').at(-1))).toEqual(
      expect.arrayContaining(['zst', 'js']),
    );
    expect(new Set(fetched.map(({ origin }) => origin))).toEqual(new Set([app.server.origin]));
  });
});
