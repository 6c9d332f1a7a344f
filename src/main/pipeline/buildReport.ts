import { RESEARCH_USE_NOTICE, type SegmentationReport } from '#shared/contract/report.ts';
import { findBoundaryLoops } from '#shared/mesh/topology.ts';
import type { LoadedModel } from '../models/modelRegistry.ts';
import type { EngineId } from '../nudf/engine/fieldEngine.ts';
import type { ExtractedOstium } from '../nudf/extraction/index.ts';
import { round, roundOrNull, roundVec } from './rounding.ts';
import type { Segmentation } from './segmentAppendage.ts';
import { isAppendageCut } from './warnings.ts';

export interface ReportInput {
  readonly programVersion: string;
  readonly source: SegmentationReport['source'];
  readonly segmentation: Segmentation;
  readonly models: readonly LoadedModel[];
  readonly engine: { readonly id: EngineId; readonly device: string; readonly reasons: readonly string[] };
  readonly secondsPerStage: Readonly<Record<string, number>>;
  /** What was noticed on the way to the volume (geometry, slices), one sentence each. */
  readonly seriesWarnings: readonly string[];
}

function ostiumOf(ostium: ExtractedOstium): NonNullable<SegmentationReport['ostium']> {
  const { measures, planeNormal } = ostium;
  return {
    centreLpsMm: roundVec(measures.centreLpsMm),
    normal: roundVec(planeNormal),
    areaMm2: round(measures.areaMm2),
    perimeterMm: round(measures.perimeterMm),
    maxDiameterMm: round(measures.maxDiameter.lengthMm),
    minDiameterMm: round(measures.minDiameter.lengthMm),
    areaDerivedDiameterMm: round(measures.areaDerivedDiameterMm),
    perimeterDerivedDiameterMm: round(measures.perimeterDerivedDiameterMm),
    eccentricity: round(measures.eccentricity),
  };
}

/** Puts together what is reported. Volume and depth of an appendage that the scan cuts are withheld. */
export function buildReport(input: ReportInput): SegmentationReport {
  const { source, segmentation, models, engine } = input;
  const { appendage, contrast, frame, confidence, warnings } = segmentation;
  const { quality } = appendage;
  const ostium = appendage.ostium.found ? appendage.ostium : null;
  const isCut = isAppendageCut(appendage, contrast);
  return {
    format: 'auricle-report',
    formatVersion: 1,
    notice: RESEARCH_USE_NOTICE,
    program: { name: 'Auricle', version: input.programVersion },
    coordinates: 'LPS mm',
    source,
    region: {
      centreLpsMm: roundVec(frame.centreLpsMm),
      edgeMm: frame.edgeMm,
      confidence: confidence === null ? null : round(confidence),
    },
    ostium: ostium && ostiumOf(ostium),
    volumeMl: isCut ? null : round(appendage.volumeMl),
    depthMm: isCut ? null : roundOrNull(ostium?.centreLine?.depthMm),
    depthToFirstBendMm: isCut ? null : roundOrNull(ostium?.centreLine?.depthToFirstBendMm),
    surfaceAreaMm2: isCut ? null : roundOrNull(ostium?.wallAreaMm2),
    contrast: { atriumHu: roundOrNull(contrast.atriumHu), appendageHu: roundOrNull(contrast.appendageHu) },
    mesh: {
      vertices: quality.vertices,
      faces: quality.faces,
      components: quality.components,
      watertight: quality.watertight,
      outwardNormals: quality.outward === true,
      manifold: quality.manifold,
      genus: quality.manifold ? quality.genus : null,
      selfIntersections: quality.selfIntersections,
      degenerateFaces: quality.degenerateFaces,
      minAngleDegrees: round(quality.minAngleDegrees),
      wallBoundaryLoops: ostium && findBoundaryLoops(ostium.wall).length,
      droppedPieces: appendage.droppedPieces.length,
    },
    models: models.map(({ manifest: { id, kind, sha256, trainedOn } }) => ({ id, kind, sha256, trainedOn })),
    engine: { id: engine.id, device: engine.device, remarks: [...engine.reasons] },
    evaluatedPoints: appendage.evaluatedPoints.total,
    secondsPerStage: { ...input.secondsPerStage },
    peakMemoryMib: Math.round(process.resourceUsage().maxRSS / 1024),
    warnings: [...input.seriesWarnings, ...warnings],
  };
}
