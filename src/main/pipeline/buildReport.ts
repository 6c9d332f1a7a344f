import type { FillingReport, SegmentationReport } from '#shared/contract/report.ts';
import type { Measurements } from '#shared/contract/services/measured.ts';
import { withholdAll } from '#shared/contract/withholdAll.ts';
import { heartPhaseOf } from '#shared/dicom/heartPhases.ts';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import type { BestSeries } from '#shared/dicom/pickBestSeries.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { dot, subtract } from '#shared/geometry/vec3.ts';
import { resultNotice } from '#shared/modelTraining.ts';
import type { EngineId } from '#shared/nudf/engine/fieldEngine.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { measurementsOf, meshReportOf, round, roundOrNull, roundVec } from '../meshing/index.ts';
import type { ModelManifest } from '../models/modelManifest.ts';
import type { FoundLandmark } from './ostiumLandmarks.ts';
import type { Segmentation } from './segmentAppendage.ts';
import { isAppendageCut } from './warnings.ts';

export interface ReportInput {
  readonly programVersion: string;
  readonly source: SegmentationReport['source'];
  readonly segmentation: Segmentation;
  readonly models: readonly { readonly manifest: ModelManifest }[];
  readonly engine: { readonly id: EngineId; readonly device: string; readonly reasons: readonly Failure[] };
  readonly secondsPerStage: Readonly<Record<string, number>>;
  /** What was noticed on the way to the volume (geometry, slices). */
  readonly seriesWarnings: readonly Failure[];
}

/** Puts together what is reported. */
export function buildReport(input: ReportInput): SegmentationReport {
  const { source, segmentation, models, engine } = input;
  const { appendage, contrast, fitness, frame, confidence } = segmentation;
  const ostium = appendage.ostium.found ? appendage.ostium : null;
  return {
    format: 'auricle-report',
    formatVersion: 1,
    notice: resultNotice(models.map(({ manifest }) => manifest)),
    program: { name: 'Auricle', version: input.programVersion },
    coordinates: 'LPS mm',
    source,
    region: {
      centreLpsMm: roundVec(frame.centreLpsMm),
      edgeMm: frame.edgeMm,
      confidence: confidence === null ? null : round(confidence),
    },
    confidence: roundOrNull(fitness.confidence ?? undefined),
    unfit: fitness.unfit ?? null,
    ...reportedMeasurements(segmentation),
    ostiumLandmarks: reportedLandmarks(segmentation),
    surroundings: segmentation.surroundings,
    planning: null,
    filling: reportedFilling(segmentation),
    contrast: { atriumHu: roundOrNull(contrast.atriumHu), appendageHu: roundOrNull(contrast.appendageHu) },
    mesh: meshReportOf(appendage.quality, ostium?.wall ?? null, appendage.droppedPieces.length),
    models: models.map(usedModel),
    engine: { id: engine.id, device: engine.device, remarks: [...engine.reasons] },
    evaluatedPoints: appendage.evaluatedPoints.total,
    secondsPerStage: { ...input.secondsPerStage },
    peakMemoryMib: Math.round(process.resourceUsage().maxRSS / 1024),
    warnings: [...input.seriesWarnings, ...segmentation.scanWarnings, ...segmentation.surfaceWarnings],
  };
}

/** A model as reports name it. */
export const usedModel = ({
  manifest: { id, kind, sha256, trainedOn },
}: ReportInput['models'][number]): SegmentationReport['models'][number] => ({ id, kind, sha256, trainedOn });

/**
 * The numbers that are given. Volume and depth of an appendage that the scan cuts are withheld, everything of one with a
 * ragged rim, without an ostium, or of a scan that is not fit.
 */
function reportedMeasurements({ appendage, contrast, fitness }: Segmentation): Measurements {
  const { volumeMl, open } = appendage;
  const ostium = appendage.ostium.found && !open?.isRagged ? appendage.ostium : null;
  let notWhole: Failure | undefined;
  if (open?.isRagged) notWhole = failure('measure.rim-ragged');
  else if (isAppendageCut(appendage, contrast)) notWhole = failure('measure.appendage-cut');
  // What has no ostium ends anywhere.
  else if (!ostium) notWhole = failure('measure.no-ostium');
  return withholdAll(measurementsOf({ volumeMl, ostium }, notWhole), fitness.unfit);
}

/** The compartments, where the volume that they divide is given. */
function reportedFilling(segmentation: Segmentation): FillingReport | null {
  const { filling, fitness, appendage, contrast } = segmentation;
  if (!filling || fitness.unfit || isAppendageCut(appendage, contrast)) return null;
  return {
    filledMl: round(filling.filledMl),
    unfilledMl: round(filling.unfilledMl),
    uncertaintyMl: round(filling.uncertaintyMl),
    filledHu: roundOrNull(filling.filledHu),
    unfilledHu: round(filling.unfilledHu),
    fromDepthMm: round(filling.fromDepthMm),
    toDepthMm: round(filling.toDepthMm),
  };
}

/** The landmarks with their distances from the plane of the surface that is reported. */
function reportedLandmarks({ landmarks, appendage }: Segmentation): SegmentationReport['ostiumLandmarks'] {
  if (!landmarks || !appendage.ostium.found) return null;
  const [ridge, circumflex] = (['leftSuperiorVeinRidge', 'leftCircumflex'] as const).map((name) =>
    landmarks.found.find((landmark) => landmark.name === name),
  );
  if (!ridge || !circumflex) return null;
  const { planePointLpsMm, planeNormal } = appendage.ostium;
  const reported = ({ pointLpsMm, spreadMm }: FoundLandmark) => ({
    pointLpsMm: roundVec(pointLpsMm),
    spreadMm: round(spreadMm),
    fromPlaneMm: round(dot(subtract(pointLpsMm, planePointLpsMm), planeNormal)),
  });
  return {
    ridge: reported(ridge),
    circumflex: reported(circumflex),
    planeSdMm: round(landmarks.sdMm),
    planeSdDegrees: round(landmarks.sdDegrees),
  };
}

export interface ReportSourceInput {
  readonly series: ImageSeries;
  readonly grid: GridLps;
  readonly otherSeries: BestSeries['rejected'];
  readonly skippedFiles: number;
}

/** What a report says of the series that it was made from. */
export function reportSource({
  series,
  grid,
  otherSeries,
  skippedFiles,
}: ReportSourceInput): SegmentationReport['source'] {
  const { identity, labels } = series.slices[0]!.header;
  return {
    seriesInstanceUid: series.seriesInstanceUid,
    frameOfReferenceUid: identity.frameOfReferenceUid,
    firstSopInstanceUid: identity.sopInstanceUid,
    ...withoutUndefined({ firstFrameNumber: identity.frameNumber }),
    seriesDescription: labels.seriesDescription,
    sizeIjk: [...grid.sizeIjk],
    spacingMm: roundVec(grid.spacingMm),
    slices: series.slices.length,
    ...(series.geometry.kind === 'regular'
      ? withoutUndefined({ correction: series.geometry.correction })
      : {}),
    ...withoutUndefined({ heartPhase: heartPhaseOf(series) }),
    skippedFiles,
    otherSeries: [...otherSeries],
  };
}
