import { RESEARCH_USE_NOTICE, type SegmentationReport } from '#shared/contract/report.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';

const mesh: SegmentationReport['mesh'] = {
  vertices: 4,
  faces: 4,
  components: 1,
  watertight: true,
  outwardNormals: true,
  manifold: true,
  genus: 0,
  selfIntersections: 0,
  degenerateFaces: 0,
  minAngleDegrees: 45,
  wallBoundaryLoops: 1,
  droppedPieces: 0,
};

const numbers = {
  ostium: null,
  volumeMl: 8,
  depthMm: 30,
  depthToFirstBendMm: null,
  surfaceAreaMm2: 2000,
} as const;

/** A tetrahedron with made-up measures. */
export const exampleAppendage = (parts: Partial<MeasuredAppendage> = {}): MeasuredAppendage => ({
  closed: {
    positionsLpsMm: Float32Array.of(0, 0, 0, 10, 0, 0, 0, 10, 0, 0, 0, 10),
    triangles: Uint32Array.of(0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3),
  },
  wall: null,
  ostiumPlane: null,
  rimLpsMm: null,
  measurements: numbers,
  mesh,
  warnings: [],
  ...parts,
});

export const exampleReport = (parts: Partial<SegmentationReport> = {}): SegmentationReport => ({
  format: 'auricle-report',
  formatVersion: 1,
  notice: RESEARCH_USE_NOTICE,
  program: { name: 'Auricle', version: '0.0.0' },
  coordinates: 'LPS mm',
  source: {
    seriesInstanceUid: '1.2.3',
    frameOfReferenceUid: '1.2.4',
    seriesDescription: 'CTA heart',
    sizeIjk: [12, 12, 12],
    spacingMm: [1, 1, 1],
    slices: 12,
    skippedFiles: 0,
    otherSeries: [],
  },
  region: { centreLpsMm: [6, 6, 6], edgeMm: 70, confidence: 0.9 },
  ...numbers,
  contrast: { atriumHu: 300, appendageHu: 290 },
  mesh,
  models: [{ id: 'laa-nudf-128', kind: 'field', sha256: 'ab'.repeat(32), trainedOn: 'synthetic' }],
  engine: { id: 'onnx', device: 'CPU', remarks: [] },
  evaluatedPoints: 1000,
  secondsPerStage: { field: 2, surface: 0.5 },
  peakMemoryMib: 500,
  warnings: [],
  ...parts,
});
