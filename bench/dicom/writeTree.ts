import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ctSliceElements, defaultCtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import { type ElementToWrite, writeDicomFile } from '#shared/dicom/writeElements.ts';
import { LPS_AXES } from '#shared/geometry/gridLps.ts';

const SLICES_A_SERIES = 250;
const SIZE = 512;

/** Studies as an archive exports them: folders of series with slices of 512 × 512, whose pixels take no room on the disk. */
export function writeTree(folder: string, files: number): void {
  for (let written = 0, series = 0; written < files; series++) {
    const slices = Math.min(SLICES_A_SERIES, files - written);
    const grid = {
      sizeIjk: [SIZE, SIZE, slices],
      spacingMm: [0.4, 0.4, 0.5],
      originLpsMm: [-100, -100, 0],
      directions: LPS_AXES,
    } as const;
    const place = join(folder, `patient${series >> 2}`, `series${series}`);
    mkdirSync(place, { recursive: true });
    const metadata = defaultCtSeriesMetadata(series + 1, grid);
    // The header is that of the whole size; filling in its pixels would take most of the time.
    const small = { grid: { ...grid, sizeIjk: [1, 1, slices] as const }, data: new Int16Array(slices) };
    for (let k = 0; k < slices; k++, written++) {
      const { meta, dataSet } = ctSliceElements(small, k, metadata);
      const bytes = writeDicomFile(meta, dataSet.map(ofWholeSize));
      const file = openSync(join(place, `IM${String(k).padStart(4, '0')}`), 'w');
      writeSync(file, bytes.subarray(0, bytes.length - PIXELS.length));
      ftruncateSync(file, bytes.length);
      closeSync(file);
    }
  }
}

const PIXELS = new Uint8Array(2 * SIZE * SIZE);
const ROWS_AND_COLUMNS = [0x00280010, 0x00280011];

function ofWholeSize(element: ElementToWrite): ElementToWrite {
  if (element.tag === 0x7fe00010) return { ...element, value: PIXELS };
  return ROWS_AND_COLUMNS.includes(element.tag) ? { ...element, value: SIZE } : element;
}
