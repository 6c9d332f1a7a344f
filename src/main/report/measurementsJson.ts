import { RESEARCH_USE_NOTICE } from '#shared/contract/report.ts';
import { cArmRows } from './cArmRows.ts';
import { allWarnings, type ReportInput } from './reportInput.ts';

/** The file that a JSON stands beside. */
export interface DescribedFile {
  readonly name: string;
  readonly sha256: string;
  /** Short: "open wall". */
  readonly product: string;
  /** What it is, in a sentence. */
  readonly description: string;
  readonly frame: 'LPS' | 'RAS';
  readonly unit: 'mm';
  /** What a reader must know of the format's own axes; left out where there is nothing. */
  readonly axes?: string;
  readonly vertices: number;
  readonly faces: number;
  /** Of the printable shell only. */
  readonly shell?: {
    readonly askedThicknessMm: number;
    readonly minThicknessMm: number;
    readonly meanThicknessMm: number;
    readonly latticeCellMm: number;
    readonly isOpenAtOstium: boolean;
    readonly watertight: boolean;
    readonly selfIntersections: number;
  };
}

/**
 * Measurements and provenance as JSON: alone, or beside a mesh, which it then describes. Points and directions are LPS,
 * mm, whatever the frame of the mesh. No patient data.
 */
export function measurementsJson(input: ReportInput, file?: DescribedFile): Uint8Array {
  const { report, measurements, mesh, edits, review, madeAt } = input;
  const content = {
    format: file ? 'auricle-mesh-description' : 'auricle-measurements',
    formatVersion: 1,
    notice: RESEARCH_USE_NOTICE,
    ...(file ? { file } : {}),
    program: report.program,
    madeAt: madeAt.toISOString(),
    source: {
      seriesInstanceUid: report.source.seriesInstanceUid,
      frameOfReferenceUid: report.source.frameOfReferenceUid,
    },
    coordinates: report.coordinates,
    models: report.models,
    engine: { id: report.engine.id, device: report.engine.device },
    region: report.region,
    edits,
    review,
    measurements,
    contrast: report.contrast,
    cArmViews: cArmRows(measurements).map(({ alphaDegrees, betaDegrees }) => ({
      alphaDegrees,
      betaDegrees: Math.round(betaDegrees * 10) / 10,
    })),
    surface: mesh,
    warnings: allWarnings(input),
  };
  return new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`);
}
