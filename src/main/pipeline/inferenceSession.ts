import type { SegmentationReport } from '#shared/contract/report.ts';
import type { EngineStatus } from '#shared/contract/services/app.ts';
import type { Region, SegmentedAppendage } from '#shared/contract/services/segmentation.ts';
import { messageOf } from '#shared/errors.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import type { JobOptions } from '#shared/progress.ts';
import { averageToGrid } from '#shared/volume/averageToGrid.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { type LoadedModel, loadFieldModels, loadModelOfKind } from '../models/modelRegistry.ts';
import type { FieldEngine, RegionEngine } from '../nudf/engine/fieldEngine.ts';
import { type EngineChoice, type SelectedEngine, selectEngine } from '../nudf/engine/selectEngine.ts';
import { detectRegion } from '../nudf/region/detectRegion.ts';
import { APPENDAGE_CUBE_EDGE_MM } from '../surface/cropFrame.ts';
import { buildReport } from './buildReport.ts';
import { cropReach } from './cropReach.ts';
import { openFieldEngine } from './fieldEnsemble.ts';
import { measuredAppendage } from './measuredAppendage.ts';
import { segmentAppendage } from './segmentAppendage.ts';
import { createStageClock } from './stageClock.ts';
import { unsharedBytes } from './unsharedMemory.ts';
import { isAppendageCut } from './warnings.ts';

export interface InferenceOptions {
  readonly engine: EngineChoice;
  /** Threads of the CPU engine; by default as many as the machine offers. */
  readonly threads?: number;
  readonly modelsFolder?: string;
  readonly programVersion: string;
  /** What is to be said of the engine beside its own remarks: why it was started again, say. */
  readonly remarks?: readonly string[];
}

export interface SegmentCropRequest {
  /** The scan's own voxels round the region; see cropReach.ts for how far. */
  readonly crop: Volume<Int16Array>;
  /** The cube to begin with; its centre follows what is found in it. */
  readonly region: Region;
  readonly source: SegmentationReport['source'];
  readonly seriesWarnings: readonly string[];
  readonly resolution: number;
}

/** Both networks on one engine, loaded once, for any number of scans; one call at a time. */
export interface InferenceSession {
  /** What computes now; its remarks grow when a device fails and another engine goes on. */
  status(): EngineStatus;
  /** Finds the appendage in a whole scan, averaged or not. Throws a UserError where nothing looks like one. */
  findRegion(coarse: Volume<Int16Array>, job?: JobOptions): Promise<Region>;
  /** The pipeline of `auricle segment` on a crop. Throws a UserError where no appendage can be told from it. */
  segment(request: SegmentCropRequest, job?: JobOptions): Promise<SegmentedAppendage>;
  free(): Promise<void>;
}

interface Parts {
  readonly options: InferenceOptions;
  readonly models: readonly [
    LoadedModel<'region'>,
    readonly [LoadedModel<'field'>, ...LoadedModel<'field'>[]],
  ];
  readonly selected: SelectedEngine;
  readonly regionEngine: RegionEngine;
  readonly fieldEngine: FieldEngine;
}

/**
 * Loads both bundled models, verified, and starts the engine.
 * @throws UserError where a model is damaged or an engine that was asked for by name is not available
 */
export async function createInferenceSession(options: InferenceOptions): Promise<InferenceSession> {
  const folder = withoutUndefined({ folder: options.modelsFolder });
  const models = [
    await loadModelOfKind('region', undefined, folder),
    await loadFieldModels(undefined, folder),
  ] as const;
  const parts = await openEngines(options, models).catch((thrown: unknown) => {
    if (options.engine !== 'auto') throw thrown;
    const remark = `The engine did not start (${messageOf(thrown)}); ONNX Runtime on the processor is used.`;
    const remarks = [...(options.remarks ?? []), remark];
    return openEngines({ ...options, engine: 'onnx', remarks }, models);
  });
  return {
    status: () => statusOf(parts),
    findRegion: (coarse, job) => findRegion(parts, coarse, job),
    segment: (request, job) => segment(parts, request, job),
    async free() {
      await parts.regionEngine.free();
      await parts.fieldEngine.free();
      await parts.selected.free();
    },
  };
}

/** Starts the engine that was chosen and gives it both models; nothing of it is left where that fails. */
async function openEngines(options: InferenceOptions, models: Parts['models']): Promise<Parts> {
  const [region, fields] = models;
  const threads = withoutUndefined({ threads: options.threads });
  const selected = await selectEngine(options.engine, threads);
  const opened: { free(): Promise<void> }[] = [selected];
  try {
    const regionEngine = await selected.regionEngine(region.manifest.spec, region.weights);
    opened.unshift(regionEngine);
    const fieldEngine = await openFieldEngine(selected, fields);
    opened.unshift(fieldEngine);
    if (fieldEngine.id !== 'onnx') await warmUp(fieldEngine, fields[0].manifest.spec.resolution);
    return { options, models, selected, regionEngine, fieldEngine };
  } catch (thrown) {
    for (const part of opened) await part.free();
    throw thrown;
  }
}

const statusOf = (parts: Parts): EngineStatus => ({
  state: 'ready',
  id: parts.fieldEngine.id,
  device: parts.fieldEngine.device,
  remarks: remarksOf(parts),
});

const remarksOf = ({ options, selected }: Parts): string[] => [
  ...(options.remarks ?? []),
  ...selected.reasons,
];

/** Lets a graphics processor compile its programs before anyone waits for them. */
async function warmUp(engine: FieldEngine, resolution: number): Promise<void> {
  const crop = await engine.encode(new Float32Array(resolution ** 3));
  try {
    await crop.evaluate(new Float32Array(3));
  } finally {
    crop.free();
  }
}

async function findRegion(
  { models: [{ manifest }], regionEngine }: Parts,
  coarse: Volume<Int16Array>,
  job?: JobOptions,
): Promise<Region> {
  const { centreLpsMm, confidence } = await detectRegion(
    coarse.grid,
    (grid) => averageToGrid(coarse, grid),
    regionEngine,
    manifest.spec.resolution,
    job,
  );
  return { centreLpsMm, edgeMm: APPENDAGE_CUBE_EDGE_MM, confidence };
}

async function segment(
  parts: Parts,
  { crop, region, source, seriesWarnings, resolution }: SegmentCropRequest,
  job: JobOptions = {},
): Promise<SegmentedAppendage> {
  const { models, regionEngine, fieldEngine } = parts;
  const [regionModel, fieldModels] = models;
  const clock = createStageClock();
  const segmentation = await segmentAppendage(
    crop,
    {
      region: { engine: regionEngine, spec: regionModel.manifest.spec },
      field: { engine: fieldEngine, spec: fieldModels[0].manifest.spec },
    },
    {
      ...job,
      clock,
      resolution,
      centreLpsMm: region.centreLpsMm,
      edgeMm: region.edgeMm,
      confidence: region.confidence,
      onCube: cropReach(crop.grid, region),
    },
  );
  const { appendage, contrast } = segmentation;
  const labels = await clock.time('labels', () => rasterizeClosedMesh(appendage.closed, crop.grid));
  const report = buildReport({
    programVersion: parts.options.programVersion,
    source,
    segmentation,
    models: [regionModel, ...fieldModels] as readonly LoadedModel[],
    engine: { id: fieldEngine.id, device: fieldEngine.device, reasons: remarksOf(parts) },
    secondsPerStage: clock.seconds(),
    seriesWarnings,
  });
  return {
    appendage: measuredAppendage(segmentation, report),
    labels: { grid: crop.grid, data: unsharedBytes(labels) },
    report,
    isCut: isAppendageCut(appendage, contrast),
  };
}
