import type { SegmentationReport } from '#shared/contract/report.ts';
import type { EngineStatus } from '#shared/contract/services/app.ts';
import type {
  FoundSurroundings,
  Region,
  SegmentedAppendage,
} from '#shared/contract/services/segmentation.ts';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { rasterizeClosedMesh } from '#shared/mesh/rasterize.ts';
import { awaitingSurroundings } from '#shared/planning/awaitedSurroundings.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { Volume, VolumeHu } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { APPENDAGE_CUBE_EDGE_MM } from '../surface/cropFrame.ts';
import { unfilledSurface } from './appendageFilling.ts';
import { buildReport, type ReportInput, usedModel } from './buildReport.ts';
import { cropReach } from './cropReach.ts';
import { findSurroundings } from './findSurroundings.ts';
import { leftAtriumNear } from './leftAtriumNear.ts';
import { measuredAppendage, unsharedBytes, unsharedMesh } from './measuredAppendage.ts';
import {
  loadNetworkModels,
  type ModelChoice,
  type NetworkModels,
  type NetworkOptions,
  type OpenNetworks,
  openNetworks,
} from './networks.ts';
import {
  findStart,
  type Mesher,
  type Segmentation,
  type SegmentationOptions,
  type SegmentationStart,
  segmentAppendage,
} from './segmentAppendage.ts';
import { createStageClock, type StageClock } from './stageClock.ts';
import { surroundingPlaces } from './surroundingPlaces.ts';
import { openViewerNetworks, type Viewer } from './viewerNetworks.ts';
import { isAppendageCut } from './warnings.ts';

export interface SessionOptions extends NetworkOptions {
  readonly programVersion: string;
}

export interface InferenceOptions extends SessionOptions, Pick<ModelChoice, 'modelsFolder' | 'surroundings'> {
  /** The model that draws the surface; the bundled one where left out. */
  readonly fieldModel?: string;
}

/** What is segmented, and what the report says about where it came from. */
interface SegmentRequest {
  readonly source: SegmentationReport['source'];
  /** What was noticed on the way to the volume (geometry, slices), one sentence each. */
  readonly seriesWarnings: readonly Failure[];
  /** Cells per axis of the finest evaluation. */
  readonly resolution: number;
  readonly mesher?: Mesher;
}

/** A whole scan to segment. */
export interface SegmentScanRequest extends SegmentRequest {
  readonly volume: VolumeHu;
  /** Where to begin; the region network is asked where this is left out. */
  readonly start?: SegmentationStart;
  /** Is called with the surface before it is measured. */
  readonly onSurface?: SegmentationOptions['onSurface'];
  /** Already holds the times of the stages before; its seconds go into the report. */
  readonly clock: StageClock;
}

/** A part of a scan to segment, cut out round the region. */
export interface SegmentCropRequest extends SegmentRequest {
  /** The scan's own voxels round the region; see cropReach.ts for how far. */
  readonly crop: Volume<Int16Array>;
  /** The cube to begin with; its centre follows what is found in it. */
  readonly region: Region;
}

/** Where to look for what surrounds an appendage that was segmented in this crop. */
export interface LookAroundRequest {
  readonly crop: Volume<Int16Array>;
  /** The middle of the cube that the result was computed in. */
  readonly centreLpsMm: Vec3;
  /** Null where there is no ostium. */
  readonly ostiumLpsMm: Vec3 | null;
  /** A closed polyline of 3·n coordinates; null where there is no ostium. */
  readonly rimLpsMm: Float32Array | null;
}

export interface SegmentedScan {
  readonly segmentation: Segmentation;
  readonly report: SegmentationReport;
}

/** Both networks on one engine, loaded once, for any number of scans; one call at a time. */
export interface InferenceSession {
  /** What computes now; its remarks grow when a device fails and another engine goes on. */
  status(): EngineStatus;
  /** Finds the appendage in a whole scan, averaged or not. Throws a UserError where nothing looks like one. */
  findRegion(coarse: Volume<Int16Array>, job?: JobOptions): Promise<Region>;
  /** Segments a whole scan. Throws a UserError where no appendage can be told from it; CancelledError. */
  segmentScan(request: SegmentScanRequest, job?: JobOptions): Promise<SegmentedScan>;
  /**
   * The same on a crop, as the application shows it; what surrounds the appendage is left for `lookAround`. Throws a UserError
   * also where the crop does not reach far enough.
   */
  segment(request: SegmentCropRequest, job?: JobOptions): Promise<SegmentedAppendage>;
  /** What surrounds a segmented appendage. Throws a UserError where no network is there that knows. */
  lookAround(request: LookAroundRequest, job?: JobOptions): Promise<FoundSurroundings>;
  /**
   * The same on a page's graphics processor; this session goes on in its place where that fails. Freed before this one.
   */
  onViewer(viewer: Viewer): Promise<InferenceSession>;
  free(): Promise<void>;
}

/**
 * Loads both models, verified, and starts the engine.
 * @throws UserError where a model is damaged or an engine that was asked for by name is not available
 */
export const createInferenceSession = async (options: InferenceOptions): Promise<InferenceSession> =>
  openInferenceSession(
    await loadNetworkModels(
      withoutUndefined({
        modelsFolder: options.modelsFolder,
        surroundings: options.surroundings,
        fieldModels: options.fieldModel === undefined ? undefined : [options.fieldModel],
      }),
    ),
    options,
  );

/** A session on models that are loaded already; see {@link openNetworks} for the engine and for errors. */
export async function openInferenceSession(
  models: NetworkModels,
  options: SessionOptions,
): Promise<InferenceSession> {
  return sessionOn(await openNetworks(models, options), options.programVersion);
}

function sessionOn(networks: OpenNetworks, programVersion: string): InferenceSession {
  return {
    status: () => statusOf(networks),
    findRegion: (coarse, job) => findRegion(networks, coarse, job),
    segmentScan: (request, job) => segmentScan(networks, programVersion, request, job),
    segment: (request, job) => segmentCrop(networks, programVersion, request, job),
    lookAround: (request, job) => lookAround(networks, request, job),
    onViewer: async (viewer) => sessionOn(await openViewerNetworks(viewer, networks), programVersion),
    free: () => networks.free(),
  };
}

const statusOf = ({ field: { engine }, remarks }: OpenNetworks): EngineStatus => ({
  state: 'ready',
  id: engine.id,
  device: engine.device,
  remarks: remarks(),
});

async function findRegion(
  { region }: OpenNetworks,
  coarse: Volume<Int16Array>,
  job?: JobOptions,
): Promise<Region> {
  const { centreLpsMm, confidence } = await findStart(coarse, region, job);
  return { centreLpsMm, edgeMm: APPENDAGE_CUBE_EDGE_MM, confidence };
}

async function segmentScan(
  networks: OpenNetworks,
  programVersion: string,
  { volume, start, source, seriesWarnings, resolution, mesher, clock, onSurface }: SegmentScanRequest,
  job: JobOptions = {},
): Promise<SegmentedScan> {
  const segmentation = await segmentAppendage(volume, networks, {
    ...job,
    ...withoutUndefined({ start, mesher, onSurface }),
    clock,
    resolution,
  });
  const report = reportOf(networks, { programVersion, source, segmentation, clock, seriesWarnings });
  return { segmentation, report };
}

async function segmentCrop(
  networks: OpenNetworks,
  programVersion: string,
  { crop, region, source, seriesWarnings, resolution }: SegmentCropRequest,
  job: JobOptions = {},
): Promise<SegmentedAppendage> {
  const clock = createStageClock();
  const segmentation = await segmentAppendage(crop, withoutSurroundings(networks), {
    ...job,
    clock,
    resolution,
    start: region,
    onCube: cropReach(crop.grid, region),
  });
  const { appendage, contrast, filling, offChances = null } = segmentation;
  const labels = await clock.time('labels', () => rasterizeClosedMesh(appendage.closed, crop.grid));
  const unfilled = filling ? unfilledSurface(filling) : null;
  const report = reportOf(withoutSurroundings(networks), {
    programVersion,
    source,
    segmentation,
    clock,
    seriesWarnings,
  });
  const isLookedAround = networks.surroundings !== undefined && !segmentation.fitness.unfit;
  return {
    appendage: measuredAppendage(segmentation, report),
    labels: { grid: crop.grid, data: unsharedBytes(labels) },
    report: isLookedAround ? awaitingSurroundings(report) : report,
    isCut: isAppendageCut(appendage, contrast),
    unfilled: unfilled && unsharedMesh(unfilled),
    offChances,
  };
}

const pointsIn = (coordinates: Float32Array | null): Vec3[] =>
  Array.from({ length: (coordinates?.length ?? 0) / 3 }, (_, n): Vec3 => {
    const [x = 0, y = 0, z = 0] = coordinates?.subarray(3 * n, 3 * n + 3) ?? [];
    return [x, y, z];
  });

const withoutSurroundings = (networks: OpenNetworks): OpenNetworks => ({
  ...networks,
  models: { ...networks.models, surroundings: undefined },
  surroundings: undefined,
});

async function lookAround(
  { surroundings: network, models }: OpenNetworks,
  { crop, centreLpsMm, ostiumLpsMm, rimLpsMm }: LookAroundRequest,
  { signal }: JobOptions = {},
): Promise<FoundSurroundings> {
  if (!network || !models.surroundings) throw new UserError(failure('pipeline.no-surroundings-network'));
  const clock = createStageClock();
  const field = await clock.time('surroundings', () => findSurroundings(crop, network, centreLpsMm, signal));
  const atrium = ostiumLpsMm && leftAtriumNear(field, ostiumLpsMm);
  return {
    surroundings: surroundingPlaces(field, network.errorsMm, pointsIn(rimLpsMm)),
    atrium: atrium && { grid: atrium.grid, distancesMm: new Float32Array(atrium.distancesMm) },
    model: usedModel(models.surroundings),
    seconds: clock.seconds().surroundings ?? 0,
  };
}

/** The report with models and engine as they are after the work: the engine may have changed on the way. */
function reportOf(
  { models, field: { engine }, remarks }: OpenNetworks,
  { clock, ...rest }: Omit<ReportInput, 'models' | 'engine' | 'secondsPerStage'> & { clock: StageClock },
): SegmentationReport {
  return buildReport({
    ...rest,
    models: [models.region, ...models.fields, ...(models.surroundings ? [models.surroundings] : [])],
    engine: { id: engine.id, device: engine.device, reasons: remarks() },
    secondsPerStage: clock.seconds(),
  });
}
