import type { DeviceTable } from '#shared/contract/planning.ts';
import { reportInWords, type SegmentationReport } from '#shared/contract/report.ts';
import { rasterizeClosedMesh, rasterizeOnSlices } from '#shared/mesh/rasterize.ts';
import { planDevices } from '#shared/planning/deviceFit.ts';
import { distancesFromOstium } from '#shared/planning/nearbyDistances.ts';
import { type PlacedLabels, placeOfStack } from '../interchange/gzipSlices.ts';
import { encodeNrrd } from '../interchange/nrrd.ts';
import { encodeStl } from '../interchange/stl.ts';
import { lumenProfile, profileCsv } from '../planning/index.ts';
import { measuredAppendage } from './measuredAppendage.ts';
import { resultPreview } from './resultPreview.ts';
import type { SegmentedStudy } from './segmentStudy.ts';
import { createStageClock } from './stageClock.ts';

/** The names that a result's files can have: those of an earlier result are removed when a new one is written. */
export const RESULT_FILE_NAMES = [
  'laa-closed.stl',
  'laa-wall.stl',
  'mask.nrrd',
  'preview.png',
  'profile.csv',
  'report.json',
] as const;

/** What devices are planned with. */
export interface PlanningChoice {
  readonly tables: readonly DeviceTable[];
  /** The reader's landing zone; null: each table's own. */
  readonly landingZoneMm: number | null;
}

/**
 * The files of a result, by name: the closed lumen and the open wall as STL, the mask on the scan's own slices as NRRD,
 * the picture, the sizes along the centre line, the report. Without an ostium there is no open wall, and no
 * `laa-wall.stl`.
 */
export async function resultFiles(
  study: SegmentedStudy,
  { tables, landingZoneMm }: PlanningChoice,
): Promise<{ files: Map<string, Uint8Array | string>; report: SegmentationReport }> {
  const { volume, segmentation, report } = study;
  const { appendage } = segmentation;
  const clock = createStageClock();
  const files = new Map<string, Uint8Array | string>();
  await clock.time('files', async () => {
    files.set('laa-closed.stl', encodeStl(appendage.closed, 'closed lumen, research use only'));
    if (appendage.ostium.found) {
      files.set('laa-wall.stl', encodeStl(appendage.ostium.wall, 'open wall, research use only'));
    }
    const own = report.source.correction?.slices;
    const mask: PlacedLabels =
      own === undefined
        ? { grid: volume.grid, data: rasterizeClosedMesh(appendage.closed, volume.grid) }
        : { ...placeOfStack(own), data: Buffer.concat([...rasterizeOnSlices(appendage.closed, own)]) };
    files.set('mask.nrrd', encodeNrrd(mask));
  });
  // Compressed in another thread while this one goes on.
  const preview = await clock.time('preview', () => ({ png: resultPreview(study) }));
  const measured = measuredAppendage(segmentation, report);
  const profile = await clock.time('profile', () => lumenProfile(measured));
  files.set('preview.png', await clock.time('preview', () => preview.png));
  files.set('profile.csv', profileCsv(profile));
  const complete: SegmentationReport = {
    ...report,
    planning: planDevices(
      tables,
      { measurements: report, profile },
      landingZoneMm,
      distancesFromOstium(measured, report),
    ),
    secondsPerStage: { ...report.secondsPerStage, ...clock.seconds() },
    peakMemoryMib: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  files.set('report.json', `${JSON.stringify(reportInWords(complete), null, 2)}\n`);
  return { files, report: complete };
}
