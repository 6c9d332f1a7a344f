import { DEFAULT_RESOLUTION } from '#shared/contract/services/app.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type GridLps, gridCentreLps, lpsToIjk } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { JobOptions, OnProgress } from '#shared/progress.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { loadUsedSeries, requireBestSeries } from '../studies/loadSeries.ts';
import { scanDicomFolder } from '../studies/scanDicomFolder.ts';
import { reportSource } from './buildReport.ts';
import {
  openInferenceSession,
  type SegmentedScan,
  type SegmentScanRequest,
  type SessionOptions,
} from './inferenceSession.ts';
import { loadNetworkModels, type ModelChoice } from './networks.ts';
import { type SurfaceToDraw, surfaceToDraw } from './resultDrawing.ts';
import type { Mesher } from './segmentAppendage.ts';
import { createStageClock } from './stageClock.ts';

export interface StudyOptions extends JobOptions, SessionOptions, ModelChoice {
  /** Cells per axis of the finest evaluation. Default: {@link DEFAULT_RESOLUTION}. */
  readonly resolution?: number;
  /** How the field becomes a surface. Default: `adaptive`. */
  readonly mesher?: Mesher;
  /** Where to begin, LPS mm; the region network is asked where this is left out. */
  readonly centreLpsMm?: Vec3;
  /** Whether unevenly spaced slices are resampled; else they are refused. */
  readonly resampleUneven?: boolean;
  /** Is called with the surface before it is measured: its picture and mask can be drawn meanwhile. */
  readonly onSurface?: (surface: SurfaceToDraw) => void;
}

export interface SegmentedStudy extends SegmentedScan {
  readonly volume: VolumeHu;
}

/** The shares of the stages in the progress that is reported. */
const PROGRESS = { headers: [0, 0.05], load: [0.05, 0.15], segment: [0.15, 1] } as const;

/**
 * From a folder of DICOM to the appendage and its report: what `auricle segment` does, short of writing files. Loads
 * the best series, then works as the application does, in a session for this one scan.
 * @throws UserError with one clear sentence; CancelledError when the signal fires. Engines are freed in every case.
 */
export async function segmentStudy(folder: string, options: StudyOptions): Promise<SegmentedStudy> {
  const { signal, onProgress, centreLpsMm, resolution = DEFAULT_RESOLUTION } = options;
  const clock = createStageClock();
  const job = (stage: keyof typeof PROGRESS): JobOptions => {
    const [from, to] = PROGRESS[stage];
    return { onProgress: span(onProgress, from, to), ...withoutUndefined({ signal }) };
  };

  // What is quick to check comes first: a wrong model id, then an unusable scan; starting the engine takes longest.
  const models = await clock.time('models', () => loadNetworkModels(options));
  const scan = await clock.time('headers', () =>
    scanDicomFolder(folder, { ...job('headers'), isLoadedNext: true }),
  );
  const used = requireBestSeries(scan, options);
  const { chosen, rejected } = used;
  const { volume, warnings: seriesWarnings } = await clock.time('load', () =>
    loadUsedSeries(used, job('load')),
  );

  if (centreLpsMm) refuseOutside(volume.grid, centreLpsMm);

  const session = await clock.time('engine', () => openInferenceSession(models, options));
  try {
    const source = reportSource({
      series: chosen,
      grid: volume.grid,
      otherSeries: rejected,
      skippedFiles: scan.skippedNonDicom + scan.problems.length,
    });
    const request = {
      volume,
      source,
      seriesWarnings,
      resolution,
      clock,
    };
    const start = centreLpsMm && { centreLpsMm };
    const { onSurface } = options;
    const begin: SegmentScanRequest['onSurface'] =
      onSurface &&
      (async ({ appendage }) => onSurface(surfaceToDraw(volume, appendage, source.correction?.slices)));
    const segmented = await session.segmentScan(
      { ...request, ...withoutUndefined({ start, mesher: options.mesher, onSurface: begin }) },
      job('segment'),
    );
    return { volume, ...segmented };
  } finally {
    await session.free();
  }
}

/** Throws a UserError where the point lies in none of the grid's voxels. */
function refuseOutside(grid: GridLps, centreLpsMm: Vec3): void {
  const isInside = lpsToIjk(grid, centreLpsMm).every(
    (index, axis) => index >= -0.5 && index <= (grid.sizeIjk[axis] ?? 0) - 0.5,
  );
  if (isInside) return;
  const rounded = (pointLpsMm: Vec3): string => pointLpsMm.map((mm) => String(Math.round(mm))).join(', ');
  throw new UserError(
    failure('pipeline.centre-outside', {
      centreLpsMm: rounded(centreLpsMm),
      scanCentreLpsMm: rounded(gridCentreLps(grid)),
    }),
  );
}

/** A span of the progress of the whole. */
const span = (onProgress: OnProgress | undefined, from: number, to: number): OnProgress => {
  return ({ stage, fraction }) => onProgress?.({ stage, fraction: from + (to - from) * fraction });
};
