import type { SegmentationReport } from '#shared/contract/report.ts';
import { assessSeries } from '#shared/dicom/assessSeries.ts';
import { UserError } from '#shared/errors.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { JobOptions, OnProgress } from '#shared/progress.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { type LoadedModel, loadFieldModels, loadModelOfKind } from '../models/modelRegistry.ts';
import { type EngineChoice, selectEngine } from '../nudf/engine/selectEngine.ts';
import { loadSeries, requireBestSeries } from '../studies/loadSeries.ts';
import { scanDicomFolder } from '../studies/scanDicomFolder.ts';
import { buildReport } from './buildReport.ts';
import { openFieldEngine } from './fieldEnsemble.ts';
import { reportSource } from './reportSource.ts';
import { type Segmentation, segmentAppendage } from './segmentAppendage.ts';
import { createStageClock } from './stageClock.ts';

export interface StudyOptions extends JobOptions {
  readonly engine: EngineChoice;
  /** The field models' ids, whose mean is used; the bundled ones where left out. */
  readonly fieldModels?: readonly string[];
  readonly regionModel?: string;
  /** Threads of the CPU engine. */
  readonly threads?: number;
  readonly resolution?: number;
  readonly centreLpsMm?: Vec3;
  readonly programVersion: string;
}

export interface SegmentedStudy {
  readonly volume: VolumeHu;
  readonly segmentation: Segmentation;
  readonly report: SegmentationReport;
}

/** A span of the progress of the whole. */
const span = (onProgress: OnProgress | undefined, from: number, to: number): OnProgress => {
  return ({ stage, fraction }) => onProgress?.({ stage, fraction: from + (to - from) * fraction });
};

/**
 * From a folder of DICOM to the appendage and its report: what `auricle segment` does, short of writing files.
 * @throws UserError with one clear sentence; CancelledError when the signal fires.
 */
export async function segmentStudy(folder: string, options: StudyOptions): Promise<SegmentedStudy> {
  const { signal, onProgress } = options;
  const clock = createStageClock();
  const job = (from: number, to: number): JobOptions => ({
    onProgress: span(onProgress, from, to),
    ...(signal ? { signal } : {}),
  });

  const models = await clock.time(
    'models',
    async () =>
      [
        await loadModelOfKind('region', options.regionModel),
        await loadFieldModels(options.fieldModels),
      ] as const,
  );
  const scan = await clock.time('headers', () => scanDicomFolder(folder, job(0, 0.05)));
  const { chosen, rejected } = requireBestSeries(scan);
  const assessment = assessSeries(chosen);
  if (assessment.refusal !== undefined) throw new UserError(assessment.refusal);
  const volume = await clock.time('load', () => loadSeries(chosen, job(0.05, 0.15)));

  const threads = withoutUndefined({ threads: options.threads });
  const selected = await clock.time('engine', () => selectEngine(options.engine, threads));
  try {
    const [regionModel, fieldModels] = models;
    const regionEngine = await clock.time('engine', () =>
      selected.regionEngine(regionModel.manifest.spec, regionModel.weights),
    );
    const fieldEngine = await clock.time('engine', () => openFieldEngine(selected, fieldModels));
    try {
      const segmentation = await segmentAppendage(
        volume,
        {
          region: { engine: regionEngine, spec: regionModel.manifest.spec },
          field: { engine: fieldEngine, spec: fieldModels[0].manifest.spec },
        },
        {
          ...job(0.15, 1),
          clock,
          ...(options.centreLpsMm ? { centreLpsMm: options.centreLpsMm } : {}),
          ...withoutUndefined({ resolution: options.resolution }),
        },
      );
      const report = buildReport({
        programVersion: options.programVersion,
        source: reportSource({
          series: chosen,
          grid: volume.grid,
          otherSeries: rejected,
          skippedFiles: scan.skippedNonDicom + scan.problems.length,
        }),
        segmentation,
        models: [regionModel, ...fieldModels] as readonly LoadedModel[],
        engine: { id: fieldEngine.id, device: fieldEngine.device, reasons: selected.reasons },
        secondsPerStage: clock.seconds(),
        seriesWarnings: assessment.warnings,
      });
      return { volume, segmentation, report };
    } finally {
      await regionEngine.free();
      await fieldEngine.free();
    }
  } finally {
    await selected.free();
  }
}
