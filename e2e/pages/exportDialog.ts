import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';

const SURFACES = ['closed', 'wall', 'shell', 'simulation'] as const;
const FORMATS = ['stl', 'stl-ascii', 'obj', 'ply', 'vtp', '3mf', 'glb'] as const;
const MASKS = ['nrrd', 'nii.gz'] as const;
const DOCUMENTS = [
  'pdf',
  'html',
  'json',
  'csv',
  'summary-pdf',
  'summary-html',
  'registry-json',
  'registry-csv',
] as const;
const DICOM = [
  'dicom-seg',
  'dicom-labelmap',
  'dicom-stl',
  'dicom-obj',
  'dicom-sr',
  'dicom-sc',
  'dicom-report',
] as const;
const PATIENT = ['anonymous', 'scan'] as const;

export type ExportChoice =
  | (typeof SURFACES)[number]
  | (typeof FORMATS)[number]
  | (typeof MASKS)[number]
  | (typeof DOCUMENTS)[number]
  | (typeof DICOM)[number]
  | (typeof PATIENT)[number];

/** The dialog that chooses what to export. */
export function exportDialog(page: Page) {
  const dialog = page.getByTestId('export-dialog');
  return {
    dialog,
    run: page.getByTestId('export-run'),
    problem: page.getByTestId('export-problem'),
    dicomNote: page.getByTestId('export-dicom-note'),
    async open() {
      await page.getByTestId('export-open').click();
      await dialog.waitFor();
    },
    /** Selects exactly these. */
    async choose(choices: readonly ExportChoice[], frame: 'LPS' | 'RAS' = 'LPS') {
      for (const choice of [...SURFACES, ...FORMATS, ...MASKS, ...DOCUMENTS, ...DICOM, ...PATIENT])
        await page.getByTestId(`export-${choice}`).setChecked(choices.includes(choice));
      await page.getByTestId('export-frame').selectOption(frame);
    },
    /** Exports, and reads the download back: bytes by the names of the files. */
    async download(press: () => Promise<void> = () => page.getByTestId('export-run').click()) {
      const coming = page.waitForEvent('download');
      await press();
      const download = await coming;
      const bytes = new Uint8Array(await readFile(await download.path()));
      await dialog.waitFor({ state: 'detached' });
      const name = download.suggestedFilename();
      return name.endsWith('.zip') ? unzipSync(bytes) : { [name]: bytes };
    },
  };
}
