import { RESEARCH_USE_NOTICE, type SegmentationReport } from '#shared/contract/report.ts';
import type { ImageSeries } from '#shared/dicom/imageSeries.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { findBoundaryLoops } from '#shared/mesh/topology.ts';
import type { VolumeHu } from '#shared/volume/volume.ts';
import type { LoadedModel } from '../models/modelRegistry.ts';
import type { EngineId } from '../nudf/engine/fieldEngine.ts';
import type { ExtractedOstium } from '../nudf/extraction/index.ts';
import type { Segmentation } from './segmentAppendage.ts';

export interface ReportInput {
  readonly programVersion: string;
  readonly series: ImageSeries;
  readonly otherSeries: readonly { readonly description: string; readonly reason: string }[];
  readonly skippedFiles: number;
  readonly volume: VolumeHu;
  readonly segmentation: Segmentation;
  readonly models: readonly LoadedModel[];
  readonly engine: { readonly id: EngineId; readonly device: string; readonly reasons: readonly string[] };
  readonly secondsPerStage: Readonly<Record<string, number>>;
  /** What was noticed on the way to the volume (geometry, slices), one sentence each. */
  readonly seriesWarnings: readonly string[];
}

/** Numbers are given to a thousandth; more would pretend a precision that nobody has. */
const round = (value: number): number => Math.round(value * 1000) / 1000;
const roundOrNull = (value: number | undefined): number | null => (value === undefined ? null : round(value));
const roundVec = ([x, y, z]: Vec3): [number, number, number] => [round(x), round(y), round(z)];

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
  const { series, volume, segmentation, models, engine } = input;
  const { appendage, contrast, frame, region, warnings } = segmentation;
  const { quality } = appendage;
  const ostium = appendage.ostium.found ? appendage.ostium : null;
  const identity = series.slices[0]!.header.identity;
  const isCut = appendage.truncated || contrast.shownShare < 0.995;
  return {
    format: 'auricle-report',
    formatVersion: 1,
    notice: RESEARCH_USE_NOTICE,
    program: { name: 'Auricle', version: input.programVersion },
    coordinates: 'LPS mm',
    source: {
      seriesInstanceUid: series.seriesInstanceUid,
      frameOfReferenceUid: identity.frameOfReferenceUid,
      seriesDescription: series.slices[0]!.header.labels.seriesDescription,
      sizeIjk: [...volume.grid.sizeIjk],
      spacingMm: roundVec(volume.grid.spacingMm),
      slices: series.slices.length,
      skippedFiles: input.skippedFiles,
      otherSeries: [...input.otherSeries],
    },
    region: {
      centreLpsMm: roundVec(frame.centreLpsMm),
      edgeMm: frame.edgeMm,
      confidence: region ? round(region.confidence) : null,
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
