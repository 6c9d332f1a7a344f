import { encode } from 'fast-png';
import { RESEARCH_USE_NOTICE, type SegmentationReport } from '#shared/contract/report.ts';
import type { ReportInput } from './reportInput.ts';

/** A result with every number, for tests of what is made of it. */
export const SEGMENTATION_REPORT: SegmentationReport = {
  format: 'auricle-report',
  formatVersion: 1,
  notice: RESEARCH_USE_NOTICE,
  program: { name: 'Auricle', version: '1.2.3' },
  coordinates: 'LPS mm',
  source: {
    seriesInstanceUid: '2.25.123',
    frameOfReferenceUid: '2.25.456',
    seriesDescription: 'CTA heart, 0.6',
    sizeIjk: [512, 512, 221],
    spacingMm: [0.4, 0.4, 0.68],
    slices: 221,
    skippedFiles: 0,
    otherSeries: [],
  },
  region: { centreLpsMm: [48, -27, -145], edgeMm: 70, confidence: 0.97 },
  ostium: {
    centreLpsMm: [45.474, -18.228, -150.733],
    normal: [0.278, -0.461, 0.843],
    areaMm2: 375.677,
    perimeterMm: 68.961,
    maxDiameterMm: 22.611,
    minDiameterMm: 21.039,
    areaDerivedDiameterMm: 21.871,
    perimeterDerivedDiameterMm: 21.951,
    eccentricity: 0.366,
  },
  volumeMl: 7.884,
  depthMm: 33.313,
  depthToFirstBendMm: 14.132,
  surfaceAreaMm2: 2002.166,
  contrast: { atriumHu: 367.842, appendageHu: 368.388 },
  mesh: {
    vertices: 48983,
    faces: 97962,
    components: 1,
    watertight: true,
    outwardNormals: true,
    manifold: true,
    genus: 0,
    selfIntersections: 0,
    degenerateFaces: 0,
    minAngleDegrees: 12.166,
    wallBoundaryLoops: 1,
    droppedPieces: 0,
  },
  models: [{ id: 'laa-nudf-128', kind: 'field', sha256: 'b2'.repeat(32), trainedOn: 'synthetic' }],
  engine: { id: 'onnx', device: 'CPU, 2 threads', remarks: [] },
  evaluatedPoints: 365175,
  secondsPerStage: {},
  peakMemoryMib: 741,
  warnings: [],
};

/** A small picture, PNG. */
export const picturePng = (widthPx = 32, heightPx = 24): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    encode({
      width: widthPx,
      height: heightPx,
      channels: 3,
      data: Uint8Array.from({ length: 3 * widthPx * heightPx }, (_, index) => (7 * index) % 256),
    }),
  );

export const REPORT_INPUT: ReportInput = {
  measurements: {
    ostium: SEGMENTATION_REPORT.ostium,
    volumeMl: SEGMENTATION_REPORT.volumeMl,
    depthMm: SEGMENTATION_REPORT.depthMm,
    depthToFirstBendMm: SEGMENTATION_REPORT.depthToFirstBendMm,
    surfaceAreaMm2: SEGMENTATION_REPORT.surfaceAreaMm2,
  },
  mesh: SEGMENTATION_REPORT.mesh,
  warnings: [],
  warningsBeforeEditing: [],
  report: SEGMENTATION_REPORT,
  patient: {
    name: 'DOE^JANE',
    id: 'A-17',
    birthDate: '19500102',
    sex: 'F',
    studyDate: '20260131',
    studyDescription: 'Heart CT',
  },
  edits: ['Moved the ostium’s plane'],
  review: 'accepted',
  pictures: [{ caption: 'Axial', png: picturePng() }],
  maskExtent: null,
  madeAt: new Date('2026-02-03T04:05:06Z'),
};
