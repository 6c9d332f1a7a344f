import process from 'node:process';
import { loadVolume } from '#shared/dicom/loadVolume.ts';
import { readFileRange } from '../../src/main/studies/dicomFiles.ts';
import { loadSeries, requireBestSeries } from '../../src/main/studies/loadSeries.ts';
import { pixelCodecs } from '../../src/main/studies/pixelCodecs.ts';
import { scanDicomFolder } from '../../src/main/studies/scanDicomFolder.ts';

/** Wall and processor time, ms. */
export interface Times {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** From a folder to its volume in HU, as `auricle segment` begins; the start of Node itself is not in it. */
export async function timesOfLoad(folder: string, isOneCore: boolean): Promise<Times> {
  const [began, cpuBefore] = [performance.now(), process.cpuUsage()];
  const scan = await scanDicomFolder(folder, { isLoadedNext: !isOneCore });
  const { chosen, decoding } = requireBestSeries(scan);
  if (isOneCore) await loadVolume(chosen, readFileRange, pixelCodecs);
  else await loadSeries(chosen, {}, decoding);
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wallMs: performance.now() - began, cpuMs: (user + system) / 1000 };
}
