import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ctFiles, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { gridCentreLps, voxelCount } from '#shared/geometry/gridLps.ts';

const grid = smallGrid({ sizeIjk: [40, 40, 40], originLpsMm: [0, 0, 0], spacingMm: [2.2, 2.2, 2.2] });

/** A scan of 88 mm, all of it at 300 HU as blood with contrast. */
export const filledScan = { grid, data: new Int16Array(voxelCount(grid)).fill(300) };
export const filledScanCentreLpsMm = gridCentreLps(grid);

/** Writes the scan as DICOM to a folder of its own, which the caller removes. */
export async function filledStudyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'auricle-study-'));
  for (const [name, bytes] of ctFiles(filledScan)) await writeFile(join(folder, name), bytes);
  return folder;
}
