import type { Surroundings } from '#shared/contract/surroundings.ts';
import { UserError } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { FieldEngine, RegionEngine } from '#shared/nudf/engine/fieldEngine.ts';
import type { FieldNetworkSpec, RegionNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { JobOptions, OnProgress } from '#shared/progress.ts';
import { averageToGrid } from '#shared/volume/averageToGrid.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { roundVec } from '../meshing/index.ts';
import { detectRegion, type RegionResult } from '../nudf/region/detectRegion.ts';
import type { CropFrame } from '../surface/cropFrame.ts';
import { type ExtractedAppendage, extractAppendage } from '../surface/extraction/extractAppendage.ts';
import type { CapPlane } from '../surface/extraction/planarCap.ts';
import type { FieldFunction } from '../surface/field/fieldFunction.ts';
import { extractOpenAppendage } from '../surface/openSurface/extractOpenAppendage.ts';
import { type AppendageFilling, measureFilling } from './appendageFilling.ts';
import { type BloodContrast, measureContrast } from './contrast.ts';
import { findDarkRemainder } from './darkRemainder.ts';
import { findSurroundings, type MeasuredSurroundingsNetwork } from './findSurroundings.ts';
import { assessFitness, type Fitness, type FitnessEvidence, whyNothingFound } from './fitness.ts';
import { type FoundLandmark, findLandmarks, type WeighedPlane, weighPlane } from './ostiumLandmarks.ts';
import { offChances } from './pointConfidence.ts';
import { extractByPoisson } from './poissonMesher.ts';
import { valueWarnings } from './scanValues.ts';
import { type SettledCrop, settleCrop } from './settleCrop.ts';
import type { StageClock } from './stageClock.ts';
import { surroundingPlaces } from './surroundingPlaces.ts';
import { findThinGrey, type ThinGrey, withoutThinGrey } from './thinGrey.ts';
import {
  isAppendageCut,
  landmarkWarnings,
  scanWarnings,
  surfaceWarnings,
  thinGreyWarnings,
} from './warnings.ts';

/** What the pipeline must know of a field network: the cube that it sees. */
type FieldCube = Pick<FieldNetworkSpec, 'resolution' | 'edgeMm' | 'landmarks'>;

/** Both networks, each on an engine; the caller that opened the engines frees them. */
export interface SegmentationNetworks {
  readonly region: { readonly engine: RegionEngine; readonly spec: RegionNetworkSpec };
  readonly field: { readonly engine: FieldEngine; readonly spec: FieldCube };
  /** Missing where its model is not installed. */
  readonly surroundings?: MeasuredSurroundingsNetwork | undefined;
}

/** The cube to begin with; its centre follows what is found in it. */
export interface SegmentationStart {
  readonly centreLpsMm: Vec3;
  /** Edge of the cube, mm. Default: that of the cubes that the network was trained on. */
  readonly edgeMm?: number;
  /** The region network's confidence in that centre, 0 to 1; null or left out where a person or another phase gave it. */
  readonly confidence?: number | null;
}

/** By our own extraction, or as the NUDF paper does: a dense cloud, then screened Poisson reconstruction. */
export type Mesher = 'adaptive' | 'poisson';

export interface SegmentationOptions extends JobOptions {
  /** Where to begin; the region network is asked where this is left out. */
  readonly start?: SegmentationStart;
  /** Is called with each cube before it is read; what it throws ends the work. */
  readonly onCube?: (cube: CropFrame) => void;
  /** Is called with what the confidence is computed from, also where the find is then refused. */
  readonly onEvidence?: (evidence: FitnessEvidence) => void;
  /** Is called with the surface and the field that it was drawn from, before the field is freed. */
  readonly onSurface?: (found: SurfaceWithField) => Promise<void>;
  /** Cells per axis of the finest evaluation. */
  readonly resolution: number;
  /** How the field becomes a surface. Default: `adaptive`. */
  readonly mesher?: Mesher;
  readonly clock: StageClock;
}

/** A surface, and the field that it was drawn from. */
export interface SurfaceWithField {
  readonly appendage: ExtractedAppendage;
  readonly field: FieldFunction;
  readonly frame: CropFrame;
}

/** What is found in a volume: surface and measures in LPS mm, and what must be said with them. */
export interface Segmentation {
  /** Where it began: as the caller said, else where the region network found the appendage. */
  readonly start: SegmentationStart;
  /** The region network's confidence, in this call or earlier; null where a person or another phase gave the centre. */
  readonly confidence: number | null;
  /** The cube that the result was computed in. */
  readonly frame: CropFrame;
  readonly appendage: ExtractedAppendage;
  /** Present where the field network knows landmarks and an ostium was found. */
  readonly landmarks?: OstiumLandmarks | undefined;
  readonly contrast: BloodContrast;
  /** What surrounds it; null where no network looked, or the find cannot be relied on. */
  readonly surroundings: Surroundings | null;
  /** Present where contrast does not fill all of it. */
  readonly filling?: AppendageFilling | undefined;
  /** For each vertex of the closed surface how likely it is off by more than 1 mm (pointConfidence.ts). */
  readonly offChances?: Float32Array<ArrayBuffer> | undefined;
  /** How far it can be relied on, and why no number of it is given. */
  readonly fitness: Fitness;
  /** Sentences that must travel with the result and with every later surface made from it. */
  readonly scanWarnings: readonly Failure[];
  /** Sentences that must travel with this surface. */
  readonly surfaceWarnings: readonly Failure[];
}

/** The landmarks of the ostium, and how sure its plane is with them. */
export interface OstiumLandmarks extends Omit<WeighedPlane, 'plane'> {
  readonly found: readonly FoundLandmark[];
  /** Distances of the landmarks from the plane that fits the ostium field alone, distal positive, mm. */
  readonly fromCapMm: readonly number[];
}

/** The shares of the stages in the progress that is reported. */
const PROGRESS = { region: [0, 0.2], crop: [0.2, 0.45], surface: [0.45, 1] } as const;

/**
 * From a CT volume to the appendage: region, cube, two fields, surface, ostium, measures.
 * @throws UserError where no appendage is found or the scan cannot show one; CancelledError when the signal fires.
 */
export async function segmentAppendage(
  volume: VolumeHu,
  networks: SegmentationNetworks,
  options: SegmentationOptions,
): Promise<Segmentation> {
  const { clock, signal } = options;
  const report = (part: keyof typeof PROGRESS, stage: string): OnProgress => {
    const [from, to] = PROGRESS[part];
    return ({ fraction }) => options.onProgress?.({ stage, fraction: from + (to - from) * fraction });
  };
  const jobOptions = (onProgress: OnProgress): JobOptions => ({
    onProgress,
    ...withoutUndefined({ signal }),
  });

  const start: SegmentationStart =
    options.start ??
    (await clock.time('region', () =>
      findStart(volume, networks.region, jobOptions(report('region', 'Finding the appendage'))),
    ));

  const { engine, spec } = networks.field;
  report('crop', 'Reading the region')({ stage: '', fraction: 0 });
  const settled = await clock.time('encode', () =>
    settleCrop(volume, engine, spec.resolution, start.centreLpsMm, {
      signal,
      onCube: options.onCube,
      edgeMm: start.edgeMm,
    }),
  );
  try {
    const { frame } = settled;
    const { appendage, landmarks, grey } = await clock.time('surface', () =>
      drawSurface(volume, settled, networks.field, options, report('surface', 'Drawing the surface')),
    );
    const { onSurface } = options;
    if (onSurface) {
      const found = { appendage, field: settled.evaluateFully, frame };
      await clock.time('preview', () => onSurface(found));
    }
    const { confidence = null } = start;
    const judged = await judgeSurface(volume, appendage, frame, networks.region, options);
    const { contrast, filling, fitness } = judged;
    const remainder = engine.isUnsigned
      ? undefined
      : await clock.time('measure', () =>
          findDarkRemainder(
            volume,
            { appendage, field: settled.evaluateFully, frame },
            contrast.atriumHu ?? contrast.appendageHu,
            signal,
          ),
        );
    const surroundings = await clock.time('surroundings', () =>
      lookAround(volume, networks, frame, { appendage, fitness }, signal),
    );
    return {
      start,
      confidence,
      frame,
      surroundings,
      appendage,
      landmarks,
      ...judged,
      scanWarnings: [
        ...valueWarnings(volume),
        ...scanWarnings(
          appendage,
          contrast,
          fitness.confidence ?? confidence,
          fitness.unfit,
          filling,
          remainder,
        ),
      ],
      surfaceWarnings: [
        ...surfaceWarnings(appendage, isAppendageCut(appendage, contrast)),
        ...landmarkWarnings(
          landmarks && { ...landmarks, spreadsMm: landmarks.found.map(({ spreadMm }) => spreadMm) },
        ),
        ...thinGreyWarnings(grey),
      ],
    };
  } finally {
    settled.crop.free();
  }
}

/** What surrounds the appendage in that cube, where a network can look for it and the find is fit for numbers. */
async function lookAround(
  volume: VolumeHu,
  { surroundings }: SegmentationNetworks,
  { centreLpsMm }: CropFrame,
  { appendage: { ostium }, fitness: { unfit } }: Pick<Segmentation, 'appendage' | 'fitness'>,
  signal: AbortSignal | undefined,
): Promise<Surroundings | null> {
  if (!surroundings || unfit) return null;
  // As the report has it, by which the application asks for the same.
  const field = await findSurroundings(volume, surroundings, roundVec(centreLpsMm), signal);
  return surroundingPlaces(field, surroundings.errorsMm, ostium.found ? ostium.rimLpsMm : []);
}

/**
 * The surface, and the landmarks that settled its ostium where the network knows any; drawn anew without what of it is
 * thin grey tissue. @throws UserError where none is found
 */
async function drawSurface(
  volume: VolumeHu,
  { crop, frame, evaluateFully }: SettledCrop,
  { engine, spec }: SegmentationNetworks['field'],
  { resolution, mesher, signal }: SegmentationOptions,
  onProgress: OnProgress,
): Promise<Pick<Segmentation, 'appendage' | 'landmarks'> & { readonly grey?: ThinGrey }> {
  const adaptive = engine.isUnsigned ? extractOpenAppendage : extractAppendage;
  const extract = mesher === 'poisson' ? extractByPoisson : adaptive;
  let landmarks: OstiumLandmarks | undefined;
  const names = spec.landmarks;
  const settleCap =
    names &&
    (async (cap: CapPlane, rimLpsMm: readonly Vec3[]): Promise<CapPlane> => {
      const found = await findLandmarks(evaluateFully, frame, names, rimLpsMm, signal);
      const { plane, ...sureness } = weighPlane(cap.plane, found);
      const fromCapMm = found.map(({ pointLpsMm }) =>
        dot(subtract(pointLpsMm, cap.plane.pointLpsMm), cap.plane.normal),
      );
      landmarks = { found, fromCapMm, ...sureness };
      return { plane, radiusMm: cap.radiusMm };
    });
  const field: FieldFunction = (points, pointsSignal) => crop.evaluate(points, pointsSignal);
  const draw = async (
    from: FieldFunction,
    onFraction?: (fraction: number) => void,
  ): Promise<ExtractedAppendage> => {
    const drawn = await extract(from, frame, { resolution, settleCap }, signal, onFraction);
    if (!drawn.found) throw new UserError(whyNothingFound(volume, frame.centreLpsMm));
    return drawn;
  };
  const appendage = await draw(field, (fraction) => onProgress({ stage: '', fraction }));
  const grey = engine.isUnsigned ? undefined : findThinGrey(volume, appendage);
  if (!grey) return { appendage, landmarks };
  // Rare, and so not part of the progress, which would run back.
  return { appendage: await draw(withoutThinGrey(field, frame, grey)), landmarks, grey };
}

/** What the scan says about a surface: how the blood in and round it is enhanced, and how far it can be relied on. */
async function judgeSurface(
  volume: VolumeHu,
  appendage: ExtractedAppendage,
  { centreLpsMm }: CropFrame,
  region: SegmentationNetworks['region'],
  { clock, signal, onEvidence }: SegmentationOptions,
): Promise<Pick<Segmentation, 'contrast' | 'filling' | 'fitness' | 'offChances'>> {
  const { ostium } = appendage;
  const contrast = await clock.time('measure', () =>
    measureContrast(
      volume,
      appendage.closed,
      ostium.found
        ? { centreLpsMm: ostium.measures.centreLpsMm, normal: ostium.planeNormal, wall: ostium.wall }
        : null,
    ),
  );
  const filling = await clock.time('measure', () =>
    ostium.found && !appendage.open?.isRagged
      ? measureFilling(volume, appendage, ostium, contrast.atriumHu)
      : undefined,
  );
  const fitness = await clock.time('fitness', () =>
    assessFitness(
      { volume, appendage, contrast, centreLpsMm },
      { engine: region.engine, resolution: region.spec.resolution },
      { signal, onEvidence },
    ),
  );
  return {
    contrast,
    filling,
    fitness,
    offChances: await clock.time('measure', () => offChances(appendage, volume)),
  };
}

/** Where the region network finds the appendage in the whole volume. */
export const findStart = (
  volume: VolumeHu,
  { engine, spec }: SegmentationNetworks['region'],
  job?: JobOptions,
): Promise<RegionResult> =>
  detectRegion(volume.grid, (grid) => averageToGrid(volume, grid), engine, spec.resolution, job);
