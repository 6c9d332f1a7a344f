import type { DeviceTable } from '#shared/contract/planning.ts';
import { reportInWords, type SegmentationReport } from '#shared/contract/report.ts';
import { planDevices } from '#shared/planning/deviceFit.ts';
import { distancesFromOstium } from '#shared/planning/nearbyDistances.ts';
import { encodeStl } from '../interchange/stl.ts';
import { lumenProfile, profileCsv } from '../planning/index.ts';
import { measuredAppendage } from './measuredAppendage.ts';
import { drawHere, type ResultDrawing, surfaceToDraw } from './resultDrawing.ts';
import { previewTexts } from './resultPreview.ts';
import type { SegmentedStudy } from './segmentStudy.ts';
import { addedSeconds, createStageClock } from './stageClock.ts';

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
 * @param begun the drawing of picture and mask, where it has begun already; else both are drawn here
 */
export async function resultFiles(
  study: SegmentedStudy,
  { tables, landingZoneMm }: PlanningChoice,
  begun?: ResultDrawing,
): Promise<{ files: Map<string, Uint8Array | string>; report: SegmentationReport }> {
  const { volume, segmentation, report } = study;
  const { appendage } = segmentation;
  const clock = createStageClock();
  const files = new Map<string, Uint8Array | string>();
  const drawing = begun ?? drawHere();
  if (!begun) {
    const own = report.source.correction?.slices;
    await clock.time('preview', () => drawing.begin(surfaceToDraw(volume, appendage, own)));
  }
  // Goes on in another thread while this one does the rest; a failure is met below.
  const { picture } = await clock.time('preview', () => ({ picture: drawing.picture(previewTexts(report)) }));
  picture.catch(() => undefined);
  await clock.time('files', async () => {
    files.set('laa-closed.stl', encodeStl(appendage.closed, 'closed lumen, research use only'));
    if (appendage.ostium.found) {
      files.set('laa-wall.stl', encodeStl(appendage.ostium.wall, 'open wall, research use only'));
    }
  });
  const measured = measuredAppendage(segmentation, report);
  const profile = await clock.time('profile', () => lumenProfile(measured));
  files.set('mask.nrrd', await clock.time('files', () => drawing.mask()));
  files.set('preview.png', await clock.time('preview', () => picture));
  files.set('profile.csv', profileCsv(profile));
  const complete: SegmentationReport = {
    ...report,
    planning: planDevices(
      tables,
      { measurements: report, profile },
      landingZoneMm,
      distancesFromOstium(measured, report),
    ),
    secondsPerStage: addedSeconds(report.secondsPerStage, clock.seconds()),
    peakMemoryMib: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  files.set('report.json', `${JSON.stringify(reportInWords(complete), null, 2)}\n`);
  return { files, report: complete };
}
